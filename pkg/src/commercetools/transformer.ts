/**
 * What a customer becomes. The gateway has the same rules (`customer.rs` of
 * `crates/waymark-commercetools`); `tests/vectors/commercetools.json` holds both to them.
 */
import type {
  CommercetoolsAddress,
  CommercetoolsCustomer,
  SegmentAddress,
  SegmentIdentifyPayload,
  SegmentTraits,
  TransformOptions,
} from "./types";

/** A text without the white space around it, if something is left. */
function textOf(value: unknown): string | undefined {
  return (typeof value === "string" && value.trim()) || undefined;
}

/** The object without members that are missing. */
function filled<T extends object>(object: T): T {
  const members = Object.entries(object);
  return Object.fromEntries(
    members.filter(([, value]) => value !== undefined),
  ) as T;
}

/** The same, unless nothing is left. */
function orNone<T extends object>(object: T): T | undefined {
  const left = filled(object);
  return Object.keys(left).length > 0 ? left : undefined;
}

const joined = (...parts: unknown[]): string | undefined =>
  parts.map(textOf).filter(Boolean).join(" ") || undefined;

/** The default address of shipping, else of billing, else the first. */
function mainAddress(
  customer: CommercetoolsCustomer,
): CommercetoolsAddress | undefined {
  const { addresses, defaultBillingAddressId, defaultShippingAddressId } =
    customer;
  if (!Array.isArray(addresses)) return undefined;
  const all = addresses as (CommercetoolsAddress | null | undefined)[];
  const withId = (wanted: unknown) =>
    textOf(wanted) && all.find((one) => textOf(one?.id) === textOf(wanted));
  return (
    withId(defaultShippingAddressId) ||
    withId(defaultBillingAddressId) ||
    all[0] ||
    undefined
  );
}

function addressOf(address: CommercetoolsAddress): SegmentAddress | undefined {
  return orNone({
    street: joined(address.streetName, address.streetNumber),
    city: textOf(address.city),
    state: textOf(address.state) ?? textOf(address.region),
    postalCode: textOf(address.postalCode),
    country: textOf(address.country),
  });
}

/**
 * The `identify` of a customer. What is missing is left out, and a password is never looked at.
 * Without what the user id is, it is `""`, which `sendCustomerToSegment` does not send.
 */
export function transformCustomerToSegment(
  customer: CommercetoolsCustomer,
  options: TransformOptions = {},
): SegmentIdentifyPayload {
  const written = textOf(customer.email) ?? "";
  const email = options.lowerCaseEmail ? written.toLowerCase() : written;
  const address = mainAddress(customer);
  const companyName = textOf(customer.companyName);
  const { version } = customer;
  const traits = filled({
    email,
    name:
      textOf(customer.fullName) ??
      joined(customer.firstName, customer.lastName),
    firstName: textOf(customer.firstName),
    lastName: textOf(customer.lastName),
    title: textOf(customer.title),
    birthday: textOf(customer.dateOfBirth),
    phone: textOf(address?.phone) ?? textOf(address?.mobile),
    createdAt: textOf(customer.createdAt),
    company: companyName && { name: companyName },
    address: address && addressOf(address),
    commercetools: orNone({
      id: textOf(customer.id),
      customerNumber: textOf(customer.customerNumber),
      externalId: textOf(customer.externalId),
      version: Number.isInteger(version) ? (version ?? undefined) : undefined,
      groupId: textOf(customer.customerGroup?.id),
    }),
  }) as SegmentTraits;
  const { userId = "email" } = options;
  return {
    userId: userId === "email" ? email : (textOf(customer[userId]) ?? ""),
    traits,
  };
}
