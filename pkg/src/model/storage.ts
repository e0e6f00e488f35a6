/** Types of the visitor's stored data. */

/** Attributes of the identity's cookies. */
export interface CookieOptions {
  /** By default the widest domain that the browser allows. */
  domain?: string;
  /** Days until the cookies expire, 365 by default. */
  maxage?: number;
  /** `/` by default. */
  path?: string;
  /** `Lax` by default. */
  sameSite?: string;
  /** Whether the cookies are sent over https only. */
  secure?: boolean;
}

/** An id, or `null`. */
export type ID = string | null | undefined;

/** Something that has an id. */
export interface WithId {
  /** Returns the id; sets it if one is given. */
  id(id?: ID): ID;
}

/** A place to keep things. */
export type StoreType = "cookie" | "localStorage" | "memory";

/** Values by their keys. */
export type StorageObject = Record<string, unknown>;

/** Something that keeps values. */
export interface Store<Data extends StorageObject = StorageObject> {
  /** The value, or `null`. */
  get<K extends keyof Data>(key: K): Data[K] | null;
  /** Keeps a value. */
  set<K extends keyof Data>(key: K, value: Data[K] | null): void;
  /** Forgets a value. */
  remove<K extends keyof Data>(key: K): void;
}

/** The `storage` option. */
export interface StorageSettings {
  /** The first one wins. */
  stores: StoreType[];
}

/** The `user` and `group` options. */
export interface UserOptions {
  /** Knows and stores nothing. */
  disable?: boolean;
  /** Does without localStorage. */
  localStorageFallbackDisabled?: boolean;
  /** `false` keeps it in memory. */
  persist?: boolean;
  cookie?: { key?: string; oldKey?: string };
  localStorage?: { key: string };
  storage?: StorageSettings;
}
