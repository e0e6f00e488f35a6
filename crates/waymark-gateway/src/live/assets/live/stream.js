/** Opens the gateway's event stream, reopens it when it breaks, and shows the counters. */
import { byId, formatCount } from "./dom.js";
import { RATE_MS, RETRY_FIRST_MS, RETRY_MAX_MS } from "./limits.js";

/** Beside this file, as a proxy may have the view below a path of its own. */
const STREAM_URL = new URL("events", import.meta.url);
const token = new URLSearchParams(location.search).get("token");
if (token !== null) STREAM_URL.searchParams.set("token", token);

let retryMs = RETRY_FIRST_MS;

/**
 * Opens the stream and keeps it open.
 *
 * @param {Record<"stored" | "rejected" | "destinations" | "fates", (text: string) => void>} receivers
 *   each is called with the data of a message
 */
export function openStream(receivers) {
  const stream = new EventSource(STREAM_URL);
  stream.addEventListener("open", () => {
    retryMs = RETRY_FIRST_MS;
    showConnection("live", "Live");
  });
  stream.addEventListener("error", () => {
    showConnection("waiting", "Reconnecting…");
    // The browser reopens a stream that broke, but not one that was refused.
    if (stream.readyState === EventSource.CLOSED) void retry(receivers);
  });
  stream.addEventListener("stored", ({ data }) => receivers.stored(data));
  stream.addEventListener("rejected", ({ data }) => receivers.rejected(data));
  stream.addEventListener("destinations", ({ data }) =>
    receivers.destinations(data),
  );
  stream.addEventListener("fates", ({ data }) => receivers.fates(data));
  stream.addEventListener("counters", ({ data }) => showCounters(data));
}

/** @param {Parameters<typeof openStream>[0]} receivers */
async function retry(receivers) {
  const status = await refusal();
  if (status === 401 || status === 403) {
    showConnection("refused", "Not allowed: add ?token=… to the address");
  }
  setTimeout(() => openStream(receivers), retryMs);
  retryMs = Math.min(2 * retryMs, RETRY_MAX_MS);
}

/** An EventSource does not tell why it was refused, so the status is read by fetch. */
async function refusal() {
  const asking = new AbortController();
  try {
    return (await fetch(STREAM_URL, { signal: asking.signal })).status;
  } catch {
    return 0;
  } finally {
    asking.abort();
  }
}

/**
 * @param {"live" | "waiting" | "refused"} state
 * @param {string} text
 */
function showConnection(state, text) {
  const place = byId("connection");
  // Screen readers read a status aloud whenever it is set, changed or not.
  if (place.textContent === text) return;
  place.dataset.state = state;
  place.textContent = text;
}

let stored = 0;
let before = { stored: 0, atMs: 0 };

/** @param {string} data */
function showCounters(data) {
  const counters = JSON.parse(data);
  stored = Number(counters.stored) || 0;
  const rejected = Number(counters.rejected) || 0;
  if (before.atMs === 0) before = { stored, atMs: performance.now() };
  byId("count-stored").textContent = formatCount(stored);
  byId("count-duplicates").textContent = formatCount(
    Number(counters.duplicates) || 0,
  );
  byId("count-rejected").textContent = formatCount(rejected);
  byId("count-rejected").parentElement?.toggleAttribute(
    "data-some",
    rejected > 0,
  );
  // The sum of the browsers' loss ledgers, hidden while it is zero.
  const lost = Number(counters.lost) || 0;
  byId("count-lost").textContent = formatCount(lost);
  const place = byId("count-lost").parentElement;
  place?.toggleAttribute("hidden", lost === 0);
  place?.toggleAttribute("data-some", lost > 0);
}

function showRate() {
  if (before.atMs === 0) return;
  const now = { stored, atMs: performance.now() };
  const seconds = (now.atMs - before.atMs) / 1000;
  // A gateway with a new file counts from zero.
  const rate = Math.max(0, (now.stored - before.stored) / seconds);
  before = now;
  byId("count-rate").textContent = formatCount(
    rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate),
  );
}

setInterval(showRate, RATE_MS);
