/** The stores of `analytics.storage`, for the page's own values; the core stores the identity. */
import { snapshot } from "../base/snapshot";
import { decodeCookie, encodeCookie } from "../base/cookie-codec";
import { readCookie } from "../page/page";
import type {
  CookieOptions,
  StorageSettings,
  Store,
  StoreType,
} from "../model/storage";
import { UniversalStorage } from "../model/universal-storage";

const DAY_MS = 86_400_000;
const COOKIE_DAYS = 365;
/** The probe cookie that finds the shared domain, as in the core (contract, §b.2). */
const PROBE = "__tld__";

/** A stored value: parsed as JSON, or else the text itself. */
function parsed(text: string | null | undefined): any {
  if (text == null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function memory(): Store {
  const kept: Record<string, any> = { __proto__: null };
  return {
    get: (key) => kept[key] ?? null,
    set: (key, value) => (kept[key] = value),
    remove: (key) => delete kept[key],
  };
}

const local: Store = {
  get: (key) => parsed(localStorage.getItem(key)),
  set: (key, value) => localStorage.setItem(key, snapshot(value)),
  remove: (key) => localStorage.removeItem(key),
};

function storedCookie(name: string): string | undefined {
  const text = readCookie(name);
  return text && decodeCookie(text);
}

function writeCookie(name: string, value: string, o: CookieOptions): void {
  const text = encodeCookie(value);
  const until = new Date(+new Date() + Number(o.maxage) * DAY_MS).toUTCString();
  const domain = o.domain ? `; domain=${o.domain}` : "";
  const secure = o.secure ? "; secure" : "";
  document.cookie = `${name}=${text}; path=${o.path}; sameSite=${o.sameSite}; expires=${until}${domain}${secure}`;
}

/** The domain that all subdomains share: the shortest that accepts a cookie. */
function sharedDomain(rest: CookieOptions): string | undefined {
  const parts = location.hostname.split(".");
  if (parts.length === 4 && Number(parts[3]) > 0) return undefined;
  for (let at = parts.length - 2; at >= 0; at--) {
    const domain = parts.slice(at).join(".");
    writeCookie(PROBE, "1", { ...rest, domain });
    if (storedCookie(PROBE)) {
      writeCookie(PROBE, "", { ...rest, domain, maxage: -1 });
      return domain;
    }
  }
  return undefined;
}

function cookies(given: CookieOptions | undefined): Store {
  const plain: CookieOptions = {
    maxage: COOKIE_DAYS,
    path: "/",
    sameSite: "Lax",
    ...given,
  };
  let known: CookieOptions | undefined;
  const options = () =>
    (known ??=
      "domain" in plain ? plain : { ...plain, domain: sharedDomain(plain) });
  const remove = (key: string) =>
    writeCookie(key, "", { ...options(), maxage: -1 });
  return {
    get: (key) => parsed(storedCookie(key)),
    set: (key, value) => {
      if (value == null) return remove(key);
      const text = typeof value === "string" ? value : snapshot(value);
      writeCookie(key, text, options());
    },
    remove,
    crossesSubdomains: true,
  } as Store;
}

/** Opens the stores that the options of `load` name, or the same ones as Segment's client. */
export function openStorage(
  storage: StorageSettings | undefined,
  cookie: CookieOptions | undefined,
  inMemory = false,
): UniversalStorage {
  const make: Record<StoreType, () => Store> = {
    cookie: () => cookies(cookie),
    localStorage: () => local,
    memory,
  };
  const usual: StoreType[] = ["localStorage", "cookie", "memory"];
  const asked = storage?.stores;
  const known = Array.isArray(asked) && asked.every((name) => name in make);
  const names = inMemory ? (["memory"] as const) : known ? asked : usual;
  return new UniversalStorage(names.map((name) => make[name]()));
}
