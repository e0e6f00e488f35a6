import type { Choices } from "../model/consent";

/** Global Privacy Control, or the older Do Not Track. */
export type Signal = "gpc" | "dnt";

/** The signals to honour, or the categories that each of them denies. */
export type Signals =
  readonly Signal[] | Readonly<Partial<Record<Signal, readonly string[]>>>;

interface Signalling {
  globalPrivacyControl?: unknown;
  doNotTrack?: unknown;
}

/** Whether the browser sends this signal, as its script API shows. */
function isSent(signal: Signal): boolean {
  const { globalPrivacyControl, doNotTrack } = (globalThis.navigator ??
    {}) as Signalling;
  return signal === "gpc"
    ? globalPrivacyControl === true || globalPrivacyControl === "1"
    : doNotTrack === "1" || doNotTrack === "yes";
}

/** The denials that the honoured signals make; `category` applies if they name none. */
export function saidBy(honor: Signals | undefined, category: string): Choices {
  const named: Partial<Record<Signal, readonly string[]>> = Array.isArray(honor)
    ? Object.fromEntries((honor as Signal[]).map((one) => [one, [category]]))
    : ((honor ?? {}) as Partial<Record<Signal, readonly string[]>>);
  const refused = (Object.keys(named) as Signal[])
    .filter(isSent)
    .flatMap((signal) => named[signal] ?? []);
  return Object.fromEntries(refused.map((one) => [one, false]));
}
