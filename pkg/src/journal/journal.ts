/** Keeps items until they are settled: in IndexedDB, in localStorage as the page goes, or in memory. */
import { RECORD_CHARS_MAX } from "../base/limits";
import { inMicrotask } from "../base/platform";
import { randomId } from "../base/random-id";
import { newEntry, recordsOf, settledIn } from "./entry";
import type { Entry, IsTaken, Restored } from "./entry";
import type { Item } from "./item";
import { distinct, remove } from "./lists";
import { isSpilled, leftSpills, readSpills, removeSpill, spill } from "./spill";
import type { SpilledRecord } from "./spill";
import { JournalStore, type RecordKey } from "./store";
import { leaveTab, takeTab } from "./tab";
import { alone, RollCall } from "./tabs";

/** One page's journal for one write key. */
export class Journal {
  readonly #writeKey: string;
  readonly #segment: string = randomId();
  readonly #roll: RollCall;
  /** The segments of this tab's earlier pages, until this one has taken them over. */
  #before: string[];
  #store: JournalStore | undefined;
  #hadStore = false;
  #opened: Promise<unknown>;
  #numbered = 0;
  /** The record of the current task. */
  #burst: Entry | undefined;
  /** The records with items that are not settled. */
  #live: Entry[] = [];
  #unwritten: Entry[] = [];
  #settled: RecordKey[] = [];
  /** Settled records that the database may still hold. */
  #removing: number[] = [];
  /** Spills that this journal has taken over: of other pages, and of this one's first script. */
  #foreign: string[] = [];
  /** Numbers of the records in this page's spill, if it has one. */
  #spilled: number[] | undefined;
  #flushing = false;
  /** Whether the database was deleted, or its connection ended. */
  #isLost = false;
  #writing: Promise<void> | undefined;
  #forget: ((isTaken: IsTaken) => void) | undefined;
  #left = false;
  /** Whether consent was withdrawn, so that nothing is kept. */
  #closed = false;

  /** Opens it; `early` is the segment of this page's spill of the calls that it held before. */
  constructor(writeKey: string, early: string) {
    this.#writeKey = writeKey;
    this.#roll = new RollCall(this.#segment);
    this.#before = takeTab(this.#segment).filter((one) => one !== early);
    this.#foreign.push(early);
    this.#opened = this.#openStore();
  }

  async #openStore(): Promise<void> {
    const again = this.#isLost;
    this.#isLost = false;
    try {
      const store = await JournalStore.open(() => this.#lose(store));
      this.#store = store;
      this.#hadStore = true;
      this.#flush();
    } catch {
      // Refused: what is uncommitted stays in memory, and in a spill.
      this.#isLost = again;
    }
  }

