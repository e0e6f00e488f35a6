// @ts-check
// Stands before the gateway, as a proxy does, and may keep its answers.
import { once } from "node:events";
import { createServer } from "node:http";

/**
 * Starts it.
 *
 * @param {string} gatewayUrl
 */
export async function startFront(gatewayUrl) {
  let swallows = false;
  let swallowed = 0;
  const server = createServer(async (request, response) => {
    try {
      /** @type {Buffer[]} */
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const answer = await fetch(`${gatewayUrl}${request.url}`, {
        body: Buffer.concat(chunks),
        headers: { authorization: request.headers.authorization ?? "" },
        method: request.method ?? "POST",
      });
      const body = await answer.text();
      if (swallows) swallowed += 1;
      else response.writeHead(answer.status).end(body);
    } catch {
      response.destroy();
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    /** Has requests reach the gateway and their answers get lost. @param {boolean} on */
    swallowAnswers: (on) => {
      swallows = on;
    },
    /** How many answers got lost. */
    swallowed: () => swallowed,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
