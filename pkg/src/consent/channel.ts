import type { Choices } from "../model/consent";

const CHANNEL = "waymark:consent";

/** Tells the other tabs of this origin what the visitor answers, and hears it from them. */
export class ConsentChannel {
  readonly #heard: (choices: Choices) => void;
  readonly #returned: () => void;
  #channel: BroadcastChannel | undefined;

  /** `returned` is called when the page was away, and could hear nothing. */
  constructor(heard: (choices: Choices) => void, returned: () => void) {
    this.#heard = heard;
    this.#returned = returned;
  }

  /** Listens from now on, but not while the page is away: that may keep it from coming back. */
  open(): void {
    // A server has channels too, which would keep it from ending.
    if (typeof document === "undefined") return;
    this.#listen();
    addEventListener("pagehide", () => {
      this.#channel?.close();
      this.#channel = undefined;
    });
    addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return;
      this.#listen();
      this.#returned();
    });
  }

  #listen(): void {
    if (this.#channel || typeof BroadcastChannel === "undefined") return;
    this.#channel = new BroadcastChannel(CHANNEL);
    this.#channel.onmessage = ({ data }) => this.#heard(data as Choices);
  }

  /** Tells the others. */
  tell(choices: Choices): void {
    this.#channel?.postMessage(choices);
  }
}
