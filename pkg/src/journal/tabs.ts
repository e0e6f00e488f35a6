import { sleep } from "../base/time";
import { ROLL_CALL_MS, TAKEOVER_WAIT_MAX_MS } from "../base/limits";

const CHANNEL = "waymark";
const TAB_KEY = "waymark:segment";

type Message = { ask: true } | { alive: string };

/** The segment of the page that was in this tab before, and from now on `own`. */
export function takeTab(own: string): string | null {
  try {
    const before = sessionStorage.getItem(TAB_KEY);
    sessionStorage.setItem(TAB_KEY, own);
    return before;
  } catch {
    return null;
  }
}

/**
 * Does `work` while no other tab does the same. Where there are no locks, or a tab that hangs has
 * it, the work is done all the same: events that two tabs send are one to the server.
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

/** Tells the pages of this origin that this one is alive, and asks who else is. */
export class RollCall {
  readonly #own: string;
  #channel: BroadcastChannel | undefined;
  #alive: Set<string> | undefined;

  constructor(own: string) {
    this.#own = own;
    this.open();
  }

  /** Answers from now on. */
  open(): void {
    if (this.#channel || typeof BroadcastChannel === "undefined") return;
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if ("ask" in data) channel.postMessage({ alive: this.#own });
      else this.#alive?.add(data.alive);
    };
    this.#channel = channel;
  }

  /** Answers no more: an open channel may keep a page out of the back/forward cache. */
  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  /** Which of `segments` no page answers for. */
  async orphans(segments: readonly string[]): Promise<string[]> {
    if (segments.length === 0) return [];
    const alive = new Set<string>();
    this.#alive = alive;
    this.#channel?.postMessage({ ask: true });
    await sleep(ROLL_CALL_MS);
    this.#alive = undefined;
    return segments.filter((segment) => !alive.has(segment));
  }
}
