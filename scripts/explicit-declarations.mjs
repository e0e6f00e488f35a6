// @ts-check
// Gives every relative import in the package's declarations its ending, as TypeScript asks for
// where a shop resolves modules as Node.js does (`moduleResolution: "nodenext"`).
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const DIST = join(import.meta.dirname, "..", "pkg", "dist");
/** The module of an import, an export or an import type; sources name none with its ending. */
const RELATIVE = /((?:from|import)\s*\(?\s*)"(\.{1,2}\/[^"]+?)"/g;

for (const name of await readdir(DIST, { recursive: true })) {
  if (!name.endsWith(".d.ts")) continue;
  const path = join(DIST, name);
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(RELATIVE, '$1"$2.js"'));
}
