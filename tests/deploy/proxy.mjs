// @ts-check
// What the tests of recipes for proxies share: a certificate, and a client that trusts it.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The name under which the recipes serve. */
export const NAME = "events.shop.example";

/** Makes `cert.pem` and `key.pem` in a folder, and returns the certificate. @param {string} folder */
export async function makeCertificate(folder) {
  await run("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"],
    ...["-subj", `/CN=${NAME}`, "-addext", `subjectAltName=DNS:${NAME}`],
    ...["-keyout", join(folder, "key.pem")],
    ...["-out", join(folder, "cert.pem")],
  ]);
  return readFile(join(folder, "cert.pem"), "utf8");
}

/**
 * A way to ask the proxy at a port as a client with the address 127.0.0.2.
 *
 * @param {number} port @param {string} certificate
 */
export function client(port, certificate) {
  /**
   * @param {string} method @param {string} path @param {Record<string, string>} [headers]
   * @param {string | Buffer} [body]
   */
  return async (method, path, headers = {}, body = "") => {
    const asked = request({
      ...{ method, path, headers: { host: NAME, ...headers } },
      ...{ host: "127.0.0.1", port, localAddress: "127.0.0.2" },
      ...{ servername: NAME, ca: certificate, agent: false },
    });
    asked.end(body);
    const [answer] = await once(asked, "response");
    let text = "";
    for await (const part of answer.setEncoding("utf8")) text += part;
    return { status: answer.statusCode, headers: answer.headers, text };
  };
}

/** @param {unknown[]} batch */
export const bodyOf = (batch) =>
  JSON.stringify({ writeKey: "demo-browser-key", batch });
