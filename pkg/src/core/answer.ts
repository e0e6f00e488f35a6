/** A request and its answer, as far as every way to send one has them. */

/** The part of a `Response` that is used: a polyfill or XMLHttpRequest gives no more. */
export type Answer = Pick<
  Response,
  "arrayBuffer" | "json" | "ok" | "redirected" | "status" | "text"
> & { body?: Response["body"]; headers: Pick<Headers, "get"> };

/** What XMLHttpRequest understands of a `RequestInit`. */
export type Init = RequestInit & { headers?: Record<string, string> };
