import { openChannel, sleep } from "../base/platform";
import { ROLL_CALL_MS, TAKEOVER_WAIT_MAX_MS } from "../base/limits";

const CHANNEL = "waymark";

type Message = { ask: true } | { alive: string };

/**
 * Does `work` while no other tab does the same. Without locks, or if a hanging tab holds the lock,
 * it goes ahead: the server removes the duplicates of events sent by two tabs.
 */
export async function alone(work: () => Promise<void>): Promise<void> {
  let begun = false;
  const once = async () => {
    if (begun) return;
    begun = true;
    await work();
  };
  try {
    const signal = AbortSignal.timeout(TAKEOVER_WAIT_MAX_MS);
    await navigator.locks.request(CHANNEL, { signal }, once);
  } catch {
    await once();
  }
}

/** Tells the pages of this origin that this one is alive, and asks which others are. */
export class RollCall {
  readonly #own: string;
  #channel: BroadcastChannel | undefined;
  #alive: string[] | undefined;

  constructor(own: string) {
    this.#own = own;
    this.open();
  }

  /** Starts to answer. */
  open(): void {
    const channel = (this.#channel ??= openChannel(CHANNEL));
    if (!channel) return;
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if ("ask" in data) channel.postMessage({ alive: this.#own });
      else this.#alive?.push(data.alive);
    };
  }

  /** Stops answering: an open channel may keep a page out of the back/forward cache. */
  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  /** Those of `segments` for which no page answers. */
  async orphans(segments: readonly string[]): Promise<string[]> {
    if (segments.length === 0) return [];
    const alive: string[] = [];
    this.#alive = alive;
    this.#channel?.postMessage({ ask: true });
    await sleep(ROLL_CALL_MS);
    this.#alive = undefined;
    return segments.filter((segment) => alive.indexOf(segment) < 0);
  }
}
