/** What commercetools sends and what it becomes, as far as functions of a shop's own need it. */

/** A text that may be missing. */
type Text = string | null | undefined;

/** An address of a customer (`Address` of `@commercetools/platform-sdk`). */
export interface CommercetoolsAddress {
  readonly id?: Text;
  readonly streetName?: Text;
  readonly streetNumber?: Text;
  readonly postalCode?: Text;
  readonly city?: Text;
  readonly region?: Text;
  readonly state?: Text;
  readonly country?: Text;
  readonly phone?: Text;
  readonly mobile?: Text;
  readonly [key: string]: unknown;
}

/** A customer (`Customer` of `@commercetools/platform-sdk`); every field may be missing. */
export interface CommercetoolsCustomer {
  readonly id?: Text;
  readonly version?: number | null | undefined;
  readonly customerNumber?: Text;
  readonly externalId?: Text;
  readonly email?: Text;
  readonly firstName?: Text;
  readonly lastName?: Text;
  readonly fullName?: Text;
  readonly title?: Text;
  readonly dateOfBirth?: Text;
  readonly companyName?: Text;
  readonly createdAt?: Text;
  readonly lastModifiedAt?: Text;
  readonly addresses?: ReadonlyArray<CommercetoolsAddress> | null | undefined;
  readonly defaultShippingAddressId?: Text;
  readonly defaultBillingAddressId?: Text;
  readonly customerGroup?: { readonly id?: Text } | null | undefined;
  readonly [key: string]: unknown;
}

/** A message about a customer, taken out of its envelope or not. */
export interface CommercetoolsWebhookPayload {
  readonly type?: string;
  readonly eventType?: string;
  readonly notificationType?: string;
  readonly id?: string;
  readonly projectKey?: string;
  readonly customer: CommercetoolsCustomer;
  readonly [key: string]: unknown;
}

/** An address as Segment's spec has it (Identify, Traits). */
export interface SegmentAddress {
  readonly street?: string;
  readonly city?: string;
  readonly state?: string;
  readonly postalCode?: string;
  readonly country?: string;
}

/** The traits of a customer. */
export interface SegmentTraits {
  readonly email: string;
  readonly name?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly title?: string;
  readonly birthday?: string;
  readonly phone?: string;
  readonly createdAt?: string;
  readonly company?: { readonly name: string };
  readonly address?: SegmentAddress;
  /** What only commercetools knows. */
  readonly commercetools?: {
    readonly id?: string;
    readonly customerNumber?: string;
    readonly externalId?: string;
    readonly version?: number;
    readonly groupId?: string;
  };
}

/** The arguments of an `identify`. */
export interface SegmentIdentifyPayload {
  readonly userId: string;
  readonly traits: SegmentTraits;
  /** An event that comes again with its id counts once. */
  readonly messageId?: string | undefined;
}

/** What of a customer is the user id, and how its address of e-mail is written. */
export interface TransformOptions {
  /** `email` by default. */
  readonly userId?: "email" | "externalId" | "customerNumber" | "id";
  /** Off by default. */
  readonly lowerCaseEmail?: boolean;
}

/** Why nothing was sent. */
export interface SegmentError {
  readonly message: string;
}

/** What became of a customer. */
export type SegmentIntegrationResult =
  | { readonly success: true }
  | { readonly success: false; readonly error: SegmentError };

/** What is needed of a client; `createSegmentClient` makes one. */
export interface SegmentClient {
  /** Sends; rejects when the gateway did not take it. */
  identify(payload: SegmentIdentifyPayload): Promise<void>;
  /** Waits until everything so far is sent. */
  flush(): Promise<void>;
  /** The same, and takes no more. */
  closeAndFlush(): Promise<void>;
}

/** What a body is about. */
export type WebhookEventType = "customer.created" | "customer.updated";

/** Whether a body can be used. */
export type WebhookValidationResult =
  | {
      readonly isValid: true;
      readonly eventType: WebhookEventType;
      /** The id of its event, the same each time the message comes. */
      readonly messageId?: string;
      readonly error?: undefined;
    }
  | {
      readonly isValid: false;
      readonly error: string;
      readonly eventType?: undefined;
      readonly messageId?: undefined;
    };
