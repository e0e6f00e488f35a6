/** Ways to send a request that few pages need, fetched when they do. */
import { ofDocument } from "../base/document";
import { REQUEST_MAX_MS } from "../base/limits";
import type { Answer, Init } from "./answer";

/** A request by XMLHttpRequest. */
export function byXhr(url: string, init: Init = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(init.method ?? "GET", url);
    xhr.responseType = "arraybuffer";
    xhr.timeout = REQUEST_MAX_MS;
    xhr.withCredentials = init.credentials === "include";
    for (const name of Object.keys(init.headers ?? {})) {
      xhr.setRequestHeader(name, init.headers![name]!);
    }
    const bytes = () => xhr.response as ArrayBuffer;
    const text = () => new TextDecoder().decode(bytes());
    xhr.onload = () =>
      resolve({
        arrayBuffer: async () => bytes(),
        headers: { get: (name) => xhr.getResponseHeader(name) },
        json: async () => JSON.parse(text()) as unknown,
        ok: xhr.status >= 200 && xhr.status < 300,
        redirected: xhr.responseURL !== new URL(url, location.href).href,
        status: xhr.status,
        text: async () => text(),
      });
    xhr.onloadend = () => reject(new TypeError(`No answer from ${url}`));
    init.signal?.addEventListener("abort", () => xhr.abort());
    xhr.send(init.body as string | undefined);
  });
}

/** The browser's own `fetch`, of a frame in which no script of the page ran, if it can be had. */
export function untouchedFetch(): typeof byXhr | undefined {
  try {
    const frame = ofDocument("createElement").call(
      document,
      "iframe",
    ) as HTMLIFrameElement;
    frame.hidden = true;
    ofDocument("head").append(frame);
    const own = (frame.contentWindow as typeof globalThis | null)?.fetch;
    frame.remove();
    return own;
  } catch {
    return undefined; // A worker has no document, and a page may forbid frames.
  }
}
