// @ts-check
// The links of all documents: each leads to a file and, where it names one, to a heading of it.
// A chapter links to chapters only, as the book has nothing else. Every section of the contract
// that code cites is there. Prints each breach; exits 1 if there is one.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const CONTRACT = "docs/segment-contract.md";

/** @type {string[]} */
const breaches = [];

const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(ROOT, path)));
const read = (/** @type {string} */ path) =>
  readFileSync(join(ROOT, path), "utf8");

/** A document without its code, which may look like a link. @param {string} path */
const prose = (path) =>
  read(path)
    .replace(/^```.*?^```$/gms, "")
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()<>]/g, " "));

/** The anchors of a document's headings, as GitHub and mdBook make them. @param {string} path */
function anchors(path) {
  const headings = read(path)
    .replace(/^```.*?^```$/gms, "")
    .matchAll(/^#{1,6} (.+)$/gm);
  /** @type {Map<string, number>} */
  const seen = new Map();
  const all = new Set();
  for (const [, text = ""] of headings) {
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    all.add(times === 0 ? slug : `${slug}-${times}`);
  }
  return all;
}

const documents = files.filter((path) => path.endsWith(".md"));
for (const document of documents) {
  const inBook = document.startsWith("docs/");
  for (const [, target = ""] of prose(document).matchAll(
    /\]\(<?([^\s)>]+)>?(?: "[^"]*")?\)/g,
  )) {
    if (/^[a-z]+:/.test(target)) continue;
    const breach = (/** @type {string} */ why) =>
      breaches.push(`${document} links to ${target}, ${why}`);
    const [path = "", anchor] = target.split("#");
    const file =
      path === "" ? document : normalize(join(dirname(document), path));
    if (!existsSync(join(ROOT, file))) breach("which is not there");
    else if (inBook && !file.startsWith("docs/"))
      breach("which is not in the book");
    else if (anchor !== undefined && !anchors(file).has(anchor)) {
      breach("a heading that is not there");
    }
  }
}

const summary = read("docs/SUMMARY.md");
for (const chapter of documents.filter((path) => path.startsWith("docs/"))) {
  const name = chapter.slice("docs/".length);
  if (name !== "SUMMARY.md" && !summary.includes(`(${name})`)) {
    breaches.push(`docs/SUMMARY.md leaves ${name} out`);
  }
}

const sections = new Set(
  [...read(CONTRACT).matchAll(/^#+ §(\S+)/gm)].map(([, section]) => section),
);
for (const path of files.filter((one) => /\.(rs|tsx?|mjs)$/.test(one))) {
  for (const [citation] of read(path).matchAll(
    /\bcontract(?:\.md`?)?(?:,? §[\w.]*\w)+/g,
  )) {
    for (const [, section = ""] of citation.matchAll(/§([\w.]*\w)/g)) {
      if (!sections.has(section)) {
        breaches.push(`${path} cites §${section}, which ${CONTRACT} has not`);
      }
    }
  }
}

for (const breach of breaches) console.error(breach);
process.exitCode = breaches.length > 0 ? 1 : 0;
