/** A gateway, running already or started for the test, whose live view shows its events. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { SegmentEvent } from "../../model/event";
import { Collector } from "./collector";

/** Feeds the collector from the live view, with what is stored from now on. */
async function follow(
  collector: Collector,
  adminUrl: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const answer = await fetch(new URL("/live/events", adminUrl), {
    headers: token ? { authorization: `Bearer ${token}` } : {},
    signal,
  });
  if (!answer.ok || !answer.body) {
    throw new Error(`the gateway's live view answers ${answer.status}`);
  }
  // By the gateway's own clock, to the second.
  const sinceMs = Date.parse(answer.headers.get("date") ?? "") || Date.now();
  const listen = async (lines: AsyncIterable<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    let text = "";
    for await (const bytes of lines) {
      text += decoder.decode(bytes, { stream: true });
      const messages = text.split("\n\n");
      text = messages.pop() ?? "";
      for (const message of messages) takeMessage(collector, message, sinceMs);
    }
  };
  listen(answer.body as unknown as AsyncIterable<Uint8Array>).catch(() => {
    // Closed with the test, or gone with the gateway: then the test waits in vain.
  });
}

function takeMessage(
  collector: Collector,
  message: string,
  sinceMs: number,
): void {
  const lines = message.split("\n");
  if (!lines.some((line) => /^event: ?stored$/.test(line))) return;
  const data = lines
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5))
    .join("\n");
  const said = JSON.parse(data) as {
    receivedAt: string;
    duplicate: boolean;
    event: SegmentEvent;
  };
  if (said.duplicate || Date.parse(said.receivedAt) < sinceMs) return;
  collector.take(said.event);
}

/** Collects from a gateway that is running. */
export async function runningGateway(
  url: string,
  adminUrl: string,
  writeKey: string,
  token?: string,
): Promise<Collector> {
  const ending = new AbortController();
  const collector = new Collector(url, writeKey, () => {
    ending.abort();
    return Promise.resolve();
  });
  await follow(collector, adminUrl, token, ending.signal);
  return collector;
}

/** The addresses of a gateway that was just started. */
function addressesOf(
  child: ChildProcess,
): Promise<{ listen: string; admin_listen: string }> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.once("error", reject);
    child.once("close", () =>
      reject(new Error(`the gateway did not start: ${said.trim()}`)),
    );
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("{")) resolve(JSON.parse(line));
    });
  });
}

/** Starts a gateway on free ports, with an empty database that goes when it is closed. */
export async function startedGateway(
  binary: string,
  writeKey: string,
): Promise<Collector> {
  const folder = await mkdtemp(join(tmpdir(), "waymark-"));
  const config = join(folder, "gateway.toml");
  // A JSON string is a valid TOML string.
  const toml = `database = ${JSON.stringify(join(folder, "events.sqlite"))}
[[sources]]
name = "test"
allowed_origins = ["*"]
keys = [{ key = ${JSON.stringify(writeKey)}, kind = "browser" }]
`;
  await writeFile(config, toml);
  const free = "127.0.0.1:0";
  const child = spawn(
    binary,
    ["serve", "--config", config, "--listen", free, "--admin-listen", free],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.pid !== undefined) {
      child.kill();
      await once(child, "close");
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { listen, admin_listen: admin } = await addressesOf(child);
    const ending = new AbortController();
    const collector = new Collector(`http://${listen}`, writeKey, () => {
      ending.abort();
      return end();
    });
    await follow(collector, `http://${admin}`, undefined, ending.signal);
    return collector;
  } catch (error) {
    await end();
    throw error;
  }
}
