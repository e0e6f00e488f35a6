// @ts-check
// The types of every entry of the packed package, for each way in which TypeScript finds modules.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { installPacked } from "../support/packed-package.mjs";
import { ROOT } from "../support/program.mjs";

/** @type {string} */
let folder;
/** @type {string[]} */
let entries;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "waymark-types-"));
  await installPacked(join(folder, "node_modules"));
  const path = join(folder, "node_modules", "waymark", "package.json");
  const manifest = JSON.parse(await readFile(path, "utf8"));
  entries = Object.entries(manifest.exports)
    .filter(([, target]) => target.require)
    .map(([name]) => `waymark${name.slice(1)}`);
});
after(() => rm(folder, { recursive: true, force: true }));

const OPTIONS = {
  lib: ["es2022", "dom", "dom.iterable"],
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  target: "es2022",
  types: [],
};
/** @type {[name: string, extensions: string[], options: object][]} */
const WAYS = [
  ["node10", ["ts"], { module: "commonjs", moduleResolution: "node10" }],
  ["node16", ["cts", "mts"], { module: "node16" }],
  ["bundler", ["ts"], { module: "esnext", moduleResolution: "bundler" }],
];

for (const [way, extensions, options] of WAYS) {
  test(`every entry has types for ${way}`, async () => {
    const lines = entries.map((name, at) => {
      const used = `export const keys${at}: keyof typeof entry${at} = null!;`;
      return `import * as entry${at} from ${JSON.stringify(name)};\n${used}`;
    });
    lines.push(
      'import { AnalyticsBrowser, type Context } from "waymark";',
      'import { SegmentProvider } from "waymark/react";',
      'const client = AnalyticsBrowser.load({ writeKey: "k" });',
      "export const tracked: Promise<Context> = client.track('Bought');",
      "export const provider = SegmentProvider({ client });",
      "// @ts-expect-error There are types, and they refuse this.",
      "AnalyticsBrowser.load({ writeKey: 1 });",
    );
    const files = extensions.map((one) => `${way}.${one}`);
    for (const file of files) {
      await writeFile(join(folder, file), lines.join("\n"));
    }
    const config = join(folder, `${way}.json`);
    const compilerOptions = { ...OPTIONS, ...options };
    await writeFile(config, JSON.stringify({ compilerOptions, files }));
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const said = await new Promise((resolve) =>
      execFile(process.execPath, [tsc, "--project", config], (_, out) =>
        resolve(out),
      ),
    );
    assert.equal(said, "");
  });
}
