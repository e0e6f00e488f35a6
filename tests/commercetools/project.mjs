// @ts-check
// The packages of this folder, which only its tests need, and what Amazon would do.
import { execFile } from "node:child_process";
import { createSign } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { listen, shut } from "../support/local-server.mjs";

const run = promisify(execFile);
const HERE = import.meta.dirname;
const NAME = "@labdigital/commercetools-mock";

/**
 * Asks a server that answers as commercetools does.
 *
 * @returns {Promise<(method: string, url: string, payload?: object) => Promise<any>>}
 */
export async function commercetools() {
  if (!existsSync(join(HERE, "node_modules", NAME))) {
    await run("npm", ["ci"], { cwd: HERE });
  }
  const entry = join(HERE, "node_modules", NAME, "dist", "index.mjs");
  const { CommercetoolsMock } = await import(entry);
  const app = new CommercetoolsMock({
    enableAuthentication: false,
    validateCredentials: false,
  }).createApp();
  return async (method, url, payload) => {
    const answer = await app.inject({ method, url: `/shop${url}`, payload });
    if (answer.statusCode >= 300) throw new Error(answer.body);
    return JSON.parse(answer.body);
  };
}

/** A topic of SNS: signs posts, and has its certificate fetched and subscriptions confirmed. */
export class Topic {
  /** The paths that were asked for. @type {string[]} */
  asked = [];
  /** Answers what asked for `/held.pem`. */
  release = () => {};
  url = "";
  arn = "arn:aws:sns:eu-central-1:123456789012:commercetools";
  #key = "";
  /** @type {import("node:http").Server | undefined} */
  #server;

  /** @param {string} folder for key and certificate */
  async start(folder) {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    await run("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"],
      ...["-subj", "/CN=sns.amazonaws.com", "-keyout", key, "-out", cert],
    ]);
    this.#key = await readFile(key, "utf8");
    const certificate = await readFile(cert);
    this.#server = createServer((request, response) => {
      this.asked.push(request.url ?? "");
      if (request.url === "/held.pem") {
        const before = this.release;
        this.release = () => (before(), void response.writeHead(404).end());
        return;
      }
      response.end(request.url === "/SNS.pem" ? certificate : "<ok/>");
    });
    this.url = `http://${await listen(this.#server)}`;
    return this;
  }

  async stop() {
    if (this.#server) await shut(this.#server);
  }

  /**
   * A post of SNS, signed.
   *
   * @param {string} message
   * @param {object} [fields]
   * @param {"1" | "2"} [version] of the signature
   */
  post(message, fields = {}, version = "2") {
    /** @type {Record<string, string>} */
    const post = {
      Type: "Notification",
      MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
      TopicArn: this.arn,
      Message: message,
      Timestamp: "2026-03-04T05:06:07.089Z",
      ...fields,
      SignatureVersion: version,
      SigningCertURL: `${this.url}/SNS.pem`,
    };
    const signed = ["Message", "MessageId", "Subject", "SubscribeURL"]
      .concat("Timestamp", "Token", "TopicArn", "Type")
      .filter((name) => post[name] !== undefined)
      .map((name) => `${name}\n${post[name]}\n`)
      .join("");
    const signature = createSign(version === "1" ? "RSA-SHA1" : "RSA-SHA256")
      .update(signed)
      .sign(this.#key, "base64");
    return { ...post, Signature: signature };
  }
}
