import type { Analytics } from "./analytics";
import { Context } from "./context";
import { PLUGIN_LOAD_MAX_MS } from "./limits";
import type { MiddlewareFunction, Plugin } from "./types";

type Pipeline = typeof import("./pipeline");

/** Adds and takes away plugins and middleware, and says what events have to wait for. */
export class Registrar {
  readonly #analytics: Analytics;
  #pipeline: Promise<Pipeline> | undefined;

  /** Number of things that events wait for. */
  waiting = 0;

  /** Resolves when nothing is left that events wait for. */
  settled: Promise<unknown> = Promise.resolve();

  constructor(analytics: Analytics) {
    this.#analytics = analytics;
  }

  /** What takes events through the plugins: fetched when it is first needed. */
  pipeline(): Promise<Pipeline> {
    return (this.#pipeline ??= import("./pipeline"));
  }

  /** Lets events wait for `task`, at most for `limitMs`. */
  waitFor(task: Promise<unknown>, limitMs: number): void {
    this.waiting++;
    const limit = new Promise((done) => setTimeout(done, limitMs));
    const done = Promise.race([task, limit])
      .catch((error: unknown) => console.warn("waymark:", error))
      .finally(() => this.waiting--);
    this.settled = Promise.all([this.settled, done]);
  }

  /** Registers plugins; later events pass them. */
  register(context: Context, plugins: Plugin[]): Promise<unknown> {
    const { queue } = this.#analytics;
    const registered = this.pipeline().then(({ register }) =>
      Promise.all(
        plugins.map((plugin) =>
          register(queue, context, plugin, this.#analytics),
        ),
      ),
    );
    this.waitFor(registered, PLUGIN_LOAD_MAX_MS);
    return registered;
  }

  /** Takes plugins away. */
  deregister(context: Context, names: string[]): Promise<unknown> {
    const { queue } = this.#analytics;
    const gone = this.pipeline().then(({ deregister }) =>
      Promise.all(
        names.map((name) => deregister(queue, context, name, this.#analytics)),
      ),
    );
    this.waitFor(gone, PLUGIN_LOAD_MAX_MS);
    return gone;
  }

  /** Adds middleware; later events pass it. */
  addSourceMiddleware(middleware: MiddlewareFunction): Promise<unknown> {
    const added = import("./middleware").then(({ sourceMiddleware }) => {
      const destinations = this.#analytics.queue.plugins
        .filter(({ type }) => type === "destination")
        .map(({ name }) => [name, true]);
      const plugin = sourceMiddleware(
        middleware,
        Object.fromEntries(destinations),
      );
      return this.register(Context.system(), [plugin]);
    });
    this.waitFor(added, PLUGIN_LOAD_MAX_MS);
    return added;
  }
}
