/** What the panel looks at: a client's public calls only, as a shop has them. */
import type { Context } from "../model/context";
import type { Delivery } from "../model/delivery";
import type { ID } from "../model/storage";
import type { Traits } from "../model/event";

interface Profile {
  id(): ID;
  traits(): Traits | undefined;
}

/** What of a client is used; `AnalyticsBrowser` has it. */
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

/** What {@link inspect} may be given beside the client. */
export interface InspectorOptions {
  /** What `enforcePlan` gave: the panel then counts what is not as planned. */
  plan?: { counts(): Record<string, number> } | undefined;
}

/** A name and what is to be said of it. */
export type Row = readonly [name: string, text: string];

/** What the panel says at one moment, by section. */
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

/** What each reason is in words. */
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
  // A reason may be in two of them: calls that became no event, and events.
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

/** What is to be said of the client now. */
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

/** An event in one line: its time, type and name. */
export function titleOf({ event }: Context): string {
  const { timestamp, type, name, event: track } = event;
  const time = new Date(timestamp ?? Date.now()).toLocaleTimeString();
  return [time, type, track ?? name].filter(Boolean).join(" · ");
}
