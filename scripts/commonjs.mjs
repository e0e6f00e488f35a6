// @ts-check
// Writes each module of pkg/dist a second time for `require`, as `.cjs` beside it: the same code in
// the same files, so that entries share the client and React's context as modules do.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { transform } from "esbuild";

const DIST = join(import.meta.dirname, "..", "pkg", "dist");
/** What is not required: the script-tag build, and the core as JavaScript, which shares nothing. */
const MODULES_ONLY = /^(waymark\.(iife|automatic)|core-script)\.js$/;
/** The choice of an address known only as it runs, which only modules have. */
const OTHER_ADDRESS = /[\w$]+\?import\([\w$]+\):/;
const CORE_SCRIPT =
  /Promise\.resolve\(\)\.then\(\(\)=>\w+\(require\("\.\/core-script\.js"\)\)\)/g;

/** @param {string} code a module @param {string} name of its file */
async function commonJs(code, name) {
  const { code: required } = await transform(
    code
      .replace(OTHER_ADDRESS, "")
      .replaceAll("import.meta.url", '("file://"+__filename)')
      .replaceAll('await import("vitest")', 'require("vitest")'),
    {
      charset: "utf8",
      format: "cjs",
      legalComments: "none",
      minify: true,
      sourcefile: name,
      // Jest has no dynamic imports, unless it is told to.
      supported: { "dynamic-import": false },
      target: "es2022",
    },
  );
  return required
    .replace(CORE_SCRIPT, 'import("./core-script.js")')
    .replace(/\brequire\("(\.[^"]+)\.js"\)/g, 'require("$1.cjs")')
    .replace(/\/\/# sourceMappingURL=.*\n?$/, "");
}

for (const name of await readdir(DIST, { recursive: true })) {
  if (!name.endsWith(".js") || MODULES_ONLY.test(basename(name))) continue;
  const path = join(DIST, name);
  const code = await commonJs(await readFile(path, "utf8"), name);
  await writeFile(path.replace(/\.js$/, ".cjs"), code);
}
