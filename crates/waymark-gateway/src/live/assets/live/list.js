/** The bounded list of entries, its filters and its rows, newest first. */
import { byId, element, formatCount, formatTime } from "./dom.js";
import { REJECTED_ROWS_MAX, STORED_ROWS_MAX } from "./limits.js";

/** @typedef {import("./entry.js").Entry} Entry */

/** All entries, oldest first. @type {Entry[]} */
let entries = [];
/** Keys of the entries, cleared ones too: a new connection repeats the newest. */
let known = new Set();
const filter = { type: "", name: "", user: "" };

/** @type {WeakMap<Element, Entry>} */
const entryOfRow = new WeakMap();
const rows = byId("rows");

/**
 * The entry whose row `element` is, if it is one.
 *
 * @param {Element | null} element
 */
export const entryAt = (element) => element && entryOfRow.get(element);

/**
 * Adds the entries that are new, and shows those that match.
 *
 * @param {Entry[]} fresh in the order it arrived
 * @returns {number} how many were new
 */
export function addEntries(fresh) {
  const added = fresh.filter(({ key }) => !known.has(key) && known.add(key));
  // Stored and rejected events are queued apart; their times restore the order.
  added.sort((a, b) => a.time.getTime() - b.time.getTime());
  entries.push(...added);
  prepend(added);
  trim();
  showState();
  return added.length;
}

/** Empties the list. Its entries are not shown again. */
export function clearEntries() {
  known = new Set(entries.map(({ key }) => key));
  entries = [];
  showAll();
}

/** @param {typeof filter} wanted an empty field matches all; name and user match parts */
export function setFilter(wanted) {
  Object.assign(filter, wanted);
  showAll();
}

/** @param {Entry} entry */
function matches(entry) {
  const { type, name, user } = filter;
  if (type && entry.type !== type) return false;
  const found = (/** @type {string} */ part, /** @type {string} */ needle) =>
    part.toLowerCase().includes(needle) || entry.haystack.includes(needle);
  if (name && !found(entry.name, name)) return false;
  const people = `${entry.userId ?? ""}\n${entry.anonymousId ?? ""}`;
  return !user || found(people, user);
}

/** Drops the oldest entries, each kind by its own limit. */
function trim() {
  const counts = { stored: 0, rejected: 0 };
  for (const { rejected } of entries) {
    counts[rejected ? "rejected" : "stored"] += 1;
  }
  const surplus = {
    stored: counts.stored - STORED_ROWS_MAX,
    rejected: counts.rejected - REJECTED_ROWS_MAX,
  };
  if (surplus.stored <= 0 && surplus.rejected <= 0) return;
  entries = entries.filter((entry) => {
    const kind = entry.rejected ? "rejected" : "stored";
    if (surplus[kind] <= 0) return true;
    surplus[kind] -= 1;
    known.delete(entry.key);
    entry.row?.remove();
    entry.row = null;
    return false;
  });
}

/** @param {Entry[]} fresh oldest first */
function prepend(fresh) {
  const fragment = document.createDocumentFragment();
  for (const entry of fresh.toReversed()) {
    if (matches(entry)) fragment.append(makeRow(entry));
  }
  rows.prepend(fragment);
}

/** @param {Entry} entry */
function makeRow(entry) {
  const button = element("button", "row");
  button.type = "button";
  button.tabIndex = -1;
  button.dataset.type = entry.type;
  const badge = element("span", "badge", entry.type);
  badge.dataset.type = entry.type;
  const title = element("span", "row-title");
  title.append(element("bdi", "row-name", entry.name));
  if (entry.duplicate) title.append(element("span", "tag", "duplicate"));
  if (entry.supersedes) title.append(element("span", "tag", "from server"));
  if (entry.planProblems)
    title.append(element("span", "tag", "not as planned"));
  button.append(
    element("time", "row-time", formatTime(entry.time)),
    badge,
    title,
    element("bdi", "row-preview", entry.preview),
    element("bdi", "row-user", entry.userId ?? entry.anonymousId ?? ""),
    element("span", "row-source", entry.source),
  );
  const row = element("li");
  row.append(button);
  entry.row = row;
  entryOfRow.set(button, entry);
  return row;
}

function showAll() {
  for (const entry of entries) entry.row = null;
  rows.replaceChildren();
  prepend(entries);
  showState();
}

function showState() {
  const total = entries.length;
  const shown = rows.childElementCount;
  byId("empty").hidden = total > 0;
  byId("no-match").hidden = total === 0 || shown > 0;
  rows.hidden = shown === 0;
  byId("summary").textContent = summary(total, shown);
  // One row can be reached with Tab; the arrow keys go on from there.
  if (!rows.querySelector('button[tabindex="0"]')) {
    rows.querySelector("button")?.setAttribute("tabindex", "0");
  }
}

/**
 * @param {number} total
 * @param {number} shown
 */
function summary(total, shown) {
  if (total === 0) return "No events yet";
  if (shown < total) {
    return `${formatCount(shown)} of the newest ${formatCount(total)} events match`;
  }
  return `Newest ${formatCount(total)} ${total === 1 ? "event" : "events"}`;
}
