/** The parts of the routers used here. The routers are not dependencies: the shop installs one. */
declare module "next/navigation" {
  export function usePathname(): string | null;
  export function useSearchParams(): URLSearchParams | null;
}

declare module "next/router.js" {
  export function useRouter(): { asPath: string; isReady: boolean };
}

declare module "react-router" {
  export function useLocation(): { pathname: string; search: string };
}
