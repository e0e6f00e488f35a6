/** What the visitor allows: `required` holds calls in memory until an answer is given. */
export type Consent = "granted" | "required" | "denied";

/** What the promise of a call is rejected with where the visitor said no. */
export const CONSENT_DENIED = "Not recorded: consent was denied";

/** The gate that every path to storage, cookies and network passes. */
export class Gate {
  #state: Consent;
  readonly #onGranted: () => void;
  readonly #onDenied: () => void;

  constructor(state: Consent, onGranted: () => void, onDenied: () => void) {
    this.#state = state;
    this.#onGranted = onGranted;
    this.#onDenied = onDenied;
    if (state === "granted") onGranted();
  }

  get state(): Consent {
    return this.#state;
  }

  /** Takes the visitor's answer: `analytics` opens the gate, or drops what is held. */
  update(choice: { analytics: boolean }): void {
    const next = choice.analytics ? "granted" : "denied";
    if (next === this.#state) return;
    this.#state = next;
    if (next === "granted") this.#onGranted();
    else this.#onDenied();
  }
}
