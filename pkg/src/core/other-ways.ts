/** Ways to send a request that few pages need, fetched when they do. */
import { freshFrame } from "../base/platform";
import { ANSWER_CHARS_MAX, REQUEST_MAX_MS } from "../base/limits";
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
    const bytes = new Promise<ArrayBuffer>((got, failed) => {
      xhr.onload = () => got(xhr.response as ArrayBuffer);
      xhr.onloadend = () => failed(new TypeError(`No answer from ${url}`));
      xhr.onprogress = ({ loaded }) => {
        // What an API says of what it was sent is short, or not listened to.
        if (!init.body || loaded <= ANSWER_CHARS_MAX) return;
        // Chromium tells no end of a request that is aborted when all of its answer is there.
        failed(new TypeError(`Too long an answer from ${url}`));
        xhr.abort();
      };
    });
    bytes.catch(reject);
    const text = async () => new TextDecoder().decode(await bytes);
    xhr.onreadystatechange = () => {
      if (xhr.readyState !== xhr.HEADERS_RECEIVED) return;
      resolve({
        arrayBuffer: () => bytes,
        headers: { get: (name) => xhr.getResponseHeader(name) },
        json: async () => JSON.parse(await text()) as unknown,
        ok: xhr.status >= 200 && xhr.status < 300,
        redirected: xhr.responseURL !== new URL(url, location.href).href,
        status: xhr.status,
        text,
      });
    };
    init.signal?.addEventListener("abort", () => xhr.abort());
    xhr.send(init.body as string | undefined);
  });
}

/** The browser's own `fetch`, of a frame in which no script of the page ran, if it can be had. */
export function untouchedFetch(): typeof byXhr | undefined {
  try {
    const frame = freshFrame();
    const own = (frame.contentWindow as typeof globalThis | null)?.fetch;
    frame.remove();
    return own;
  } catch {
    return undefined; // A worker has no document, and a page may forbid frames.
  }
}
