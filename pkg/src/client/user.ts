import { snapshot } from "../base/snapshot";
import type { Engine } from "../core/engine";
import {
  ANONYMOUS_ID,
  GROUP_ID,
  GROUP_TRAITS,
  USER_ID,
  USER_TRAITS,
} from "../core/identity-keys";
import type { ID, UserOptions } from "../model/storage";
import type { Traits } from "../model/event";

/** The visitor: ids and traits, which the core stores. */
export class User {
  readonly #engine: Engine;
  protected readonly isGroup: boolean = false;

  /** The options given to `load` as `user` or `group`. */
  readonly options: UserOptions;

  /** @internal */
  constructor(engine: Engine, options?: UserOptions) {
    this.#engine = engine;
    this.options = options ?? {};
  }

  /** A new object for the same visitor. */
  load(): User {
    return new User(this.#engine, this.options);
  }

  /** The value of `key`, set first if one is given. */
  #value(key: number, value: string | number | null | undefined): ID {
    if (value !== undefined) this.#engine.setIdentity(key, value?.toString());
    return this.#engine.identity(key);
  }

  /** The id, or `null`; an argument sets it, `null` clears it. */
  id = (id?: ID): ID => {
    const key = this.isGroup ? GROUP_ID : USER_ID;
    return this.#value(key, id) ?? null;
  };

  /** The anonymous id; an argument sets it, `null` clears it. */
  anonymousId = (id?: ID): ID => {
    if (id !== null) return this.#value(ANONYMOUS_ID, id) ?? null;
    this.#engine.setIdentity(ANONYMOUS_ID, null);
    return null;
  };

  /** The traits; an argument replaces them, `null` clears them. */
  traits = (traits?: Traits | null): Traits | undefined => {
    if (this.options.disable) return undefined;
    const text = traits === undefined ? undefined : snapshot(traits ?? {});
    const key = this.isGroup ? GROUP_TRAITS : USER_TRAITS;
    return JSON.parse(this.#value(key, text) ?? "{}") as Traits;
  };

  /** Takes over id and traits like the call `identify` or `group`, but makes no event. */
  identify(id?: ID, traits?: Traits | null): void {
    const text = snapshot(traits ?? {});
    this.#engine.assume(this.isGroup, id?.toString(), text);
  }

  /** Forgets ids and traits. */
  logout(): void {
    this.anonymousId(null);
    this.id(null);
    this.traits({});
  }

  /** Forgets ids and traits, and removes them from storage. */
  reset(): void {
    this.#engine.resetProfile(this.isGroup);
  }

  /** Does nothing, as values are stored at once; Segment's client has this method. */
  save(): boolean {
    return true;
  }
}

/** The visitor's group. */
export class Group extends User {
  protected override readonly isGroup = true;

  /** Always undefined: a group has no anonymous id. */
  override anonymousId = (): ID => undefined;
}
