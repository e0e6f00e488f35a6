// @ts-check
// Firefox and WebKit as `browser.mjs` declares a browser, over their WebDriver sessions: WebKit's
// driver has no BiDi. A session is one profile, so contexts come one after the other.
import { eventually } from "./eventually.mjs";

/** @typedef {import("../engines/webdriver.mjs").Browser} Session */

/** Runs a script as a page would, and gives what it gives as JSON; the page may have a broken JSON. */
const EVALUATE = `
  const [code, done] = arguments;
  new Promise((settled) => settled(window.eval(code))).then(
    (value) => {
      let json;
      try { json = JSON.stringify(value); } catch {}
      done({ json });
    },
    (error) => done({ error: error + "\\n" + error?.stack }),
  );`;

/** A browser with one session. */
export class DrivenBrowser {
  #session;
  /** The tab that is there from the start: a session ends with its last one. */
  #first = "";
  #isFirstFree = true;
  /** The end of the commands so far: a command is for the tab that was chosen last. */
  #turn = /** @type {Promise<unknown>} */ (Promise.resolve());

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** @returns {Promise<DrivenContext>} */
  async newContext() {
    return new DrivenContext(this);
  }

  close() {
    return this.#session.close();
  }

  /**
   * A command that no other one comes between.
   *
   * @template T
   * @param {(session: Session) => Promise<T>} command
   * @returns {Promise<T>}
   */
  inTurn(command) {
    const turn = this.#turn.then(() => command(this.#session));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** The handle of a tab to use: the first, which is there anyway, or one in a window of its own. */
  openTab() {
    return this.inTurn(async (session) => {
      this.#first ||= await session.ask("GET", "/window");
      await choose(session, this.#first);
      if (!this.#isFirstFree) return opened(session);
      this.#isFirstFree = false;
      return this.#first;
    });
  }

  /** @param {string} handle */
  closeTab(handle) {
    return this.inTurn(async (session) => {
      await choose(session, handle);
      if (handle === this.#first) {
        this.#first = await opened(session);
        this.#isFirstFree = true;
      }
      await session.ask("DELETE", "/window");
    });
  }

  /** Forgets cookies, which are of all origins of a host, and closes all tabs but one. */
  clear() {
    return this.inTurn(async (session) => {
      this.#first ||= await session.ask("GET", "/window");
      for (const handle of await session.ask("GET", "/window/handles")) {
        await choose(session, handle);
        await session.ask("DELETE", "/cookie").catch(() => {});
        if (handle !== this.#first) await session.ask("DELETE", "/window");
      }
      await choose(session, this.#first);
      await session.goto("about:blank");
      this.#isFirstFree = true;
    });
  }
}

/** @param {Session} session @returns {Promise<string>} the handle of a new window */
async function opened(session) {
  const { handle } = await session.ask("POST", "/window/new", {
    type: "window",
  });
  return handle;
}

/** @param {Session} session @param {string} handle */
const choose = (session, handle) => session.ask("POST", "/window", { handle });

class DrivenContext {
  #browser;

  /** @param {DrivenBrowser} browser */
  constructor(browser) {
    this.#browser = browser;
  }

  async newPage() {
    const handle = await this.#browser.openTab();
    return new DrivenPage(this.#browser, handle, this);
  }

  /** Those that the tab of the last command has. @returns {Promise<{ name: string }[]>} */
  cookies() {
    return this.#browser.inTurn((session) => session.ask("GET", "/cookie"));
  }

  close() {
    return this.#browser.clear();
  }
}

class DrivenPage {
  #browser;
  #handle;
  #context;

  /** @param {DrivenBrowser} browser @param {string} handle @param {DrivenContext} context */
  constructor(browser, handle, context) {
    this.#browser = browser;
    this.#handle = handle;
    this.#context = context;
  }

  context() {
    return this.#context;
  }

  /** @param {string} command @param {object} [body] */
  #ask(command, body = {}) {
    return this.#browser.inTurn(async (session) => {
      await choose(session, this.#handle);
      return session.ask("POST", command, body);
    });
  }

  /** @param {string} url @param {{ waitUntil?: "commit" }} [options] */
  async goto(url, { waitUntil } = {}) {
    await this.#ask("/url", { url });
    if (waitUntil) return;
    // WebKit's driver may take the load event of the page before for this one's.
    const { pathname } = new URL(url);
    await this.#loaded(`location.pathname === ${JSON.stringify(pathname)}`);
  }

  reload() {
    return this.#ask("/refresh");
  }

  goBack() {
    return this.#ask("/back");
  }

  goForward() {
    return this.#ask("/forward");
  }

  /** @param {string} code */
  async evaluate(code) {
    const { json, error } = await this.#ask("/execute/async", {
      script: EVALUATE,
      args: [code],
    });
    if (error) throw new Error(error);
    return json ? JSON.parse(json) : undefined;
  }

  /** @param {string} selector */
  click(selector) {
    return this.#browser.inTurn(async (session) => {
      await choose(session, this.#handle);
      await session.clickOn(selector);
    });
  }

  /** @param {string} glob */
  async waitForURL(glob) {
    const end = JSON.stringify(glob.slice("**".length));
    await this.#loaded(`location.href.endsWith(${end})`);
  }

  /** Waits for a page of which `code` is true. @param {string} code */
  async #loaded(code) {
    const isLoaded = `document.readyState === "complete" && ${code}`;
    await eventually(() => this.evaluate(isLoaded), { what: code });
  }

  close() {
    return this.#browser.closeTab(this.#handle);
  }
}
