import type { Analytics } from "../client/analytics";
import type { User } from "../client/user";
import type { Context } from "../model/context";
import type {
  DestinationMiddlewareFunction,
  MiddlewareFunction,
  Plugin,
} from "../model/plugin";
import type { ID } from "../model/storage";
import type { Holding } from "./held";

type Listener = (...args: any[]) => void;

/** Before every call that is held, as Segment's client has it. */
const FIRST: Holding = { first: true };
/** Tells nothing of the visitor: waits even where the answer was no, as it may become yes. */
export const STAYS: Holding = { stays: true };
const FIRST_AND_STAYS: Holding = { ...FIRST, ...STAYS };

/** Methods of the loaded client that wait for it. */
export abstract class WaitingMethods {
  /** Runs an operation on the client, in its place among the calls. @internal */
  abstract whenLoaded<T>(
    operation: (client: Analytics) => T | Promise<T>,
    holding?: Holding,
  ): Promise<T>;

  /** The visitor. */
  user(): Promise<User> {
    return this.whenLoaded((client) => client.user());
  }

  /** Calls back, with an answer of each plugin, when all of them are ready. */
  ready(callback?: (answers: any) => unknown): Promise<unknown> {
    return this.whenLoaded((client) => client.ready(callback));
  }

  /** Sets the anonymous id, which is also what it resolves to; calls held before get it too. */
  setAnonymousId(id?: string | null): Promise<ID> {
    return this.whenLoaded((client) => client.setAnonymousId(id), FIRST);
  }

  /** Registers plugins; calls held before pass them too. */
  register(...plugins: Plugin[]): Promise<Context> {
    return this.whenLoaded(
      (client) => client.register(...plugins),
      FIRST_AND_STAYS,
    );
  }

  /** Takes away the plugins of these names. */
  deregister(...names: string[]): Promise<Context> {
    return this.whenLoaded((client) => client.deregister(...names), STAYS);
  }

  /** Lets `middleware` see, change or stop every event; calls held before too. */
  addSourceMiddleware(middleware: MiddlewareFunction): Promise<Analytics> {
    return this.whenLoaded(
      (client) => client.addSourceMiddleware(middleware),
      FIRST_AND_STAYS,
    );
  }

  /** Hands middleware to destination plugins that take it. */
  addDestinationMiddleware(
    integrationName: string,
    ...middlewares: DestinationMiddlewareFunction[]
  ): Promise<Analytics> {
    return this.whenLoaded(
      (client) =>
        client.addDestinationMiddleware(integrationName, ...middlewares),
      STAYS,
    );
  }

  /** @deprecated Use `page`. */
  pageView(url: string): Promise<Analytics> {
    return this.whenLoaded((client) => client.pageview(url));
  }

  #set(
    operation: (client: Analytics) => unknown,
    holding: Holding = STAYS,
  ): this {
    void this.whenLoaded((client) => void operation(client), holding);
    return this;
  }

  /** Calls `listener` for each such event from now on. */
  on(event: string, listener: Listener): this {
    return this.#set((client) => client.on(event, listener), FIRST_AND_STAYS);
  }

  /** Calls `listener` for the next such event only. */
  once(event: string, listener: Listener): this {
    return this.#set((client) => client.once(event, listener));
  }

  /** Stops calling `listener`. */
  off(event: string, listener: Listener): this {
    return this.#set((client) => client.off(event, listener));
  }

  /** Logs what happens to each event. */
  debug(on: boolean): this {
    return this.#set((client) => client.debug(on));
  }
}
