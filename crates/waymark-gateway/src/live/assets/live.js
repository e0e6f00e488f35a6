/**
 * The live view: events as the gateway stores and rejects them.
 *
 * Messages of the stream (stream.js) wait here for an animation frame, become entries
 * (entry.js), and are shown newest first (list.js); a click opens one (details.js).
 * Everything an event carries is untrusted and reaches the page as text only (dom.js).
 */
import {
  closeDetails,
  markSelected,
  onPhone,
  refreshFacts,
  selectedEntry,
  showDetails,
} from "./live/details.js";
import { byId, formatCount, inputById } from "./live/dom.js";
import { rejectedEntry, storedEntry } from "./live/entry.js";
import { readDestinations, readFates } from "./live/fates.js";
import {
  FLOOD_EVENTS,
  FLOOD_REST_MS,
  REJECTED_ROWS_MAX,
  STORED_ROWS_MAX,
} from "./live/limits.js";
import { addEntries, clearEntries, entryAt, setFilter } from "./live/list.js";
import { openStream } from "./live/stream.js";

/** @typedef {import("./live/entry.js").Entry} Entry */

// Arrivals, once per frame

/** @type {{ stored: string[], rejected: string[] }} */
let pending = { stored: [], rejected: [] };
let waiting = 0;
let paused = false;
let scheduled = false;

/**
 * @param {string[]} queue
 * @param {string} text
 * @param {number} limit
 */
function arrive(queue, text, limit) {
  queue.push(text);
  waiting += 1;
  // More are waiting than can be shown (a hidden tab, a flood): keep only the newest.
  if (queue.length > 2 * limit) queue.splice(0, queue.length - limit);
  schedule();
}

function schedule() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(showPending);
}

function showPending() {
  scheduled = false;
  if (paused) return showPause();
  const { stored, rejected } = pending;
  pending = { stored: [], rejected: [] };
  waiting = 0;
  const added = addEntries([
    ...stored.slice(-STORED_ROWS_MAX).flatMap(readable(storedEntry)),
    ...rejected.slice(-REJECTED_ROWS_MAX).flatMap(readable(rejectedEntry)),
  ]);
  if (added <= FLOOD_EVENTS) return;
  scheduled = true;
  setTimeout(() => requestAnimationFrame(showPending), FLOOD_REST_MS);
}

/** @param {(text: string) => Entry} parse */
function readable(parse) {
  return (/** @type {string} */ text) => {
    try {
      return [parse(text)];
    } catch (error) {
      console.warn("The live view could not read an event", error);
      return [];
    }
  };
}

function showPause() {
  const button = byId("pause");
  button.setAttribute("aria-pressed", String(paused));
  const news = waiting ? ` (${formatCount(waiting)} new)` : "";
  button.textContent = paused ? `Resume${news}` : "Pause";
}

byId("pause").addEventListener("click", () => {
  paused = !paused;
  schedule();
  showPause();
});

byId("clear").addEventListener("click", () => {
  closeDetails();
  pending = { stored: [], rejected: [] };
  waiting = 0;
  clearEntries();
  showPause();
});

// Filters

const form = /** @type {HTMLFormElement} */ (byId("filters"));

function readFilters() {
  // On a phone the details lie over the list that is being narrowed.
  if (onPhone.matches) closeDetails(document.activeElement);
  setFilter({
    type: String(new FormData(form).get("type") ?? ""),
    name: inputById("filter-name").value.trim().toLowerCase(),
    user: inputById("filter-user").value.trim().toLowerCase(),
  });
  markSelected();
}

form.addEventListener("input", readFilters);
form.addEventListener("submit", (event) => event.preventDefault());

byId("reset-filters").addEventListener("click", () => {
  form.reset();
  readFilters();
});

byId("details-user").addEventListener("click", () => {
  const entry = selectedEntry();
  inputById("filter-user").value = entry?.userId ?? entry?.anonymousId ?? "";
  readFilters();
});

// Rows, by mouse and by keyboard

const rows = byId("rows");

/** @param {Element | null | undefined} button */
function moveTo(button) {
  if (!(button instanceof HTMLButtonElement)) return;
  rows.querySelector('button[tabindex="0"]')?.setAttribute("tabindex", "-1");
  button.tabIndex = 0;
  button.focus();
}

/** @param {Event} event */
const rowOf = (event) =>
  event.target instanceof Element ? event.target.closest("li") : null;

rows.addEventListener("click", (event) => {
  const button = rowOf(event)?.querySelector("button") ?? null;
  const entry = entryAt(button);
  if (!entry) return;
  moveTo(button);
  showDetails(entry);
  if (onPhone.matches) byId("details-title").focus();
});

rows.addEventListener("keydown", (event) => {
  const row = rowOf(event);
  const moves = new Map([
    ["ArrowDown", row?.nextElementSibling],
    ["ArrowUp", row?.previousElementSibling],
    ["Home", rows.firstElementChild],
    ["End", rows.lastElementChild],
  ]);
  if (!moves.has(event.key)) return;
  event.preventDefault();
  const button = moves.get(event.key)?.querySelector("button");
  moveTo(button);
  const entry = entryAt(button ?? null);
  if (entry && selectedEntry()) showDetails(entry);
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeDetails();
});

openStream({
  stored: (text) => arrive(pending.stored, text, STORED_ROWS_MAX),
  rejected: (text) => arrive(pending.rejected, text, REJECTED_ROWS_MAX),
  destinations: (text) => readDestinations(text),
  fates: (text) => {
    readFates(text);
    refreshFacts();
  },
});
