// @ts-check
// A project of a bundler: a copy outside of the repository, built by its own command against the
// packed package, served by the gateway, and visited.
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startGateway } from "../support/gateway.mjs";
import { installPacked } from "../support/packed-package.mjs";

const run = promisify(execFile);
const PROJECTS = join(import.meta.dirname, "projects");

/** A folder with the packed package, and whatever projects are copied into it. */
export class Workbench {
  /** @param {string} folder @param {string} tarball */
  constructor(folder, tarball) {
    this.folder = folder;
    /** The packed package. */
    this.tarball = tarball;
  }

  static async open() {
    const folder = await mkdtemp(join(tmpdir(), "waymark-packaging-"));
    const tarball = await installPacked(join(folder, "node_modules"));
    return new Workbench(folder, tarball);
  }

  /**
   * Copies a project.
   *
   * @param {string} name of its folder
   * @returns {Promise<string>} the folder of the copy
   */
  async copy(name) {
    const folder = join(this.folder, name);
    await cp(join(PROJECTS, name), folder, { recursive: true });
    await symlink(
      join(this.folder, "node_modules"),
      join(folder, "node_modules"),
    );
    return folder;
  }

  /**
   * Copies a project and builds it with its own script `build`.
   *
   * @param {string} name of its folder
   * @returns {Promise<string>} the folder of the built site
   */
  async build(name) {
    const cwd = await this.copy(name);
    await run("npm", ["run", "build"], {
      cwd,
      env: { ...process.env, CI: "1" },
    });
    return join(cwd, "dist");
  }

  async close() {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * All scripts of a built site as one text.
 *
 * @param {string} site its folder
 */
export async function scriptsOf(site) {
  const names = await readdir(site, { recursive: true });
  const scripts = names.filter((name) => /\.m?js$/.test(name));
  const texts = scripts.map((name) => readFile(join(site, name), "utf8"));
  return (await Promise.all(texts)).join("\n");
}

/**
 * What a visit of a site gave.
 *
 * @typedef {object} Visit
 * @property {any[]} events as the gateway stored them
 * @property {string[]} troubles what was thrown, warned of, or could not be fetched
 * @property {{ path: string, type: string }[]} fetched every file, with its content type
 */

/**
 * Serves a built site by a gateway, opens it, clicks its button and waits for its two events.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {string} site its folder
 * @returns {Promise<Visit>}
 */
export async function visit(browser, site) {
  const gateway = await startGateway({ staticDir: site });
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const seen = watch(page);
    await page.goto(`${gateway.url}/`);
    await page.click("button");
    const stored = await gateway.waitForEvents(2);
    return { ...seen, events: stored.map(({ event }) => event) };
  } finally {
    await context.close();
    await gateway.stop();
  }
}

/**
 * Notes what a page fetches, and what goes wrong in it.
 *
 * @param {import("playwright-core").Page} page
 */
export function watch(page) {
  /** @type {string[]} */
  const troubles = [];
  /** @type {Visit["fetched"]} */
  const fetched = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => {
    if (/error|warning/.test(message.type())) troubles.push(message.text());
  });
  page.on("requestfailed", (request) => {
    troubles.push(`${request.url()}: ${request.failure()?.errorText}`);
  });
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (!response.ok()) troubles.push(`${pathname}: ${response.status()}`);
    const type = response.headers()["content-type"] ?? "";
    fetched.push({ path: pathname, type });
  });
  return { troubles, fetched };
}
