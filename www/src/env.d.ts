/** Optional settings of a build; see `analytics.ts` and `layout/Footer.tsx`. */
interface ImportMetaEnv {
  readonly VITE_WAYMARK_WRITE_KEY?: string;
  readonly VITE_WAYMARK_API_HOST?: string;
  readonly VITE_WAYMARK_PROTOCOL?: "http" | "https";
  readonly VITE_LIVE_VIEW_URL?: string;
}
