// @ts-check
// Who may import whom in pkg/src: its folders are layers, and what is fetched on use is reached by
// `import()` only.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";

/**
 * The folders from the bottom up: a file imports from its own folder and from the layers below.
 * Files beside the folders are the package's entries, which import from everywhere.
 */
const LAYERS = [
  ["base"],
  ["page"],
  ["model"],
  ["call"],
  ["consent", "core", "journal"],
  ["automatic", "development", "plugins"],
  ["client"],
  ["compat", "front"],
  [
    "attribution",
    "commercetools",
    "destinations",
    "ecommerce",
    "experiments",
    "insight",
    "inspector",
    "plan",
    "react",
    "redaction",
    "server",
    "testing",
    "vite",
  ],
];
/** Folders that a page fetches when they are used: reached by `import()` or for their types. */
const ON_USE = ["automatic", "development", "plugins"];
/** The same for the page's first script. */
const AT_LOAD = ["client"];
const FIRST_SCRIPT = "front";
/** Products that build on another one. */
const ALLOWED = [
  "commercetools -> ecommerce",
  "commercetools -> server",
  "destinations -> attribution",
  "experiments -> attribution",
  "react -> insight",
];
/** Files that may lie beside the folders. */
const MOST_ENTRIES = 20;

/**
 * @typedef {"value" | "type" | "on use"} Kind
 * @typedef {{ from: string, to: string, kind: Kind }} Import
 */

const folderOf = (/** @type {string} */ file) =>
  file.includes("/") ? file.slice(0, file.indexOf("/")) : "";
const layerOf = (/** @type {string} */ folder) =>
  folder === ""
    ? LAYERS.length
    : LAYERS.findIndex((all) => all.includes(folder));

/** @param {ts.ImportDeclaration | ts.ExportDeclaration} node @returns {Kind} */
function kindOf(node) {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly ? "type" : "value";
  const { importClause } = node;
  if (importClause?.isTypeOnly) return "type";
  const named = importClause?.namedBindings;
  const onlyTypes =
    named &&
    !importClause.name &&
    ts.isNamedImports(named) &&
    named.elements.every(({ isTypeOnly }) => isTypeOnly);
  return onlyTypes ? "type" : "value";
}

/**
 * Calls `found` with each path that a file imports.
 *
 * @param {ts.Node} node
 * @param {(specifier: string, kind: Kind) => void} found
 */
function visit(node, found) {
  if (
    (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
    node.moduleSpecifier &&
    ts.isStringLiteral(node.moduleSpecifier)
  ) {
    found(node.moduleSpecifier.text, kindOf(node));
  } else if (
    ts.isCallExpression(node) &&
    node.expression.kind === ts.SyntaxKind.ImportKeyword &&
    node.arguments[0] &&
    ts.isStringLiteral(node.arguments[0])
  ) {
    found(node.arguments[0].text, "on use");
  } else if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  ) {
    found(node.argument.literal.text, "type");
  }
  ts.forEachChild(node, (child) => visit(child, found));
}

/** @param {string} source the folder pkg/src @returns {{ files: string[], imports: Import[] }} */
function readImports(source) {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"))
    .sort();
  const known = new Set(files);
  /** @type {Import[]} */
  const imports = [];
  for (const from of files) {
    const text = readFileSync(join(source, from), "utf8");
    const parsed = ts.createSourceFile(from, text, ts.ScriptTarget.Latest);
    visit(parsed, (specifier, kind) => {
      if (!specifier.startsWith(".")) return;
      const path = normalize(join(dirname(from), specifier));
      const to = ["", "/index"]
        .flatMap((end) => [`${path}${end}.ts`, `${path}${end}.tsx`])
        .find((file) => known.has(file));
      if (to) imports.push({ from, to, kind });
    });
  }
  return { files, imports };
}

/** @param {Import} arrow @returns {string | undefined} */
function breachOf({ from, to, kind }) {
  const [above, below] = [folderOf(from), folderOf(to)];
  if (above === below) return undefined;
  const isDown = layerOf(below) < layerOf(above);
  if (!isDown && !ALLOWED.includes(`${above} -> ${below}`)) {
    return `${from} imports ${to}, which is no layer below it`;
  }
  const late = above === FIRST_SCRIPT ? [...ON_USE, ...AT_LOAD] : ON_USE;
  if (kind === "value" && above !== "" && late.includes(below)) {
    return `${from} imports ${to} other than by import() or for its types`;
  }
  return undefined;
}

/**
 * Circles of imports, of types too: each as the files on the way round.
 *
 * @param {string[]} files
 * @param {Import[]} imports
 */
function circles(files, imports) {
  /** @type {Map<string, "open" | "done">} */
  const seen = new Map();
  /** @type {string[]} */
  const way = [];
  /** @type {string[][]} */
  const found = [];
  /** @param {string} file */
  const follow = (file) => {
    if (seen.get(file) === "open") {
      found.push([...way.slice(way.indexOf(file)), file]);
    }
    if (seen.has(file)) return;
    seen.set(file, "open");
    way.push(file);
    for (const { from, to } of imports) if (from === file) follow(to);
    way.pop();
    seen.set(file, "done");
  };
  files.forEach(follow);
  return found;
}

/**
 * What is against the rules, a line each.
 *
 * @param {string} source the folder pkg/src
 * @returns {string[]}
 */
export function importBreaches(source) {
  const { files, imports } = readImports(source);
  const entries = files.filter((file) => folderOf(file) === "");
  const strays = new Set(
    files.map(folderOf).filter((folder) => layerOf(folder) < 0),
  );
  return [
    ...[...strays].map((folder) => `pkg/src/${folder} is in no layer`),
    ...imports.flatMap((arrow) => breachOf(arrow) ?? []),
    ...circles(files, imports).map((way) => `a circle: ${way.join(" -> ")}`),
    ...(entries.length > MOST_ENTRIES
      ? [`pkg/src has ${entries.length} files beside its folders`]
      : []),
  ];
}
