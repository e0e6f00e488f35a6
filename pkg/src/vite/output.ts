/** The part of Vite's output that is used; its own types would make Vite a dependency. */

/** A script that was built. */
export interface OutputChunk {
  type: "chunk";
  fileName: string;
  /** File names of chunks. */
  imports: string[];
  dynamicImports: string[];
  /** Paths of the modules in it. */
  moduleIds: string[];
}

/** Another file that was built. */
export interface OutputAsset {
  type: "asset";
  fileName: string;
}

/** All that was built, by file name. */
export type OutputBundle = Record<string, OutputChunk | OutputAsset>;

/** The client's chunk in the package, and the core's wasm as bundlers name it. */
const CLIENT = /\/dist\/start-[A-Z0-9]+\.js$/;
const WASM = /(^|\/)waymark_bg[^/]*\.wasm$/;

function chunkOf(bundle: OutputBundle, name: string): OutputChunk | undefined {
  const found = bundle[name];
  return found?.type === "chunk" ? found : undefined;
}

/** A chunk and what it imports statically, in that order. */
function withImports(bundle: OutputBundle, name: string): OutputChunk[] {
  const seen = new Map<string, OutputChunk>();
  const add = (one: string) => {
    const chunk = seen.has(one) ? undefined : chunkOf(bundle, one);
    if (!chunk) return;
    seen.set(one, chunk);
    chunk.imports.forEach(add);
  };
  add(name);
  return [...seen.values()];
}

/** The files that a page fetches as soon as it loads a client. */
export interface Needed {
  /** File names of scripts that the page does not import itself. */
  scripts: string[];
  /** The core's wasm file, if there is one. */
  wasm: string | undefined;
}

/** The files that the page of `entry` needs for its client; `undefined` without a client. */
export function neededBy(
  bundle: OutputBundle,
  entry: string,
): Needed | undefined {
  const page = withImports(bundle, entry);
  const client = page
    .flatMap(({ dynamicImports }) => dynamicImports)
    .find((name) =>
      chunkOf(bundle, name)?.moduleIds.some((id) => CLIENT.test(id)),
    );
  if (!client) return undefined;
  const own = new Set(page.map(({ fileName }) => fileName));
  const scripts = withImports(bundle, client)
    .map(({ fileName }) => fileName)
    .filter((name) => !own.has(name));
  const wasm = Object.keys(bundle).find((name) => WASM.test(name));
  return { scripts, wasm };
}
