/** Erases what Waymark keeps in a browser; fetched when a visitor denies consent. */
import { ofDocument } from "../base/platform";
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

/** Removes the cookies that the page can read, whatever their domains and paths. */
function eraseCookies(names: string[]): void {
  const seen = ofDocument("cookie")
    .split("; ")
    .map((one) => one.split("=")[0]);
  for (const name of names.filter((one) => seen.includes(one))) {
    for (let domain = `-.${location.hostname}`; domain;) {
      domain = domain.replace(/^.[^.]*/, "");
      for (let path = `${location.pathname}/`; path;) {
        document.cookie = `${name}=; path=${path}; max-age=0; domain=${domain}`;
        path = path.replace(/(\/|[^/]+)$/, "");
      }
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
    () => eraseCookies([...names, ...COOKIES]),
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
