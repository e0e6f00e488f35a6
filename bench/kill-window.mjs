// @ts-check
// Measures what a browser that is killed (SIGKILL) has not on disk yet: a page writes to
// localStorage and to IndexedDB all the time, and what is there after the kill tells how old it is.
// Usage: node bench/kill-window.mjs [ROUNDS]
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { enginesHere } from "../tests/engines/engines.mjs";
import { killBrowser } from "../tests/engines/processes.mjs";
import { listen, shut } from "../tests/support/local-server.mjs";

const ROUNDS = Number(process.argv[2] ?? 5);
/** Milliseconds for which a page writes: longer than any engine keeps a write back. */
const WRITES_MS = 12_000;
const EVERY_MS = 20;

/** Opens the database; for the body of a function. */
const OPEN = `const database = await new Promise((done) => {
  const request = indexedDB.open("times", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("times");
  request.onsuccess = () => done(request.result);
});`;
/** Writes the time, and notes what is known to be committed. */
const WRITE = `return (async () => { ${OPEN}
  setInterval(() => {
    const now = Date.now();
    localStorage.setItem("time", now);
    const transaction = database.transaction("times", "readwrite");
    transaction.objectStore("times").put(now, "time");
    transaction.oncomplete = () => { globalThis.committed = now; };
  }, ${EVERY_MS});
})();`;
const COMMITTED = "return [Date.now(), globalThis.committed];";
const READ = `return (async () => { ${OPEN}
  const request = database.transaction("times").objectStore("times").get("time");
  await new Promise((done) => { request.onsuccess = done; });
  return [Number(localStorage.getItem("time")), request.result];
})();`;

const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": "text/html" });
  response.end("<!doctype html><title>Times</title>");
});
const url = `http://${await listen(server)}/`;

for (const engine of enginesHere()) {
  for (let round = 0; round < ROUNDS; round++) {
    const profile = await mkdtemp(join(tmpdir(), "waymark-bench-"));
    const browser = await engine.launch({}, profile);
    await browser.goto(url);
    await browser.evaluate(WRITE);
    // At another point of the engine's own turn each time.
    await pause(WRITES_MS + (round * 1000) / 3);
    const [now, committed] = await browser.evaluate(COMMITTED);
    await killBrowser(browser);
    const next = await engine.launch({}, profile);
    await next.goto(url);
    const [local, indexed] = await next.evaluate(READ);
    await killBrowser(next);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    const lost = local ? `${Math.max(0, now - local)} ms` : "all";
    const kept = indexed >= committed ? "kept" : "LOST";
    console.log(
      `${engine.name}: localStorage lost the last ${lost}; committed to IndexedDB: ${kept}`,
    );
  }
}
await shut(server);
