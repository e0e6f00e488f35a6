// The floor: what a page without a library pays. No journal, no retry, no identity.
const BATCH_EVENTS = 50;
const WAIT_MS = 1000;
let url = "";
let begun = false;
const waiting = [];
let timer;

function send() {
  clearTimeout(timer);
  timer = undefined;
  const batch = waiting.splice(0);
  const body = JSON.stringify({ batch });
  if (batch.length > 0) void fetch(url, { method: "POST", body });
}

/** @param {string} host the collector's `host:port` */
export function start(host) {
  url = `http://${host}/floor`;
}

/** @param {string} event @param {object} [properties] */
export function track(event, properties) {
  const messageId = crypto.randomUUID();
  waiting.push({ event, properties, messageId, timestamp: new Date() });
  if (waiting.length >= BATCH_EVENTS) return send();
  timer ??= setTimeout(send, begun ? WAIT_MS : 0);
  begun = true;
}
