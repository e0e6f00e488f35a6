/**
 * The live view: what the gateway stores and turns away, as it happens.
 *
 * Events arrive over server-sent events, wait in `pending` until the next animation
 * frame, and are shown newest first. Everything that comes from an event is untrusted:
 * it reaches the page through `textContent` alone.
 */

/** Stored events kept and shown; older ones leave the list (they stay in the store). */
const STORED_ROWS_MAX = 1000;
/** Rejected ones kept beside them, so that a flood of good events never hides a bad one. */
const REJECTED_ROWS_MAX = 300;
/** Characters of an event's properties shown in its row. */
const PREVIEW_CHARS_MAX = 160;
/** JSON longer than this is shown without colours: one element per token would be slow. */
const COLOURED_JSON_CHARS_MAX = 60_000;
/** First and longest wait before a refused stream is opened again, in milliseconds. */
const RETRY_MS = { first: 1_000, max: 15_000 };
/** A frame that brings more events than this is a flood… */
const FLOOD_EVENTS = 50;
/** …and is followed by a rest, in milliseconds, so that the page stays answerable. */
const FLOOD_REST_MS = 250;
/** How often the per-second figure is worked out again, in milliseconds. */
const RATE_MS = 1_000;

/**
 * @typedef {{ key: string, order: number, rejected: boolean, source: string, time: Date,
 *   type: string, name: string, userId: string | null, anonymousId: string | null,
 *   messageId: string | null, duplicate: boolean, preview: string, reason: string,
 *   text: string, haystack: string, row: HTMLLIElement | null }} Entry
 */

const byId = (/** @type {string} */ id) =>
  /** @type {HTMLElement} */ (document.getElementById(id));
const input = (/** @type {string} */ id) =>
  /** @type {HTMLInputElement} */ (byId(id));
const element = (/** @type {string} */ tag, className = "", text = "") => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
};

/* ---------- JSON text, kept as it came ---------- */

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g;

/**
 * The text of one member of the outermost object, digits and escapes untouched, so that
 * what is shown is what was stored (parsing and printing again would round big numbers).
 */
function memberText(json, member) {
  let depth = 0;
  let previous = "";
  let start = -1;
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    if (start >= 0 && depth === 1 && (token === "," || token === "}"))
      return json.slice(start, index).trim();
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    if (start < 0 && depth === 1 && token === ":" && previous === `"${member}"`)
      start = index + 1;
    previous = token;
  }
  return json;
}

/** Indents JSON text token by token; returns `[text, class]` pairs. */
function prettyTokens(json) {
  const out = [];
  let depth = 0;
  let previous = "";
  const breakLine = () => out.push([`\n${"  ".repeat(depth)}`, ""]);
  for (const { 0: token } of json.matchAll(TOKEN)) {
    const closes = token === "}" || token === "]";
    if (closes) depth -= 1;
    const empty = closes && (previous === "{" || previous === "[");
    if (
      (closes && !empty) ||
      previous === "," ||
      (!closes && (previous === "{" || previous === "["))
    )
      breakLine();
    out.push([token === ":" ? ": " : token, tokenClass(token)]);
    if (token === ":") markKey(out);
    if (token === "{" || token === "[") depth += 1;
    previous = token;
  }
  return out;
}

function tokenClass(token) {
  if (token.startsWith('"')) return "json-string";
  if (/^[-\d]/.test(token)) return "json-number";
  return /^[tfn]/.test(token) ? "json-literal" : "";
}

function markKey(tokens) {
  const key = tokens[tokens.length - 2];
  if (key) key[1] = "json-key";
}

function showJson(target, json) {
  const tokens = prettyTokens(json);
  if (json.length > COLOURED_JSON_CHARS_MAX || tokens.length === 0) {
    target.textContent = tokens.length
      ? tokens.map(([text]) => text).join("")
      : json;
    return;
  }
  target.replaceChildren(
    ...tokens.map(([text, kind]) =>
      kind ? element("span", kind, text) : text,
    ),
  );
}

