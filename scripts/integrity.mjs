// @ts-check
// Writes the hash of the script-tag build, for the attribute `integrity` of a page's script tag. It
// runs when nothing changes the build any more.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SCRIPT = "waymark.iife.js";

/** @param {string} name */
const inDist = (name) =>
  fileURLToPath(new URL(`../pkg/dist/${name}`, import.meta.url));

const sha384 = createHash("sha384")
  .update(readFileSync(inDist(SCRIPT)))
  .digest("base64");
writeFileSync(
  inDist("integrity.json"),
  `${JSON.stringify({ [SCRIPT]: `sha384-${sha384}` }, null, 2)}\n`,
);
