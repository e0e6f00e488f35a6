import { listen, openChannel } from "../base/platform";
import type { Choices } from "../model/consent";

const CHANNEL = "waymark:consent";

/** Shares the visitor's answers with the other tabs of this origin. */
export class ConsentChannel {
  readonly #heard: (choices: Choices) => void;
  readonly #returned: () => void;
  #channel: BroadcastChannel | undefined;

  /** `returned` is called when the page comes back and may have missed answers. */
  constructor(heard: (choices: Choices) => void, returned: () => void) {
    this.#heard = heard;
    this.#returned = returned;
  }

  /** Starts to listen; an open channel could keep the page out of the back/forward cache. */
  open(): void {
    // A server has channels too; an open one would keep the process alive.
    if (typeof document === "undefined") return;
    this.#listen();
    listen("pagehide", () => {
      this.#channel?.close();
      this.#channel = undefined;
    });
    listen("pageshow", ({ persisted }) => {
      if (!persisted) return;
      this.#listen();
      this.#returned();
    });
  }

  #listen(): void {
    const channel = (this.#channel ??= openChannel(CHANNEL));
    if (channel) channel.onmessage = ({ data }) => this.#heard(data as Choices);
  }

  /** Sends the choices to the other tabs. */
  tell(choices: Choices): void {
    this.#channel?.postMessage(choices);
  }
}
