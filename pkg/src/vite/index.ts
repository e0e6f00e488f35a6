/** A Vite plugin: finds the client and its core in development, and preloads them in builds. */
import { neededBy, type OutputBundle } from "./output";

/** Options of {@link waymark}. */
export interface WaymarkPluginOptions {
  /**
   * Whether built pages name the client and its core in their head, so that they are fetched
   * beside the page's own scripts instead of after them. Default `true`; `false` suits a page that
   * fetches nothing before the visitor has consented, and one whose server is Waymark's gateway: its
   * first events need the page's script alone, which then has the line for itself.
   */
  preload?: boolean | undefined;
}

/** A tag that Vite puts into a page. */
export interface HtmlTag {
  tag: string;
  attrs: Record<string, string | boolean>;
  injectTo: "head";
}

/** Vite's information about the page. */
export interface HtmlContext {
  bundle?: object | undefined;
  chunk?: { fileName: string } | undefined;
}

/** The plugin, as Vite 5 and later take it. */
export interface WaymarkPlugin {
  name: string;
  config: () => { optimizeDeps: { exclude: string[] } };
  configResolved: (config: { base: string }) => void;
  transformIndexHtml: {
    order: "post";
    handler: (html: string, context: HtmlContext) => HtmlTag[];
  };
}

/** Makes the plugin, for `plugins` in Vite's configuration. */
export function waymark(options: WaymarkPluginOptions = {}): WaymarkPlugin {
  const { preload = true } = options;
  let base = "/";
  return {
    name: "waymark",
    // A prebundled copy would not find the wasm, which lies beside the script.
    config: () => ({ optimizeDeps: { exclude: ["waymark"] } }),
    configResolved: (config) => {
      base = config.base;
    },
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle, chunk }) => {
        if (!preload || !bundle || !chunk) return [];
        return preloads(base, bundle as OutputBundle, chunk.fileName);
      },
    },
  };
}

function preloads(
  base: string,
  bundle: OutputBundle,
  entry: string,
): HtmlTag[] {
  const needed = neededBy(bundle, entry);
  if (!needed) return [];
  const link = (attrs: HtmlTag["attrs"]): HtmlTag => ({
    tag: "link",
    attrs: { ...attrs, crossorigin: true },
    injectTo: "head",
  });
  const tags = needed.scripts.map((name) =>
    link({ rel: "modulepreload", href: base + name }),
  );
  if (!needed.wasm) return tags;
  const href = base + needed.wasm;
  const type = "application/wasm";
  return [...tags, link({ rel: "preload", as: "fetch", type, href })];
}
