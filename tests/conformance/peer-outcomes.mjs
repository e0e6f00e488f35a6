// @ts-check
// The outcomes of Segment's client, kept for the run over the core as JavaScript, in which they
// would be the same again.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { ROOT } from "../support/program.mjs";

/** @typedef {import("./scenario.mjs").Outcome} Outcome */

const FILE = join(ROOT, "target", "conformance", "peer-outcomes");
/** Folders whose scripts decide what an outcome is. */
const FOLDERS = [".", "scenarios", "../support"].map((folder) =>
  join(import.meta.dirname, folder),
);

/**
 * A hash of everything that the outcomes depend on: browser, client and scenarios.
 *
 * @param {string} browserVersion
 * @param {import("./sdks.mjs").Library} peer
 */
async function fingerprint(browserVersion, peer) {
  const hash = createHash("sha256").update(browserVersion);
  for (const contents of Object.values(peer.files)) hash.update(contents);
  for (const folder of FOLDERS) {
    const names = (await readdir(folder)).filter((name) =>
      name.endsWith(".mjs"),
    );
    for (const name of names.sort()) {
      hash.update(await readFile(join(folder, name)));
    }
  }
  return hash.digest("hex");
}

/** Outcomes by the name of their scenario. */
export class PeerOutcomes {
  /** @type {Map<string, Outcome>} */
  #outcomes = new Map();

  /** @param {string} state a hash of everything that the outcomes depend on */
  constructor(state) {
    this.state = state;
  }

  /**
   * An empty set of outcomes.
   *
   * @param {string} browserVersion
   * @param {import("./sdks.mjs").Library} peer
   */
  static async of(browserVersion, peer) {
    return new PeerOutcomes(await fingerprint(browserVersion, peer));
  }

  /**
   * Reads the outcomes of an earlier run with the same browser, client and scenarios.
   *
   * @returns {Promise<number>} how many there are
   */
  async read() {
    const bytes = await readFile(FILE).catch(() => undefined);
    if (bytes) {
      const { state, outcomes } = deserialize(bytes);
      if (state === this.state) this.#outcomes = outcomes;
    }
    return this.#outcomes.size;
  }

  /** @param {string} scenario its name */
  get(scenario) {
    return this.#outcomes.get(scenario);
  }

  /**
   * Keeps an outcome, unless it has problems.
   *
   * @param {string} scenario its name
   * @param {Outcome} outcome
   */
  keep(scenario, outcome) {
    if (outcome.problems.length > 0) return;
    this.#outcomes.set(scenario, outcome);
  }

  /** Writes the outcomes for a later run. */
  async write() {
    await mkdir(dirname(FILE), { recursive: true });
    const { state } = this;
    await writeFile(FILE, serialize({ state, outcomes: this.#outcomes }));
  }
}
