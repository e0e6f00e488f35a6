// The brief's own examples of a shop's function, with `waymark/commercetools` in the place of the
// modules that it imports. `library.test.mjs` runs what is exported.
import {
  createSegmentClient,
  extractCustomerFromPayload,
  sendCustomerToSegment,
  sendCustomerToSegmentWithClient,
  transformCustomerToSegment,
  validatePayload,
  type CommercetoolsCustomer,
  type CommercetoolsWebhookPayload,
  type SegmentClient,
  type SegmentError,
  type SegmentIdentifyPayload,
  type SegmentIntegrationResult,
} from "waymark/commercetools";

const address = {
  street: "123 Main St",
  city: "New York",
  postalCode: "10001",
  country: "US",
};
export const payload: SegmentIdentifyPayload = {
  userId: "user@example.com",
  traits: { email: "user@example.com", name: "Jane Smith", address },
};

export async function sendWithRetry(
  payload: SegmentIdentifyPayload,
  maxRetries = 3,
): Promise<SegmentIntegrationResult> {
  for (let attempt = 1; attempt <= maxRetries; attempt++) {
    const result = await sendCustomerToSegment(payload);
    if (result.success) {
      return result;
    }
    console.warn(`Attempt ${attempt} failed:`, result.error.message);
  }
  return {
    success: false,
    error: { message: "Max retries exceeded" },
  };
}

export async function handleWebhook(customer: CommercetoolsCustomer) {
  const payload = transformCustomerToSegment(customer);
  const result = await sendCustomerToSegment(payload);
  if (!result.success) {
    console.error("Segment integration error:", result.error.message);
    return {
      statusCode: 500,
      body: JSON.stringify({ error: "Internal server error" }),
    };
  }
  return {
    statusCode: 200,
    body: JSON.stringify({ success: true }),
  };
}

export async function handleWebhookRequest(
  body: unknown,
): Promise<{ statusCode: number; body: string }> {
  const validation = validatePayload(body);
  if (!validation.isValid) {
    return {
      statusCode: 400,
      body: JSON.stringify({ error: validation.error }),
    };
  }
  let customer;
  if (
    validation.eventType === "customer.created" ||
    validation.eventType === "customer.updated"
  ) {
    customer = extractCustomerFromPayload(body as CommercetoolsWebhookPayload);
  } else {
    return {
      statusCode: 400,
      body: JSON.stringify({ error: "Unsupported event type" }),
    };
  }
  return handleWebhook(customer);
}

export async function sendBatchToSegment(
  payloads: ReadonlyArray<SegmentIdentifyPayload>,
): Promise<ReadonlyArray<SegmentIntegrationResult>> {
  return Promise.all(payloads.map((payload) => sendCustomerToSegment(payload)));
}

export async function sendIfValid(
  payload: SegmentIdentifyPayload,
): Promise<SegmentIntegrationResult> {
  if (!payload.userId || !payload.traits.email) {
    return {
      success: false,
      error: { message: "Invalid payload: missing userId or email" },
    };
  }
  const emailRegex = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
  if (!emailRegex.test(payload.traits.email)) {
    return {
      success: false,
      error: { message: "Invalid email format" },
    };
  }
  return await sendCustomerToSegment(payload);
}

function isSuccess(
  result: SegmentIntegrationResult,
): result is { success: true } {
  return result.success === true;
}

function isError(
  result: SegmentIntegrationResult,
): result is { success: false; error: SegmentError } {
  return result.success === false;
}

export async function told(payload: SegmentIdentifyPayload): Promise<string> {
  const result = await sendCustomerToSegment(payload);
  if (isSuccess(result)) return "Success";
  return isError(result) ? result.error.message : "";
}

export async function integration(testWriteKey: string) {
  const client: SegmentClient = createSegmentClient(testWriteKey);
  const result = await sendCustomerToSegmentWithClient(client, payload);
  await client.closeAndFlush();
  return result;
}
