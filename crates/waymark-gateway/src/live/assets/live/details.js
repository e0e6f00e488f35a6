/** The panel with all details of one event: beside the list, or over it on a phone. */
import { byId, element, formatTime, inputById } from "./dom.js";
import { fatesOf } from "./fates.js";
import { memberText, showJson } from "./json.js";

/** @typedef {import("./entry.js").Entry} Entry */

/** Whether the panel lies over the list instead of beside it, as in live.css. */
export const onPhone = matchMedia("(max-width: 859px)");

const panel = byId("details");
/** @type {Entry | null} */
let selected = null;

/** The entry that is shown, if any. */
export const selectedEntry = () => selected;

/** @param {Entry | null} entry */
const buttonOf = (entry) => entry?.row?.querySelector("button");

/** @param {Entry} entry */
export function showDetails(entry) {
  buttonOf(selected)?.removeAttribute("aria-current");
  selected = entry;
  markSelected();
  byId("details-title").replaceChildren(element("bdi", "", entry.name));
  byId("details-reason").textContent = entry.reason;
  byId("details-reason").hidden = !entry.rejected;
  byId("details-facts").replaceChildren(...facts(entry));
  showText(entry);
  byId("details-user").hidden = !(entry.userId ?? entry.anonymousId);
  byId("details-copy").textContent = "Copy";
  panel.hidden = false;
  byId("stage").dataset.open = "true";
  panel.scrollTop = 0;
}

/** Shows the facts of the shown entry anew: its fates may have come. */
export function refreshFacts() {
  if (selected) byId("details-facts").replaceChildren(...facts(selected));
}

/** Marks the shown entry's row, which may be a new one since the list was filtered. */
export function markSelected() {
  buttonOf(selected)?.setAttribute("aria-current", "true");
}

/**
 * Closes the panel.
 *
 * @param {Element | null} [focus] the element to focus; the entry's row by default
 */
export function closeDetails(focus = null) {
  if (!selected) return;
  const row = buttonOf(selected);
  row?.removeAttribute("aria-current");
  selected = null;
  panel.hidden = true;
  delete byId("stage").dataset.open;
  const next = focus ?? row ?? inputById("filter-name");
  if (next instanceof HTMLElement) next.focus();
}

/** @param {Entry} entry */
function showText(entry) {
  const place = byId("details-json");
  byId("details-json-title").textContent = entry.rejected
    ? "What was sent (first 2 KB)"
    : "JSON";
  // A rejected text may be anything.
  if (entry.rejected) place.textContent = entry.text;
  else showJson(place, memberText(entry.text, "event"));
}

/** @param {Entry} entry */
function facts(entry) {
  const { type, duplicate, supersedes, time, source, seq } = entry;
  const known = !Number.isNaN(time.getTime());
  /** @type {[string, string | null][]} */
  const all = [
    ["Type", duplicate ? `${type}, duplicate of one already stored` : type],
    ["Supersedes", supersedes ? "a browser's version of this event" : null],
    ["Against the plan", entry.planProblems],
    ["Received", known ? `${formatTime(time)} (${time.toISOString()})` : ""],
    ["Source", source],
    ["User id", entry.userId],
    ["Anonymous id", entry.anonymousId],
    ["Message id", entry.messageId],
    ...(seq ? fatesOf(source, seq) : []).map(
      ([destination, fate]) =>
        /** @type {[string, string]} */ ([`To ${destination}`, fate]),
    ),
  ];
  return all.flatMap(([label, value]) => (value ? [fact(label, value)] : []));
}

/**
 * @param {string} label
 * @param {string} value
 */
function fact(label, value) {
  const pair = element("div");
  const description = element("dd");
  description.append(element("bdi", "", value));
  pair.append(element("dt", "", label), description);
  return pair;
}

byId("details-close").addEventListener("click", () => closeDetails());

byId("details-copy").addEventListener("click", async () => {
  const text = byId("details-json").textContent ?? "";
  const button = byId("details-copy");
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // Refused, or not a secure page: select the text, so that a key press copies it.
    getSelection()?.selectAllChildren(byId("details-json"));
    button.textContent = "Selected";
  }
});
