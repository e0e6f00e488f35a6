/** One request to the gateway. */
import { ANSWER_BYTES_MAX, REQUEST_MS } from "../limits";
import type { Settings } from "../options";
import { type Verdict, verdictOf } from "./answer";
import type { Kept } from "./outbox";

/** The body's text, as far as it is within its limit: what is longer is no answer of the API. */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  const body = response.body as AsyncIterable<Uint8Array> | null;
  if (!body) return "";
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) return "";
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/** Why a request brought no answer, with what the system says. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error as { cause?: { code?: unknown } };
  const code = typeof cause?.code === "string" ? ` (${cause.code})` : "";
  return `${error.message}${code}`;
}

/** Posts a batch, and resolves to what became of it. It never rejects. */
export async function post(
  events: readonly Kept[],
  settings: Settings,
): Promise<Verdict> {
  const { url, writeKey } = settings;
  if (!url || !writeKey) {
    const missing = url ? "writeKey" : "host";
    return { fate: "later", reason: `the option ${missing} is missing` };
  }
  const batch = events.map(({ body }) => body).join(",");
  const sentAt = JSON.stringify(new Date());
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`,
        "content-type": "application/json",
        "user-agent": "medusa-plugin-waymark",
      },
      body: `{"batch":[${batch}],"sentAt":${sentAt}}`,
      // Following it would lose the body or the key.
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const body = await textOf(response);
    const retryAfter = response.headers.get("retry-after");
    const answer = { status: response.status, body, retryAfter };
    return verdictOf(answer, events.length, Date.now());
  } catch (error) {
    return { fate: "later", reason: reasonOf(error) };
  }
}
