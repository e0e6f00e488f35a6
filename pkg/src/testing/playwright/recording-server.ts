/** A JavaScript server for Segment's HTTP API, for machines that cannot run a gateway. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { SegmentEvent } from "../../model/event";
import { Collector } from "./collector";

/** Bytes of a body that are read: as much as a gateway takes. */
const BODY_MAX_BYTES = 1_000_000;

async function read(request: IncomingMessage): Promise<unknown> {
  let text = "";
  request.setEncoding("utf8");
  for await (const part of request as AsyncIterable<string>) {
    text += part;
    if (text.length > BODY_MAX_BYTES) throw new Error("too large");
  }
  return JSON.parse(text);
}

const TYPES: Record<string, string> = {
  ...{ t: "track", i: "identify", p: "page", s: "screen", g: "group" },
  a: "alias",
};

/** Starts it on a free port of this machine. */
export async function recordingServer(writeKey: string): Promise<Collector> {
  const server = createServer((request, response) => {
    response.setHeader(
      "access-control-allow-origin",
      request.headers.origin ?? "*",
    );
    response.setHeader("access-control-allow-credentials", "true");
    response.setHeader(
      "access-control-allow-headers",
      "authorization, content-type",
    );
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (request.method !== "POST") {
      answer(request.method === "OPTIONS" ? 200 : 404, {});
      return;
    }
    read(request)
      .then((body) => {
        const given = body as SegmentEvent & { batch?: SegmentEvent[] };
        const path = request.url?.replace(/\?.*/, "").split("/").pop() ?? "";
        const type = (TYPES[path] ?? path) as SegmentEvent["type"];
        const events = given.batch ?? [{ ...given, type: given.type ?? type }];
        for (const event of events) collector.take(event);
        answer(200, { success: true });
      })
      .catch((error: Error) =>
        answer(400, { code: "bad_request", message: error.message }),
      );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const collector = new Collector(
    `http://127.0.0.1:${port}`,
    writeKey,
    async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  );
  return collector;
}
