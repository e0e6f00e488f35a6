import type { Engine } from "./engine";
import type { Traits } from "./types";

/** The visitor. */
export class User {
  readonly #engine: Engine;

  /** @internal */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The id given to `identify`, or `null`. */
  id(): string | null {
    return this.#engine.userId() ?? null;
  }

  /** The anonymous id; set when one is given, cleared by `null`. */
  anonymousId(id?: string | null): string | null {
    if (id !== undefined) this.#engine.setAnonymousId(id ?? undefined);
    return id === null ? null : this.#engine.anonymousId();
  }

  /** The traits given to `identify`, merged. */
  traits(): Traits {
    return JSON.parse(this.#engine.traits()) as Traits;
  }
}

/** The visitor's group. */
export class Group {
  readonly #engine: Engine;

  /** @internal */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The id given to `group`, or `null`. */
  id(): string | null {
    return this.#engine.groupId() ?? null;
  }

  /** The traits given to `group`, merged. */
  traits(): Traits {
    return JSON.parse(this.#engine.groupTraits()) as Traits;
  }
}
