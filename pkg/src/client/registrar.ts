import { warn, within } from "../base/platform";
import { PLUGIN_LOAD_MAX_MS } from "../base/limits";
import { Context } from "../model/context";
import type { MiddlewareFunction, Plugin } from "../model/plugin";
import type { Host } from "./host";

type Pipeline = typeof import("../plugins/pipeline");

/** Adds and removes plugins and middleware, and makes events wait until they are ready. */
export class Registrar {
  readonly #host: Host;
  readonly #builtIn: readonly Plugin[];
  #pipeline: Promise<Pipeline> | undefined;

  /** Number of events that are passing through the plugins. */
  underWay = 0;
  /** Number of tasks that events wait for. */
  waiting = 0;

  /** Resolves when all tasks that events wait for are done. */
  settled: Promise<unknown> = Promise.resolve();

  constructor(host: Host) {
    this.#host = host;
    this.#builtIn = host.queue.plugins;
  }

  /** Whether calls can go to the core directly: no plugins, and no event or task under way. */
  isClear(): boolean {
    const { plugins } = this.#host.queue;
    return (
      plugins === this.#builtIn &&
      plugins.length === 2 &&
      this.waiting + this.underWay === 0
    );
  }

  /** The module that takes events through the plugins, fetched on first use. */
  pipeline(): Promise<Pipeline> {
    return (this.#pipeline ??= import("../plugins/pipeline"));
  }

  /** Makes events wait for `task`, but no longer than `limitMs`. */
  waitFor(task: Promise<unknown>, limitMs: number): void {
    this.waiting++;
    const told = task.catch((error) => warn(error));
    const done = within(told, limitMs).then(() => this.waiting--);
    this.settled = Promise.all([this.settled, done]);
  }

  /** Registers plugins; later events pass through them. */
  register(context: Context, plugins: Plugin[]): Promise<unknown> {
    const { queue } = this.#host;
    const registered = this.pipeline().then(({ register }) =>
      Promise.all(
        plugins.map((plugin) => register(queue, context, plugin, this.#host)),
      ),
    );
    this.waitFor(registered, PLUGIN_LOAD_MAX_MS);
    return registered;
  }

  /** Removes plugins. */
  deregister(context: Context, names: string[]): Promise<unknown> {
    const { queue } = this.#host;
    const gone = this.pipeline().then(({ deregister }) =>
      Promise.all(
        names.map((name) => deregister(queue, context, name, this.#host)),
      ),
    );
    this.waitFor(gone, PLUGIN_LOAD_MAX_MS);
    return gone;
  }

  /** Adds middleware; later events pass through it. */
  addSourceMiddleware(middleware: MiddlewareFunction): Promise<unknown> {
    const added = import("../plugins/middleware").then(
      ({ sourceMiddleware }) => {
        const destinations: Record<string, boolean> = {};
        for (const { name, type } of this.#host.queue.plugins) {
          if (type === "destination") destinations[name] = true;
        }
        const plugin = sourceMiddleware(middleware, destinations);
        return this.register(Context.system(), [plugin]);
      },
    );
    this.waitFor(added, PLUGIN_LOAD_MAX_MS);
    return added;
  }
}