  /** Writes all that is not settled again, once the next item has the database opened. */
  #lose(store: JournalStore): void {
    if (store !== this.#store) return;
    this.#store = undefined;
    this.#isLost = true;
    this.#unwritten = [...this.#live];
    for (const entry of this.#live) entry.committed = false;
  }

  /** Stops keeping items, and removes those of every page. */
  close(): void {
    this.#closed = true;
    this.#roll.close();
    this.#store = this.#burst = this.#spilled = undefined;
    this.#isLost = false;
    this.#unwritten.length = this.#foreign.length = 0;
    this.#live.length = this.#removing.length = 0;
    JournalStore.remove();
  }

  /** Starts keeping items again after `close`. */
  open(): void {
    if (!this.#closed) return;
    this.#closed = false;
    this.#roll.open();
    takeTab(this.#segment);
    this.#opened = this.#openStore();
  }

  /** Keeps an item, in the database by the end of the page's current task. */
  add(item: Item): Entry {
    if (this.#closed) return newEntry(this.#numbered++);
    const entry = this.#burst ?? this.#begin();
    entry.items.push(item);
    entry.chars += item[2].length;
    entry.live++;
    if (entry.chars > RECORD_CHARS_MAX) this.#burst = undefined;
    if (this.#left) this.#spill();
    return entry;
  }

  #begin(): Entry {
    const entry = newEntry(this.#numbered++);
    this.#burst = entry;
    this.#unwritten.push(entry);
    this.#live.push(entry);
    this.#queueFlush();
    return entry;
  }

  /** Notes that one item of `entry` is settled. */
  done(entry: Entry): void {
    if (--entry.live > 0 || this.#closed) return;
    remove(this.#live, entry);
    if (this.#burst === entry) this.#burst = undefined;
    this.#queueFlush();
    if (!this.#hadStore) return;
    this.#settled.push([this.#segment, entry.number]);
    this.#removing.push(entry.number);
  }

  #queueFlush(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    void inMicrotask(() => {
      this.#flushing = false;
      this.#burst = undefined;
      this.#flush();
    });
  }

  #flush(): void {
    const store = this.#store;
    if (!store) {
      if (this.#isLost && !this.#left) this.#opened = this.#openStore();
      // The page may be killed, or left without a word.
      if (this.#uncommitted.length > 0) return this.#spill();
      return this.#committed([]);
    }
    const entries = this.#unwritten.splice(0).filter(({ live }) => live > 0);
    const settled = this.#settled.splice(0);
    if (entries.length + settled.length === 0) return this.#committed([]);
    const records = recordsOf(entries, this.#segment, this.#writeKey);
    const write = async () => store.write(records, settled);
    this.#writing = write().then(
      () => {
        settled.forEach(([, number]) => remove(this.#removing, number));
        if (store === this.#store) this.#committed(entries);
      },
      ({ name }) => {
        // The disk is full, or the connection has ended without a word: the next write has it again.
        if (this.#closed) return;
        this.#settled.push(...settled);
        if (store === this.#store) this.#unwritten.unshift(...entries);
        this.#spill();
        if (name === "InvalidStateError") this.#lose(store);
        if (this.#isLost) this.#queueFlush();
      },
    );
  }

  get #uncommitted(): Entry[] {
    return this.#live.filter(({ committed }) => !committed);
  }

  #committed(entries: Entry[]): void {
    if (this.#closed) return;
    for (const entry of entries) entry.committed = true;
    if (this.#uncommitted.length > 0) return;
    this.#foreign.splice(0).forEach(removeSpill);
    if (this.#spilled) removeSpill(this.#segment);
    this.#spilled = undefined;
  }

  /** Takes over the items that earlier pages of this tab left. */
  async ofThisTab(): Promise<Restored[]> {
    if (this.#before.length === 0) return [];
    await this.#opened;
    const left = await this.#adopt(this.#before);
    this.#before = [];
    return left;
  }

  /** Takes over the items of all pages that are gone, in this tab and others. */
  async ofOtherTabs(): Promise<Restored[]> {
    await this.#opened;
    const stored = (await this.#store?.segments()) ?? [];
    const others = distinct([...stored, ...leftSpills(this.#writeKey)]);
    remove(others, this.#segment);
    return this.#adopt(await this.#roll.orphans(others));
  }

  /** One tab at a time, because a spill stays until its items are committed. */
  #adopt(segments: string[]): Promise<Restored[]> {
    if (segments.length === 0 || this.#closed) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      void alone(async () => {
        await this.#take(segments).then(resolve, reject);
        await this.#writing;
      });
    });
  }

  async #take(segments: string[]): Promise<Restored[]> {
    const adopting = this.#store?.adopt(
      segments,
      this.#segment,
      () => this.#numbered++,
      this.#writeKey,
    );
    const adopted = (await adopting?.catch(() => [])) ?? [];
    if (this.#closed) return [];
    const spills = readSpills(this.#writeKey);
    const settled = settledIn(spills);
    const stored: string[] = [];
    const restored: Restored[] = [];
    for (const { from, record } of adopted) {
      const { number, items } = record;
      const name = `${from.segment} ${from.number}`;
      stored.push(name);
      if (settled.indexOf(name) >= 0) {
        this.#settled.push([this.#segment, number]);
        continue;
      }
      const entry = { ...newEntry(number), committed: true };
      entry.live = entry.items.push(...items);
      this.#live.push(entry);
      restored.push(...items.map((item) => ({ item, entry })));
    }
    for (const { segment, records } of spills) {
      if (segments.indexOf(segment) < 0) continue;
      if (this.#foreign.indexOf(segment) >= 0) continue;
      this.#foreign.push(segment);
      for (const [number, items] of records) {
        if (stored.indexOf(`${segment} ${number}`) >= 0) continue;
        restored.push(
          ...items.map((item) => ({ item, entry: this.add(item) })),
        );
      }
    }
    this.#queueFlush();
    return restored.sort((a, b) => a.item[1] - b.item[1]);
  }

  #spill(always = false): void {
    const records = this.#uncommitted.map(
      ({ number, items }): SpilledRecord => [number, items],
    );
    if (records.length + this.#removing.length === 0 && !always) return;
    const kept = spill(this.#segment, this.#writeKey, records, this.#removing);
    this.#spilled = kept.map(([number]) => number);
    if (kept.length === records.length)
      this.#foreign.splice(0).forEach(removeSpill);
  }

  /** The page goes: spills what is not committed, and each later item; with `held` calls, always. */
  leave(held = false): void {
    if (this.#closed) return;
    this.#left = true;
    this.#flush();
    this.#spill(held);
    this.#store?.leave();
    this.#roll.close();
    leaveTab(this.#segment, this.#before);
  }

  /** Calls `forget` when the page comes back; see {@link Journal.returned}. */
  onTaken(forget: (isTaken: IsTaken) => void): void {
    this.#forget = forget;
  }

  /**
   * The page comes back. Resolves once `forget` has been told which records other pages took over:
   * those that are gone from the database or from the spill.
   */
  async returned(): Promise<void> {
    if (this.#closed) return;
    this.#left = false;
    this.#roll.open();
    takeTab(this.#segment);
    const spilled = this.#spilled;
    const taken = spilled && !isSpilled(this.#segment) ? spilled : [];
    const reading = this.#store?.numbers(this.#segment);
    const numbers = await reading?.catch(() => undefined);
    this.#forget?.(
      ({ number, committed }) =>
        taken.indexOf(number) >= 0 ||
        (committed && !!numbers && numbers.indexOf(number) < 0),
    );
  }
}
