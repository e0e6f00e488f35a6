/** The panel's texts, read from a client through its public API alone. */
import type { Context } from "../model/context";
import type { Delivery } from "../model/delivery";
import type { ID } from "../model/storage";
import type { Traits } from "../model/event";

interface Profile {
  id(): ID;
  traits(): Traits | undefined;
}

/** The part of a client that the panel reads. `AnalyticsBrowser` has it. */
export interface Inspected {
  delivery(): Delivery;
  on(event: string, listener: (...args: any[]) => void): unknown;
  off(event: string, listener: (...args: any[]) => void): unknown;
  readonly consent?:
    | {
        readonly state: string;
        readonly choices: { readonly [category: string]: boolean | undefined };
      }
    | undefined;
  readonly instance?:
    { user(): Profile & { anonymousId(): ID }; group(): Profile } | undefined;
}

/** Options of `inspect`. */
export interface InspectorOptions {
  /** The return value of `enforcePlan`: the panel then counts events that break the plan. */
  plan?: { counts(): Record<string, number> } | undefined;
}

/** A line of the panel: a name, and its value as text. */
export type Row = readonly [name: string, text: string];

/** The panel's rows at one moment, by section. */
export interface Look {
  delivery: Row[];
  dropped: Row[];
  consent: Row[];
  identity: Row[];
  plan: Row[];
}

const json = (value: unknown) => JSON.stringify(value) ?? "none";

function deliveryRows(delivery: Delivery): Row[] {
  const { accepted, restored, sent, acknowledged, pending, retried } = delivery;
  return Object.entries({
    "waiting in the queue": pending,
    acknowledged,
    recorded: accepted,
    "from earlier pages": restored,
    "sent at least once": sent,
    "requests without an answer": retried,
  }).map(([name, count]) => [name, String(count)]);
}

/** Words for each reason. */
const REASONS: Record<string, string> = {
  refused: "refused by the server",
  queueFull: "the queue was full",
  tooOld: "too old",
  tooLarge: "too large",
  held: "too many were held",
  consent: "consent was denied",
  failed: "the core failed",
};

function droppedRows({ dropped, refused }: Delivery): Row[] {
  const { extensions, ...own } = refused;
  // The same reason may occur twice: for calls that became no event, and for events.
  const all = [own, dropped, extensions].flatMap((one) => Object.entries(one));
  const rows = all
    .filter(([, count]) => count > 0)
    .map(([why, count]): Row => [REASONS[why] ?? why, String(count)]);
  return rows.length > 0 ? rows : [["nothing was dropped", ""]];
}

function identityRows({ consent, instance }: Inspected): Row[] {
  // Asking for the anonymous id would make one.
  if (!instance || consent?.state !== "granted") {
    return [["not known before consent and load", ""]];
  }
  const user = instance.user();
  const group = instance.group();
  return [
    ["anonymous id", user.anonymousId() ?? "none"],
    ["user id", user.id() ?? "none"],
    ["user traits", json(user.traits())],
    ["group id", group.id() ?? "none"],
    ["group traits", json(group.traits())],
  ];
}

function consentRows({ consent }: Inspected): Row[] {
  if (!consent) return [["load was not called", ""]];
  const answers = Object.entries(consent.choices).map(
    ([category, granted]): Row => [category, granted ? "granted" : "denied"],
  );
  return [["state", consent.state], ...answers];
}

function planRows(plan: InspectorOptions["plan"]): Row[] {
  if (!plan) return [["no plan was given to the inspector", ""]];
  const rows = Object.entries(plan.counts()).map(([event, count]): Row => [
    event,
    String(count),
  ]);
  return rows.length > 0 ? rows : [["every event is as planned", ""]];
}

/** The rows for the client's present state. */
export function lookAt(client: Inspected, options: InspectorOptions): Look {
  const delivery = client.delivery();
  return {
    delivery: deliveryRows(delivery),
    dropped: droppedRows(delivery),
    consent: consentRows(client),
    identity: identityRows(client),
    plan: planRows(options.plan),
  };
}

/** An event as one line: its time, type and name. */
export function titleOf({ event }: Context): string {
  const { timestamp, type, name, event: track } = event;
  const time = new Date(timestamp ?? Date.now()).toLocaleTimeString();
  return [time, type, track ?? name].filter(Boolean).join(" · ");
}
