// @ts-check
// Adds the file extension to every relative import in the package's declarations, which TypeScript
// requires of shops that resolve modules as Node.js does (`moduleResolution: "nodenext"`).
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const DIST = join(import.meta.dirname, "..", "pkg", "dist");
/** The module of an import, an export or an import type; the sources write none with extension. */
const RELATIVE = /((?:from|import)\s*\(?\s*)"(\.{1,2}\/[^"]+?)"/g;

for (const name of await readdir(DIST, { recursive: true })) {
  if (!name.endsWith(".d.ts")) continue;
  const path = join(DIST, name);
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(RELATIVE, '$1"$2.js"'));
}