/* ---------- entries ---------- */

let order = 0;

/** @returns {Entry} */
function storedEntry(text) {
  const data = JSON.parse(text);
  const event = data.event ?? {};
  const details = event.properties ?? event.traits ?? {};
  const preview = JSON.stringify(details) ?? "";
  const pageName = [event.category, data.name]
    .filter((part) => typeof part === "string" && part)
    .join(" · ");
  return {
    ...commonEntry("stored", data),
    rejected: false,
    type: String(data.type),
    name:
      (data.type === "page" ? pageName : data.name) ||
      fallbackName(data, details),
    userId: data.userId ?? null,
    anonymousId: data.anonymousId ?? null,
    messageId: data.messageId ?? null,
    duplicate: data.duplicate === true,
    preview: preview === "{}" ? "" : preview.slice(0, PREVIEW_CHARS_MAX),
    reason: "",
    text,
    haystack: "",
  };
}

function fallbackName(data, details) {
  if (data.type === "identify")
    return String(details.email ?? data.userId ?? "anonymous visitor");
  if (data.type === "page")
    return String(details.path ?? details.url ?? "unnamed page");
  if (data.type === "group")
    return String(data.event?.groupId ?? "unnamed group");
  return data.type === "alias"
    ? `from ${String(data.event?.previousId ?? "unknown")}`
    : "(no name)";
}

/** @returns {Entry} */
function rejectedEntry(text) {
  const data = JSON.parse(text);
  const raw = String(data.raw ?? "");
  return {
    ...commonEntry("rejected", data),
    rejected: true,
    type: "rejected",
    name: String(data.code ?? "rejected"),
    userId: null,
    anonymousId: null,
    messageId: null,
    duplicate: false,
    preview: String(data.message ?? ""),
    reason: String(data.message ?? ""),
    text: raw,
    haystack: raw.toLowerCase(),
  };
}

function commonEntry(kind, data) {
  order += 1;
  return {
    key: `${kind} ${data.seq} ${data.receivedAt}`,
    order,
    source: String(data.source ?? ""),
    time: new Date(data.receivedAt),
    row: null,
  };
}

/* ---------- the bounded list ---------- */

/** @type {Entry[]} */
let stored = [];
/** @type {Entry[]} */
let rejected = [];
let known = new Set();
const filter = { type: "", name: "", user: "" };
/** @type {Entry | null} */
let selected = null;

function matches(entry) {
  if (filter.type && entry.type !== filter.type) return false;
  const has = (text, needle) =>
    text !== null && text.toLowerCase().includes(needle);
  if (
    filter.name &&
    !has(entry.name, filter.name) &&
    !has(entry.reason, filter.name) &&
    !entry.haystack.includes(filter.name)
  )
    return false;
  return (
    !filter.user ||
    has(entry.userId, filter.user) ||
    has(entry.anonymousId, filter.user) ||
    entry.haystack.includes(filter.user)
  );
}

/** Keeps the newest `limit` entries and takes the rows of the others out of the page. */
function trim(entries, limit) {
  for (const gone of entries.splice(0, Math.max(0, entries.length - limit))) {
    known.delete(gone.key);
    gone.row?.remove();
    gone.row = null;
  }
}

const rows = byId("rows");
const timeFormat = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});
const clock = (/** @type {Date} */ time) =>
  Number.isNaN(time.getTime()) ? "" : timeFormat.format(time);
const entryOfRow = new WeakMap();

function makeRow(entry) {
  const button = /** @type {HTMLButtonElement} */ (element("button", "row"));
  button.type = "button";
  button.tabIndex = -1;
  button.dataset.type = entry.type;
  const badge = element("span", "badge", entry.type);
  badge.dataset.type = entry.type;
  const name = element("bdi", "row-name", entry.name);
  const title = element("span", "row-title");
  title.append(name);
  if (entry.duplicate) title.append(element("span", "tag", "duplicate"));
  button.append(
    element("time", "row-time", clock(entry.time)),
    badge,
    title,
    element("bdi", "row-preview", entry.preview),
    element("bdi", "row-user", entry.userId ?? entry.anonymousId ?? ""),
    element("span", "row-source", entry.source),
  );
  const item = /** @type {HTMLLIElement} */ (document.createElement("li"));
  item.append(button);
  entry.row = item;
  entryOfRow.set(button, entry);
  if (entry === selected) button.setAttribute("aria-current", "true");
  return item;
}

