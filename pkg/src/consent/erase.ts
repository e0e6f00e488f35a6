/** Erases what Waymark keeps in a browser; fetched when a visitor denies consent. */
import { ofDocument } from "../base/document";
import type { InitOptions } from "../model/load";
import type { UserOptions } from "../model/storage";

/** The default keys of the identity (contract, §b.1). */
const KEYS = [
  "ajs_anonymous_id",
  "ajs_user_id",
  "ajs_user_traits",
  "ajs_group_id",
  "ajs_group_properties",
];
/** Other cookies: the ad's referrer, the probe for the shared domain, and older versions' own. */
const COOKIES = ["s%3Acontext.referrer", "__tld__", "ajs_user", "_sio"];
/** The prefix of Waymark's own keys, and the one key that stays: the stored denial. */
const PREFIX = "waymark:";
const DENIAL = "waymark:consent";
const DATABASE = "waymark";

const ofProfile = (own?: UserOptions) => [
  own?.cookie?.key,
  own?.localStorage?.key,
];

/** The domains whose cookies this page sees: its own and each parent. */
function domains(): string[] {
  const parts = location.hostname.split(".");
  return ["", ...parts.map((_, at) => `; domain=${parts.slice(at).join(".")}`)];
}

function eraseCookies(names: string[], { cookie }: InitOptions): void {
  const seen = ofDocument("cookie")
    .split("; ")
    .map((one) => one.split("=")[0]);
  const own = cookie?.domain ? [`; domain=${cookie.domain}`] : [];
  for (const name of names.filter((one) => seen.includes(one))) {
    for (const domain of [...domains(), ...own]) {
      const path = cookie?.path ?? "/";
      document.cookie = `${name}=; path=${path}; max-age=0${domain}`;
    }
  }
}

function eraseKeys(store: Storage, names: string[]): void {
  for (const key of Object.keys(store)) {
    const own = key.startsWith(PREFIX) && key !== DENIAL;
    if (own || names.includes(key)) store.removeItem(key);
  }
}

function eraseDatabase(): Promise<void> {
  return new Promise((done) => {
    const request = indexedDB.deleteDatabase(DATABASE);
    request.onsuccess = request.onerror = () => done();
  });
}

/** Erases the identity and the journal; a store that the browser refuses is empty anyway. */
export async function erase(options: InitOptions): Promise<void> {
  const given = [...ofProfile(options.user), ...ofProfile(options.group)];
  const names = [...KEYS, ...given.filter((one) => one !== undefined)];
  const steps: (() => void | Promise<void>)[] = [
    () => eraseCookies([...names, ...COOKIES], options),
    () => eraseKeys(localStorage, names),
    () => eraseKeys(sessionStorage, names),
    eraseDatabase,
  ];
  for (const step of steps) {
    try {
      await step();
    } catch {
      // The other stores are erased all the same.
    }
  }
}
