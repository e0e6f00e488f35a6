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

/** Runs before all held calls, as in Segment's client. */
const FIRST: Holding = { first: true, steers: true };
/** Has no data of the visitor, so it is kept even while consent is denied. */
export const STAYS: Holding = { stays: true };
const FIRST_AND_STAYS: Holding = { ...FIRST, ...STAYS };
/** Only listens. */
const LISTENS: Holding = { ...FIRST_AND_STAYS, steers: false };

/** The methods that wait until the client is loaded. */
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

  /** Calls `callback` with each plugin's answer once all plugins are ready. */
  ready(callback?: (answers: any) => unknown): Promise<unknown> {
    return this.whenLoaded((client) => client.ready(callback));
  }

  /** Sets the anonymous id and resolves with it; calls that are held already get it too. */
  setAnonymousId(id?: string | null): Promise<ID> {
    return this.whenLoaded((client) => client.setAnonymousId(id), FIRST);
  }

  /** Registers plugins; calls that are held already pass through them too. */
  register(...plugins: Plugin[]): Promise<Context> {
    return this.whenLoaded(
      (client) => client.register(...plugins),
      FIRST_AND_STAYS,
    );
  }

  /** Removes the plugins with these names. */
  deregister(...names: string[]): Promise<Context> {
    return this.whenLoaded((client) => client.deregister(...names), STAYS);
  }

  /** Lets `middleware` see, change or stop every event, also of calls that are held already. */
  addSourceMiddleware(middleware: MiddlewareFunction): Promise<Analytics> {
    return this.whenLoaded(
      (client) => client.addSourceMiddleware(middleware),
      FIRST_AND_STAYS,
    );
  }

  /** Adds middleware to the destination plugins that support it. */
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

  /** Calls `listener` each time `event` is emitted. */
  on(event: string, listener: Listener): this {
    return this.#set((client) => client.on(event, listener), LISTENS);
  }

  /** Calls `listener` the next time `event` is emitted. */
  once(event: string, listener: Listener): this {
    return this.#set((client) => client.once(event, listener));
  }

  /** Removes `listener`. */
  off(event: string, listener: Listener): this {
    return this.#set((client) => client.off(event, listener));
  }

  /** Logs what happens to each event. */
  debug(on: boolean): this {
    return this.#set((client) => client.debug(on));
  }
}