/** Shows `entries` (oldest first) above what is there. */
function prepend(entries) {
  const fragment = document.createDocumentFragment();
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    if (matches(entries[at])) fragment.append(makeRow(entries[at]));
  }
  rows.prepend(fragment);
}

function showAll() {
  for (const entry of [...stored, ...rejected]) entry.row = null;
  rows.replaceChildren();
  prepend([...stored, ...rejected].sort((a, b) => a.order - b.order));
  showState();
}

function showState() {
  const total = stored.length + rejected.length;
  const shown = rows.childElementCount;
  byId("empty").hidden = total > 0;
  byId("no-match").hidden = total === 0 || shown > 0;
  rows.hidden = shown === 0;
  byId("summary").textContent =
    total === 0
      ? "No events yet"
      : shown === total
        ? `Newest ${count(total)} ${total === 1 ? "event" : "events"}`
        : `${count(shown)} of the newest ${count(total)} events match`;
  const reachable = rows.querySelector('button[tabindex="0"]');
  if (!reachable) rows.querySelector("button")?.setAttribute("tabindex", "0");
}

const count = (/** @type {number} */ value) => value.toLocaleString();

/* ---------- arrivals, once per frame ---------- */

/** @type {{ stored: string[], rejected: string[] }} */
let pending = { stored: [], rejected: [] };
let paused = false;
let waiting = 0;
let frame = 0;
let resting = false;

function arrive(kind, text, limit) {
  const queue = pending[kind];
  queue.push(text);
  waiting += 1;
  // More than can be shown is waiting (a hidden tab, a flood): only the newest will be.
  if (queue.length > 2 * limit) queue.splice(0, queue.length - limit);
  if (!frame && !resting) frame = requestAnimationFrame(showPending);
}

function rest() {
  resting = true;
  setTimeout(() => {
    resting = false;
    if (!frame) frame = requestAnimationFrame(showPending);
  }, FLOOD_REST_MS);
}

function showPending() {
  frame = 0;
  if (paused) return showPause();
  const fresh = [
    ...entriesFrom(pending.stored.slice(-STORED_ROWS_MAX), storedEntry, stored),
    ...entriesFrom(
      pending.rejected.slice(-REJECTED_ROWS_MAX),
      rejectedEntry,
      rejected,
    ),
  ];
  pending = { stored: [], rejected: [] };
  waiting = 0;
  if (fresh.length > FLOOD_EVENTS) rest();
  // The two kinds come in one stream but wait apart, so their order is made good by time.
  fresh.sort(
    (a, b) => a.time.getTime() - b.time.getTime() || a.order - b.order,
  );
  for (const entry of fresh) entry.order = order += 1;
  prepend(fresh);
  trim(stored, STORED_ROWS_MAX);
  trim(rejected, REJECTED_ROWS_MAX);
  showState();
}

/** Parses what is new (a reconnect repeats the newest events) and adds it to `list`. */
function entriesFrom(texts, parse, list) {
  const fresh = [];
  for (const text of texts) {
    let entry;
    try {
      entry = parse(text);
    } catch (error) {
      console.warn("The live view could not read an event", error);
      continue;
    }
    if (known.has(entry.key)) continue;
    known.add(entry.key);
    list.push(entry);
    fresh.push(entry);
  }
  return fresh;
}

function showPause() {
  const button = byId("pause");
  button.setAttribute("aria-pressed", String(paused));
  button.textContent = paused
    ? waiting
      ? `Resume (${count(waiting)} new)`
      : "Resume"
    : "Pause";
}

