// @ts-check
// The rules of the layout that no compiler checks. Prints each breach; exits 1 if there is one.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { importBreaches } from "./facade-imports.mjs";

const ROOT = join(import.meta.dirname, "..");
/** Lines a file may have, its tests not counted. */
const MAX_LINES = { ".rs": 400, ".ts": 300, ".tsx": 300, ".mjs": 300 };
/** Names that say nothing of what is inside. */
const GRAB_BAGS = /^(utils?|helpers?|common|misc)\b/;
/** What would give the core a clock, a network, randomness or a browser. */
const NOT_IN_CORE =
  /^(web-sys|js-sys|wasm-bindgen|gloo\S*|tokio|reqwest|getrandom|rand)$/;

/** @type {string[]} */
const breaches = [];

/** @param {string} command @param {string[]} args */
const lines = (command, ...args) =>
  execFileSync(command, args, { cwd: ROOT, encoding: "utf8" })
    .split("\n")
    .filter((line) => line !== "");

const files = lines("git", "ls-files", "-co", "--exclude-standard").filter(
  (path) => existsSync(join(ROOT, path)),
);

for (const path of files) {
  if (GRAB_BAGS.test(basename(path))) {
    breaches.push(`${path}: a name that says what is inside`);
  }
  for (const [ending, most] of Object.entries(MAX_LINES)) {
    if (!path.endsWith(ending) || path.endsWith("/tests.rs")) continue;
    const text = readFileSync(join(ROOT, path), "utf8");
    const code = text.split(/^#\[cfg\(test\)\]\nmod /m)[0];
    const count = code.split("\n").length - 1;
    if (count > most) breaches.push(`${path}: ${count} lines, most ${most}`);
  }
}

const core = ["tree", "-p", "waymark-core", "-e", "normal", "--prefix", "none"];
for (const line of lines("cargo", ...core)) {
  const crate = line.split(" ")[0];
  if (NOT_IN_CORE.test(crate)) breaches.push(`waymark-core needs ${crate}`);
}

const chapters = files.filter((path) => /^docs\/.*\.md$/.test(path));
for (const document of ["README.md", "ARCHITECTURE.md", ...chapters]) {
  const path = join(ROOT, document);
  if (!existsSync(path)) continue;
  const text = readFileSync(path, "utf8");
  for (const [, named] of text.matchAll(
    /`((?:src|crates|pkg|www|tests|bench|scripts)\/[\w./-]*)`/g,
  )) {
    const built = /\/(dist|wasm)(\/|$)/.test(named);
    if (!built && !existsSync(join(ROOT, named))) {
      breaches.push(`${document} names ${named}, which is not there`);
    }
  }
}

breaches.push(...importBreaches(join(ROOT, "pkg", "src")));

for (const breach of breaches) console.error(breach);
process.exitCode = breaches.length > 0 ? 1 : 0;
