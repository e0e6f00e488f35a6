import { snapshot } from "../base/snapshot";
import type { HeldCall } from "../call/call";
import { HELD_CALLS_MAX } from "../base/limits";
import { PAGE_TEXTS, type PageTexts } from "../page/page";
import { ConsentChannel } from "./channel";
import type { Choices, ConsentOption, ConsentPolicy } from "../model/consent";
import { denial } from "./stored-denial";
import { STEPS } from "./steps";

/** The states of consent, in the order of `waymark_core::consent::Answer`. */
const ANSWERS = ["granted", "unknown", "denied"] as const;
/** Whether calls are recorded, held in memory, or dropped. */
export type Answer = (typeof ANSWERS)[number];

const GRANTED = 0;
const UNKNOWN = 1;
const DENIED = 2;

/** Inputs of `waymark_core::consent::Input`: a denial is one more than its grant. */
const OWN = 0;
const HEARD = 2;
const SIGNAL = 4;
const RECALL = 5;

/** Actions, one bit each, as in `waymark_core::consent`. */
export const START = 1;
export const DROP = 2;
export const ERASE = 4;
const TELL = 8;
const REMEMBER = 16;
const FORGET = 32;

/** The message of a call's rejection when consent is denied. */
export const CONSENT_DENIED = "Not recorded: consent was denied";

const ANALYTICS = "analytics";

/** The gate that every path to storage, cookies and network passes. */
export class Gate {
  #state: number;
  #choices: Choices = {};
  readonly #policy: ConsentPolicy | undefined;
  readonly #category: string;
  /** Whether the gate stores a denial itself, because no banner remembers it. */
  readonly #remembers: boolean;
  readonly #act: (done: number) => void;
  readonly #channel: ConsentChannel;
  /** Calls that wait for the answer to a category of their own. */
  #waiting: (() => void)[] = [];
  #listeners: ((gate: Gate) => void)[] = [];

  /** Number of calls dropped for lack of consent. */
  dropped = 0;

  /** `act` carries out the actions on the client and the held calls. */
  constructor(
    option: ConsentOption = "granted",
    act: (done: number) => void = () => {},
  ) {
    const isPolicy = typeof (option as ConsentPolicy)?.begin === "function";
    this.#policy = isPolicy ? (option as ConsentPolicy) : undefined;
    // What is not understood is no consent.
    const required = this.#policy?.required ?? option !== "granted";
    this.#state = required ? UNKNOWN : GRANTED;
    this.#remembers = !required && !this.#policy?.isRemembered;
    this.#category = this.#policy?.category ?? ANALYTICS;
    this.#act = act;
    this.#channel = new ConsentChannel(
      (choices) => this.#take(choices, HEARD),
      () => this.#recall(),
    );
  }

  /** Starts to listen for answers, and to record if that is allowed. */
  begin(): void {
    this.#take({}, SIGNAL);
    this.#recall();
    if (this.#state === GRANTED) this.#act(START);
    this.#channel.open();
    this.#policy?.begin((choices) => this.update(choices));
  }

  #recall(): void {
    if (this.#remembers && this.#state === GRANTED && denial("getItem")) {
      this.#step(RECALL);
    }
  }

  /** The consent to recording in general. */
  get state(): Answer {
    return ANSWERS[this.#state]!;
  }

  /** The visitor's choices so far, by category. */
  get choices(): Choices {
    return this.#choices;
  }

  /** Takes the visitor's choices; categories that are not named keep theirs. */
  update(choices: Choices): void {
    this.#take(choices, OWN);
  }

  /** Calls `listener` on each change; returns a function that ends this. */
  onChange(listener: (gate: Gate) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== listener);
    };
  }

  #take(given: Choices, source: number): void {
    const all = { ...this.#choices, ...given };
    const choices = this.#policy?.standing(all) ?? all;
    if (snapshot(choices) === snapshot(this.#choices)) return;
    this.#choices = choices;
    const answer = choices[this.#category];
    if (answer !== undefined) {
      this.#step(source === SIGNAL ? source : source + (answer ? 0 : 1));
    }
    if (answer === undefined && source === OWN) this.#channel.tell(choices);
    this.#waiting.splice(0).forEach((look) => look());
    this.#listeners.forEach((listener) => listener(this));
  }

  #step(input: number): void {
    const cell = STEPS[this.#state]![input]!;
    this.#state = cell & 3;
    const done = cell >> 2;
    if (this.#remembers) {
      if (done & REMEMBER) denial("setItem");
      if (done & FORGET) denial("removeItem");
    }
    if (done & TELL) this.#channel.tell(this.#choices);
    this.#act(done);
  }

  /** The state of one category, as an index into `ANSWERS`. */
  #answer(category: string): number {
    const choice = this.#choices[category];
    if (choice !== undefined) return choice ? GRANTED : DENIED;
    return this.#policy?.required ? UNKNOWN : GRANTED;
  }

  /** The strictest state among the categories that a call needs. */
  #verdict(text: string): number {
    const needed = this.#policy?.needs(text) ?? [];
    return Math.max(this.#state, ...needed.map((one) => this.#answer(one)));
  }

  /** Whether the call with this text may be recorded now; `undefined` if it must be dropped. */
  allows(text: string): boolean | undefined {
    const verdict = this.#verdict(text);
    return verdict === DENIED ? undefined : verdict === GRANTED;
  }

  /** Stamps a call with the choices so far. */
  stamp(call: HeldCall): void {
    const { length } = Object.keys(this.#choices);
    if (call.page.length > PAGE_TEXTS || length === 0) return;
    const refused = this.#policy?.refused((one) => this.#answer(one) === 0);
    call.page = [
      ...(call.page as PageTexts),
      snapshot({ categoryPreferences: this.#choices }),
      snapshot(refused ?? {}),
    ];
  }

  /**
   * Admits a call: at once, or when the promise resolves.
   *
   * @throws {Error} if it is refused
   */
  admit(call: HeldCall): Promise<void> | undefined {
    const allowed = this.allows(call.text);
    if (allowed) return this.stamp(call) as undefined;
    if (allowed === undefined || this.#waiting.length >= HELD_CALLS_MAX) {
      this.dropped++;
      throw new Error(CONSENT_DENIED);
    }
    return new Promise<void>((done) => this.#waiting.push(done));
  }

  /** Number of calls that wait for the answer to a category of their own. */
  get waiting(): number {
    return this.#waiting.length;
  }
}