/* ---------- details ---------- */

const details = byId("details");
/** Where the details lie over the list instead of beside it, as in live.css. */
const onPhone = matchMedia("(max-width: 859px)");

function fact(label, value) {
  const pair = element("div");
  const dd = element("dd");
  dd.append(element("bdi", "", value));
  pair.append(element("dt", "", label), dd);
  return pair;
}

function select(entry) {
  selected?.row?.querySelector("button")?.removeAttribute("aria-current");
  selected = entry;
  entry.row?.querySelector("button")?.setAttribute("aria-current", "true");
  byId("details-title").replaceChildren(element("bdi", "", entry.name));
  details.dataset.type = entry.type;
  const reason = byId("details-reason");
  reason.textContent = entry.reason;
  reason.hidden = !entry.rejected;
  const facts = [
    [
      "Type",
      entry.duplicate
        ? `${entry.type}, duplicate of one already stored`
        : entry.type,
    ],
    [
      "Received",
      Number.isNaN(entry.time.getTime())
        ? ""
        : `${clock(entry.time)} (${entry.time.toISOString()})`,
    ],
    ["Source", entry.source],
    ["User id", entry.userId],
    ["Anonymous id", entry.anonymousId],
    ["Message id", entry.messageId],
  ];
  byId("details-facts").replaceChildren(
    ...facts
      .filter(([, value]) => value)
      .map(([label, value]) => fact(label, value)),
  );
  byId("details-json-title").textContent = entry.rejected
    ? "What was sent (first 2 KB)"
    : "JSON";
  if (entry.rejected) byId("details-json").textContent = entry.text;
  else showJson(byId("details-json"), memberText(entry.text, "event"));
  byId("details-user").hidden = !(entry.userId ?? entry.anonymousId);
  byId("details-copy").textContent = "Copy";
  details.hidden = false;
  byId("stage").dataset.open = "true";
  details.scrollTop = 0;
}

/** Closes the details; the keyboard goes back to the row, or stays where `focused` says. */
function closeDetails(focused = null) {
  const row = selected?.row?.querySelector("button");
  row?.removeAttribute("aria-current");
  selected = null;
  details.hidden = true;
  delete byId("stage").dataset.open;
  (focused ?? row ?? input("filter-name")).focus();
}

async function copyJson() {
  const text = byId("details-json").textContent ?? "";
  try {
    await navigator.clipboard.writeText(text);
    byId("details-copy").textContent = "Copied";
  } catch {
    getSelection()?.selectAllChildren(byId("details-json"));
    byId("details-copy").textContent = "Selected";
  }
}

/* ---------- keyboard ---------- */

function focusRow(button) {
  if (!button) return;
  rows.querySelector('button[tabindex="0"]')?.setAttribute("tabindex", "-1");
  button.tabIndex = 0;
  button.focus();
  const entry = entryOfRow.get(button);
  if (selected && entry) select(entry);
}

rows.addEventListener("keydown", (event) => {
  const item = /** @type {HTMLElement} */ (event.target).closest("li");
  const moves = {
    ArrowDown: item?.nextElementSibling,
    ArrowUp: item?.previousElementSibling,
    Home: rows.firstElementChild,
    End: rows.lastElementChild,
  };
  if (!(event.key in moves)) return;
  event.preventDefault();
  focusRow(moves[event.key]?.querySelector("button"));
});

rows.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  const entry = button && entryOfRow.get(button);
  if (!entry) return;
  rows.querySelector('button[tabindex="0"]')?.setAttribute("tabindex", "-1");
  button.tabIndex = 0;
  select(entry);
  if (onPhone.matches) byId("details-title").focus();
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && selected) closeDetails();
});

/* ---------- controls ---------- */

function readFilters() {
  const type = document.querySelector('input[name="type"]:checked');
  filter.type = type instanceof HTMLInputElement ? type.value : "";
  filter.name = input("filter-name").value.trim().toLowerCase();
  filter.user = input("filter-user").value.trim().toLowerCase();
  // On a phone the details lie over the list that is being narrowed.
  if (onPhone.matches && selected) closeDetails(document.activeElement);
  showAll();
}

