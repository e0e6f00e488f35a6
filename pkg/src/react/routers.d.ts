/** What is used of the routers, which are installed where they are: by the shop. */
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
