// @ts-check
// Every TypeScript block of README.md and docs/ compiles, with the package's own types.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { test } from "node:test";
import { ROOT } from "../support/program.mjs";
import { snippets, snippetsFor } from "../support/snippets.mjs";

/** Declarations that a chapter's blocks use from earlier ones. */
const AMBIENT = `import type { AnalyticsBrowser } from "waymark";
declare global { const analytics: AnalyticsBrowser; }
`;

const written = (await snippets()).filter(({ language }) =>
  /^tsx?$/.test(language),
);

test("the blocks that are only compiled are TypeScript", async () => {
  const own = await snippetsFor(import.meta.url);
  assert.ok(own.length > 0);
  for (const { language } of own) assert.match(language, /^tsx?$/);
});

test("all blocks compile", async () => {
  const results = join(ROOT, "test-results");
  await mkdir(results, { recursive: true });
  const folder = await mkdtemp(join(results, "docs-types-"));
  try {
    const client = written.find(({ name }) => name === "src/analytics.ts");
    assert.ok(client);
    for (const { document, name, line, language, code } of written) {
      const chapter = join(folder, basename(document, ".md"));
      await mkdir(join(chapter, "src"), { recursive: true });
      const own = basename(name ?? `line-${line}.${language}`);
      // `export {}` makes a module of a block without imports.
      const text = `${code}\nexport {};\n`;
      await writeFile(join(chapter, "src", own), text);
    }
    for (const chapter of ["README", "react-and-next", "ecommerce-and-plan"]) {
      const source = join(folder, chapter, "src");
      await writeFile(join(source, "analytics.ts"), client.code);
      await copyFile(
        join(ROOT, "www", "src", "tracking-plan.ts"),
        join(source, "tracking-plan.ts"),
      );
      await copyFile(
        join(ROOT, "www", "tracking-plan.json"),
        join(folder, chapter, "tracking-plan.json"),
      );
    }
    await writeFile(join(folder, "ambient.d.ts"), AMBIENT);
    assert.equal(await compiled(folder), "");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** The compiler's output for a folder. @param {string} folder @returns {Promise<string>} */
async function compiled(folder) {
  const base = join(ROOT, "tests", "react", "tsconfig.json");
  const { compilerOptions } = JSON.parse(await readFile(base, "utf8"));
  const config = join(folder, "tsconfig.json");
  await writeFile(
    config,
    JSON.stringify({
      extends: relative(folder, base),
      compilerOptions: {
        types: ["vite/client", "node"],
        resolveJsonModule: true,
        // Skips the types of Vite and Playwright, which are not ours.
        skipLibCheck: true,
        paths: Object.fromEntries(
          Object.entries(compilerOptions.paths).map(([name, [path]]) => [
            name,
            [join(ROOT, "tests", "react", path)],
          ]),
        ),
      },
      include: ["**/*.ts", "**/*.tsx"],
    }),
  );
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, "--project", config], (_, said) =>
      resolve(said),
    );
  });
}
