/** Indents and colours JSON without parsing it: digits and escapes stay as they came. */
import { element } from "./dom.js";
import { COLOURED_JSON_CHARS_MAX } from "./limits.js";

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g;

/**
 * The text of one member of the outermost object. Parsing and printing it would round large
 * numbers, and the view should show what was stored.
 *
 * @param {string} json valid JSON
 * @param {string} member
 */
export function memberText(json, member) {
  let depth = 0;
  let previous = "";
  let start = -1;
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    const ends = depth === 1 && (token === "," || token === "}");
    if (start >= 0 && ends) return json.slice(start, index).trim();
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    const names = depth === 1 && previous === `"${member}"`;
    if (start < 0 && names && token === ":") start = index + 1;
    previous = token;
  }
  return json;
}

/**
 * Shows JSON in `target`, one member a line.
 *
 * @param {HTMLElement} target
 * @param {string} json valid JSON
 */
export function showJson(target, json) {
  const tokens = prettyTokens(json);
  if (json.length > COLOURED_JSON_CHARS_MAX) {
    target.textContent = tokens.map(({ text }) => text).join("");
    return;
  }
  target.replaceChildren(
    ...tokens.map(({ text, kind }) =>
      kind ? element("span", kind, text) : text,
    ),
  );
}

/** @typedef {{ text: string, kind: string }} Token `kind` is a class of live.css, or empty */

/**
 * @param {string} json
 * @returns {Token[]}
 */
function prettyTokens(json) {
  /** @type {Token[]} */
  const out = [];
  let depth = 0;
  let previous = "";
  for (const { 0: token } of json.matchAll(TOKEN)) {
    const closes = token === "}" || token === "]";
    const afterOpening = previous === "{" || previous === "[";
    if (closes) depth -= 1;
    if (previous === "," || closes !== afterOpening) {
      out.push({ text: `\n${"  ".repeat(depth)}`, kind: "" });
    }
    if (token === ":") markKey(out);
    out.push({ text: token === ":" ? ": " : token, kind: kindOf(token) });
    if (token === "{" || token === "[") depth += 1;
    previous = token;
  }
  return out;
}

/** @param {Token[]} tokens the last of which is a member's name */
function markKey(tokens) {
  const key = tokens.at(-1);
  if (key) key.kind = "json-key";
}

/** @param {string} token */
function kindOf(token) {
  if (token.startsWith('"')) return "json-string";
  if (/^[-\d]/.test(token)) return "json-number";
  return /^[tfn]/.test(token) ? "json-literal" : "";
}
