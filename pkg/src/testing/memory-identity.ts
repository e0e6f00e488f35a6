/** The visitor's identity in memory, in place of the core for `User` and `Group`. */
import type { Engine } from "../core/engine";
import {
  ANONYMOUS_ID,
  GROUP_ID,
  GROUP_TRAITS,
  USER_ID,
  USER_TRAITS,
} from "../core/identity-keys";

/** The part of the core that is about identity. */
export type Identity = Pick<Engine, "identity" | "setIdentity" | "assume">;

/** Creates an identity; anonymous ids count up, so that tests are repeatable. */
export function memoryIdentity(): Identity {
  let drawn = 0;
  const values: (string | undefined)[] = [];
  return {
    identity: (key) => {
      if (key === ANONYMOUS_ID) values[key] ??= `anonymous_${++drawn}`;
      return values[key];
    },
    setIdentity: (key, value) => void (values[key] = value ?? undefined),
    assume: (isGroup, id, text) => {
      const idKey = isGroup ? GROUP_ID : USER_ID;
      const traitsKey = isGroup ? GROUP_TRAITS : USER_TRAITS;
      const same = id === undefined || id === null || id === values[idKey];
      const known = (same && values[traitsKey]) || "{}";
      values[traitsKey] = JSON.stringify({
        ...(JSON.parse(known) as object),
        ...(JSON.parse(text) as object),
      });
      if (!same) values[idKey] = id;
    },
  };
}