byId("filters").addEventListener("input", readFilters);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("reset-filters").addEventListener("click", () => {
  /** @type {HTMLFormElement} */ (byId("filters")).reset();
  readFilters();
});
byId("details-user").addEventListener("click", () => {
  input("filter-user").value = selected?.userId ?? selected?.anonymousId ?? "";
  readFilters();
});
byId("details-close").addEventListener("click", () => closeDetails());
byId("details-copy").addEventListener("click", copyJson);
byId("pause").addEventListener("click", () => {
  paused = !paused;
  if (!paused) showPending();
  showPause();
});
byId("clear").addEventListener("click", () => {
  if (selected) closeDetails();
  // Still known, so that a reconnect does not bring back what was cleared away.
  known = new Set([...stored, ...rejected].map((entry) => entry.key));
  stored = [];
  rejected = [];
  pending = { stored: [], rejected: [] };
  waiting = 0;
  showPause();
  showAll();
});

/* ---------- the stream ---------- */

const token = new URLSearchParams(location.search).get("token");
const streamUrl =
  token === null
    ? "/live/events"
    : `/live/events?token=${encodeURIComponent(token)}`;
let retryMs = RETRY_MS.first;

function showConnection(state, text) {
  const place = byId("connection");
  if (place.textContent === text) return;
  place.dataset.state = state;
  place.textContent = text;
}

function connect() {
  const stream = new EventSource(streamUrl);
  stream.addEventListener("open", () => {
    retryMs = RETRY_MS.first;
    showConnection("live", "Live");
  });
  stream.addEventListener("error", () => {
    // The browser itself reopens a stream that broke; one that was refused it gives up.
    if (stream.readyState === EventSource.CLOSED) explainRefusal();
    else showConnection("waiting", "Reconnecting…");
  });
  stream.addEventListener("stored", (event) =>
    arrive("stored", event.data, STORED_ROWS_MAX),
  );
  stream.addEventListener("rejected", (event) =>
    arrive("rejected", event.data, REJECTED_ROWS_MAX),
  );
  stream.addEventListener("counters", (event) =>
    showCounters(JSON.parse(event.data)),
  );
}

/** EventSource does not tell why it was refused, so ask once more with fetch and read the status. */
async function explainRefusal() {
  const asking = new AbortController();
  try {
    const { status } = await fetch(streamUrl, { signal: asking.signal });
    if (status === 401 || status === 403)
      showConnection("refused", "Not allowed: add ?token=… to the address");
    else showConnection("waiting", `Reconnecting… (${status})`);
  } catch {
    showConnection("waiting", "Reconnecting…");
  } finally {
    asking.abort();
  }
  setTimeout(connect, retryMs);
  retryMs = Math.min(2 * retryMs, RETRY_MS.max);
}

let counted = { stored: 0, at: 0 };
let storedNow = 0;

function showCounters(counters) {
  storedNow = Number(counters.stored) || 0;
  if (counted.at === 0) counted = { stored: storedNow, at: performance.now() };
  byId("count-stored").textContent = count(storedNow);
  byId("count-duplicates").textContent = count(
    Number(counters.duplicates) || 0,
  );
  byId("count-rejected").textContent = count(Number(counters.rejected) || 0);
  byId("count-rejected").parentElement?.toggleAttribute(
    "data-some",
    Number(counters.rejected) > 0,
  );
}

setInterval(() => {
  const now = performance.now();
  const perSecond =
    counted.at === 0
      ? 0
      : Math.max(0, (storedNow - counted.stored) / ((now - counted.at) / 1000));
  counted = { stored: storedNow, at: counted.at === 0 ? 0 : now };
  const text = count(
    perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond),
  );
  if (byId("count-rate").textContent !== text)
    byId("count-rate").textContent = text;
}, RATE_MS);

connect();
