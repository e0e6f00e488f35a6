import { JOURNAL_OPEN_MAX_MS } from "../base/limits";
import { freshFrame } from "../base/platform";
import type { Item } from "./item";
import { remove } from "./lists";

const DATABASE = "waymark";
const RECORDS = "records";

/** A record's key: the segment of the page that owns it, and its number there. */
export type RecordKey = [segment: string, number: number];

/** The items of one task, in the order of the calls. */
export interface JournalRecord {
  segment: string;
  number: number;
  writeKey: string;
  items: readonly Item[];
}

/** A record before and after it was taken over. */
export interface AdoptedRecord {
  from: JournalRecord;
  record: JournalRecord;
}

/** The frame whose databases this page uses: a connection ends with its document. */
let keeper: HTMLIFrameElement | undefined;

/** The databases of a new document: where WebKit's storage process ends, an old one has none. */
function ofFreshFrame(): IDBFactory {
  keeper?.remove();
  keeper = freshFrame();
  return (keeper.contentWindow as Window & typeof globalThis).indexedDB;
}

/** The journal's database. */
export class JournalStore {
  readonly #database: IDBDatabase;
  /** Transactions under way that need the page. */
  readonly #underWay: IDBTransaction[] = [];

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** Opens the database; rejects if it is refused or takes too long. */
  static async open(lost: () => void): Promise<JournalStore> {
    try {
      return await JournalStore.#open(indexedDB, lost);
    } catch (error) {
      if ((error as Error).name !== "UnknownError") throw error;
      return JournalStore.#open(ofFreshFrame(), lost);
    }
  }

  static #open(databases: IDBFactory, lost: () => void): Promise<JournalStore> {
    return new Promise((resolve, reject) => {
      // Some browsers never answer if storage is forbidden.
      const late = setTimeout(
        () => reject(new Error("IndexedDB does not answer")),
        JOURNAL_OPEN_MAX_MS,
      );
      const request = databases.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        const keyPath = ["segment", "number"];
        request.result.createObjectStore(RECORDS, { keyPath });
      };
      request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
      request.onsuccess = () => {
        clearTimeout(late);
        const database = request.result;
        // Another version wants the database: it must not wait for this page.
        database.onversionchange = () => {
          database.close();
          lost();
        };
        database.onclose = lost;
        resolve(new JournalStore(database));
      };
    });
  }

  /** Removes the database, with the records of every page; `again` where it could not be asked. */
  static remove(again = false): void {
    try {
      const databases = again ? ofFreshFrame() : indexedDB;
      databases.deleteDatabase(DATABASE).onerror = () =>
        again || JournalStore.remove(true);
    } catch {
      // Storage is refused, so there is no database.
    }
  }

  /** Adds and removes records in one transaction; resolves when it is committed. */
  write(
    added: readonly JournalRecord[],
    removed: readonly RecordKey[],
  ): Promise<void> {
    return this.#transact("readwrite", (records) => {
      for (const record of added) records.put(record);
      for (const key of removed) records.delete(key);
      this.#needsPageNoMore(records.transaction);
    });
  }

  /** The numbers of the records of `segment`. */
  async numbers(segment: string): Promise<number[]> {
    let keys: IDBRequest<IDBValidKey[]> | undefined;
    await this.#transact("readonly", (records) => {
      keys = records.getAllKeys(IDBKeyRange.bound([segment], [segment, []]));
    });
    const found = (keys?.result ?? []) as RecordKey[];
    return found.map(([, number]) => number);
  }

  /** The segment of each record; none if the page is left meanwhile. */
  async segments(): Promise<string[]> {
    let keys: IDBRequest<IDBValidKey[]> | undefined;
    await this.#transact("readonly", (records) => {
      keys = records.getAllKeys();
    }).catch(() => (keys = undefined));
    const found = (keys?.result ?? []) as RecordKey[];
    return found.map(([segment]) => segment);
  }

  /**
   * Moves the records of `segments` with this write key to `own`, numbered by `number`, in one
   * transaction, so that only one of two competing tabs gets them.
   */
  async adopt(
    segments: readonly string[],
    own: string,
    number: () => number,
    writeKey: string,
  ): Promise<AdoptedRecord[]> {
    const adopted: AdoptedRecord[] = [];
    await this.#transact("readwrite", (records) => {
      for (const segment of segments) {
        const range = IDBKeyRange.bound([segment], [segment, []]);
        const request = records.getAll(range);
        request.onsuccess = () => {
          for (const from of request.result as JournalRecord[]) {
            if (from.writeKey !== writeKey) continue;
            const record = { ...from, segment: own, number: number() };
            records.delete([segment, from.number]);
            records.put(record);
            adopted.push({ from, record });
          }
        };
      }
    });
    return adopted;
  }

  /**
   * Commits what needs no answer of the page. WebKit suspends a page that is left, with its
   * transactions: the transactions of every later page would wait for them.
   */
  #needsPageNoMore(transaction: IDBTransaction): void {
    remove(this.#underWay, transaction);
    transaction.commit?.();
  }

  /** Ends what is under way, and leaves the records to the next page: this one is left. */
  leave(): void {
    for (const one of this.#underWay.splice(0)) {
      try {
        one.abort();
      } catch {
        // It has ended, and the page has not heard of it.
      }
    }
  }

  #transact(
    mode: IDBTransactionMode,
    work: (records: IDBObjectStore) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(RECORDS, mode);
      this.#underWay.push(transaction);
      transaction.oncomplete = () => {
        remove(this.#underWay, transaction);
        resolve();
      };
      transaction.onabort = () => {
        remove(this.#underWay, transaction);
        reject(transaction.error ?? new Error("aborted"));
      };
      work(transaction.objectStore(RECORDS));
    });
  }
}
