import type { Choices } from "../model/consent";

/** Global Privacy Control, or the older Do Not Track. */
export type Signal = "gpc" | "dnt";

/** The signals that are honoured, or what each of them refuses. */
export type Signals =
  readonly Signal[] | Readonly<Partial<Record<Signal, readonly string[]>>>;

interface Signalling {
  globalPrivacyControl?: unknown;
  doNotTrack?: unknown;
}

/** Whether the browser says so for its user, without any header's being looked at. */
function isSent(signal: Signal): boolean {
  const { globalPrivacyControl, doNotTrack } = (globalThis.navigator ??
    {}) as Signalling;
  return signal === "gpc"
    ? globalPrivacyControl === true || globalPrivacyControl === "1"
    : doNotTrack === "1" || doNotTrack === "yes";
}

/** The categories that the honoured signals refuse: all of them if none is named. */
export function saidBy(honor: Signals | undefined, category: string): Choices {
  const named: Partial<Record<Signal, readonly string[]>> = Array.isArray(honor)
    ? Object.fromEntries((honor as Signal[]).map((one) => [one, [category]]))
    : ((honor ?? {}) as Partial<Record<Signal, readonly string[]>>);
  const refused = (Object.keys(named) as Signal[])
    .filter(isSent)
    .flatMap((signal) => named[signal] ?? []);
  return Object.fromEntries(refused.map((one) => [one, false]));
}
