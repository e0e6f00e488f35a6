/** Whether a body is a message about a whole customer, in whatever envelope it comes. */
import { uuid5 } from "../ecommerce/uuid5";
import { MESSAGE_ID_CHARS_MAX } from "./limits";
import { transformCustomerToSegment } from "./transformer";
import type {
  CommercetoolsCustomer,
  CommercetoolsWebhookPayload,
  WebhookEventType,
  WebhookValidationResult,
} from "./types";

/** The types of messages that carry a customer, and what they are called here. */
const EVENT_TYPES = new Map<unknown, WebhookEventType>([
  ["customer.created", "customer.created"],
  ["customer.updated", "customer.updated"],
  ["CustomerCreated", "customer.created"],
  ["CustomerUpdated", "customer.updated"],
]);

/** The namespace of ids that are made of a content. */
const CONTENTS = "3d0f57a1-90c5-4c0e-8b1c-77f25b0e41d6";

type Bag = Record<string, any>;

const isBag = (value: unknown): value is Bag =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parsed(text: unknown): Bag | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isBag(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Text of a push of Pub/Sub. */
function decoded(data: unknown): string | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What a CloudEvent or an event of EventBridge carries, else the message itself. */
function inner(message: Bag | undefined): Bag | undefined {
  if (!message) return undefined;
  if ("specversion" in message && isBag(message.data)) return message.data;
  if ("detail-type" in message && isBag(message.detail)) return message.detail;
  return message;
}

/**
 * The message of a body: a post of SNS, the event of a Lambda function with one record, a push of
 * Pub/Sub, a CloudEvent, an event of EventBridge, the input of an API extension, or the message
 * itself, each as an object or as JSON text. Signatures are not checked: that is the gateway's, or
 * the platform's that calls the function.
 */
function messageOf(body: unknown): Bag | undefined {
  const outer = isBag(body) ? body : parsed(body);
  if (!outer) return undefined;
  if (typeof outer.Message === "string") return inner(parsed(outer.Message));
  if (Array.isArray(outer.Records)) {
    const [record, ...more] = outer.Records as Bag[];
    if (more.length > 0) return undefined;
    return inner(parsed(record?.Sns?.Message));
  }
  if ("subscription" in outer && isBag(outer.message)) {
    return inner(parsed(decoded(outer.message.data)));
  }
  const { action, resource } = outer;
  if (isBag(resource) && (action === "Create" || action === "Update")) {
    if (resource.typeId !== "customer") return outer;
    const type = action === "Create" ? "customer.created" : "customer.updated";
    return { type, customer: resource.obj };
  }
  return inner(outer);
}

function customerOf(message: Bag | undefined): Bag | undefined {
  const places = [message?.customer, message?.data?.customer, message?.data];
  return places.find(isBag);
}

/** The customer of a body that was found valid. */
export function extractCustomerFromPayload(
  body: CommercetoolsWebhookPayload,
): CommercetoolsCustomer;
/** The customer of a body, if it carries one. */
export function extractCustomerFromPayload(
  body: unknown,
): CommercetoolsCustomer | null;
export function extractCustomerFromPayload(
  body: unknown,
): CommercetoolsCustomer | null {
  return customerOf(messageOf(body)) ?? null;
}

/** An id that is short enough, as the gateway makes it. */
function bounded(id: string): string {
  return id.length > MESSAGE_ID_CHARS_MAX ? `ct:${uuid5(CONTENTS, id)}` : id;
}

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : "";

/** The id of a message's event: the gateway's own, or made of the content. */
function messageIdOf(message: Bag, customer: Bag): string {
  const { id, projectKey } = message;
  if (typeof id === "string" && typeof message.notificationType === "string") {
    return bounded(`ct:${textOf(projectKey)}:${id}`);
  }
  const { userId, traits } = transformCustomerToSegment(customer);
  const content = JSON.stringify([userId, traits, customer.lastModifiedAt]);
  return bounded(`ct:${textOf(customer.id)}:${uuid5(CONTENTS, content)}`);
}

/** Whether a body carries a customer with an address of e-mail, and what happened to it. */
export function validatePayload(body: unknown): WebhookValidationResult {
  const invalid = (error: string) => ({ isValid: false, error }) as const;
  const message = messageOf(body);
  if (!message) return invalid("Invalid payload");
  const type: unknown = message.eventType ?? message.type;
  const eventType = EVENT_TYPES.get(type);
  if (!eventType) return invalid("Unsupported event type");
  const customer = customerOf(message);
  if (!customer) return invalid("Missing customer data");
  if (!transformCustomerToSegment(customer).userId) {
    return invalid("Missing customer email");
  }
  const messageId = messageIdOf(message, customer);
  return { isValid: true, eventType, messageId };
}
