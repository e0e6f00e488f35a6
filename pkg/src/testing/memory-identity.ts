/** Who the visitor is, kept in memory: what `User` and `Group` ask of the core. */
import type { Engine } from "../engine";

interface Profile {
  id: string | undefined;
  traits: string;
}

/** The part of the core that is about identity. */
export type Identity = Pick<
  Engine,
  | "profileId"
  | "setProfileId"
  | "profileTraits"
  | "setProfileTraits"
  | "anonymousId"
  | "setAnonymousId"
  | "assume"
>;

/** An identity that nobody else has; anonymous ids count up, so that tests are repeatable. */
export function memoryIdentity(): Identity {
  let drawn = 0;
  let anonymousId: string | undefined;
  const nobody = (): Profile => ({ id: undefined, traits: "{}" });
  const [user, group] = [nobody(), nobody()];
  const of = (isGroup: boolean): Profile => (isGroup ? group : user);
  return {
    profileId: (isGroup) => of(isGroup).id,
    setProfileId: (isGroup, id) => void (of(isGroup).id = id ?? undefined),
    profileTraits: (isGroup) => of(isGroup).traits,
    setProfileTraits: (isGroup, text) => void (of(isGroup).traits = text),
    anonymousId: () => (anonymousId ??= `anonymous_${++drawn}`),
    setAnonymousId: (id) => void (anonymousId = id ?? undefined),
    assume: (isGroup, id, text) => {
      const profile = of(isGroup);
      const same = id === undefined || id === null || id === profile.id;
      const before = same ? (JSON.parse(profile.traits) as object) : {};
      profile.traits = JSON.stringify({
        ...before,
        ...(JSON.parse(text) as object),
      });
      if (!same) profile.id = id;
    },
  };
}
