// What the tests have the shop do: each step is one of Medusa's own workflows.
const flows = require("@medusajs/medusa/core-flows");
const { Modules } = require("@medusajs/framework/utils");

/** The result of a workflow. */
async function run(container, workflow, input) {
  const { result } = await workflow(container).run({ input });
  return result;
}

/** What a shop needs to sell: regions in two currencies, taxes, shipping, a product, a promotion. */
async function seed(container) {
  const [channel] = await run(container, flows.createSalesChannelsWorkflow, {
    salesChannelsData: [{ name: "Web" }],
  });
  const regions = await run(container, flows.createRegionsWorkflow, {
    regions: [
      {
        ...{ name: "Europe", currency_code: "eur", countries: ["de"] },
        payment_providers: ["pp_system_default"],
      },
      {
        ...{ name: "Japan", currency_code: "jpy", countries: ["jp"] },
        payment_providers: ["pp_system_default"],
      },
    ],
  });
  await run(container, flows.createTaxRegionsWorkflow, [
    {
      ...{ country_code: "de", provider_id: "tp_system" },
      default_tax_rate: { name: "VAT", code: "VAT", rate: 19 },
    },
  ]);
  const [location] = await run(container, flows.createStockLocationsWorkflow, {
    locations: [
      { name: "Store", address: { address_1: "", country_code: "DE" } },
    ],
  });
  const link = container.resolve("link");
  await link.create({
    [Modules.STOCK_LOCATION]: { stock_location_id: location.id },
    [Modules.FULFILLMENT]: { fulfillment_provider_id: "manual_manual" },
  });
  const [profile] = await run(container, flows.createShippingProfilesWorkflow, {
    data: [{ name: "Default", type: "default" }],
  });
  const set = await container
    .resolve(Modules.FULFILLMENT)
    .createFulfillmentSets({
      name: "Delivery",
      type: "shipping",
      service_zones: [
        {
          name: "Everywhere",
          geo_zones: ["de", "jp"].map((country_code) => ({
            ...{ country_code, type: "country" },
          })),
        },
      ],
    });
  await link.create({
    [Modules.STOCK_LOCATION]: { stock_location_id: location.id },
    [Modules.FULFILLMENT]: { fulfillment_set_id: set.id },
  });
  const [option] = await run(container, flows.createShippingOptionsWorkflow, [
    {
      ...{ name: "Standard", price_type: "flat", provider_id: "manual_manual" },
      service_zone_id: set.service_zones[0].id,
      shipping_profile_id: profile.id,
      type: { label: "Standard", description: "Days", code: "standard" },
      prices: [
        { currency_code: "eur", amount: 4.9 },
        { currency_code: "jpy", amount: 500 },
      ],
      rules: [],
    },
  ]);
  await run(container, flows.linkSalesChannelsToStockLocationWorkflow, {
    id: location.id,
    add: [channel.id],
  });
  const [product] = await run(container, flows.createProductsWorkflow, {
    products: [
      {
        ...{ title: "Camp Mug", status: "published", handle: "camp-mug" },
        shipping_profile_id: profile.id,
        options: [{ title: "Colour", values: ["Red"] }],
        variants: [
          {
            ...{ title: "Red", sku: "MUG-RED", manage_inventory: false },
            options: { Colour: "Red" },
            prices: [
              { currency_code: "eur", amount: 19.99 },
              { currency_code: "jpy", amount: 2500 },
            ],
          },
        ],
        sales_channels: [{ id: channel.id }],
      },
    ],
  });
  await run(container, flows.createPromotionsWorkflow, {
    promotionsData: [
      {
        ...{ code: "SPRING", type: "standard", status: "active" },
        application_method: {
          ...{ type: "percentage", value: 10, currency_code: "eur" },
          ...{ target_type: "items", allocation: "across" },
        },
      },
    ],
  });
  const [key] = await run(container, flows.createApiKeysWorkflow, {
    api_keys: [{ title: "Web", type: "publishable", created_by: "" }],
  });
  await run(container, flows.linkSalesChannelsToApiKeyWorkflow, {
    id: key.id,
    add: [channel.id],
  });
  return {
    channel: channel.id,
    key: key.token,
    option: option.id,
    product: product.id,
    regions: { eur: regions[0].id, jpy: regions[1].id },
    variant: product.variants[0].id,
  };
}

/** A cart, as the store API makes one, up to its payment. */
async function fillCart(container, { shop, currency = "eur", ...given }) {
  const country_code = currency === "eur" ? "de" : "jp";
  const address = {
    ...{ first_name: "Ann", last_name: "Lee", address_1: "Main Street 1" },
    ...{ city: "Berlin", postal_code: "10115", country_code },
  };
  const cart = await run(container, flows.createCartWorkflow, {
    ...{ region_id: shop.regions[currency], sales_channel_id: shop.channel },
    ...{ currency_code: currency, email: given.email },
    ...(given.customerId && { customer_id: given.customerId }),
    ...{ shipping_address: address, billing_address: address },
    metadata: given.metadata,
  });
  await run(container, flows.addToCartWorkflow, {
    cart_id: cart.id,
    items: [{ variant_id: shop.variant, quantity: given.quantity ?? 1 }],
  });
  await run(container, flows.addShippingMethodToCartWorkflow, {
    cart_id: cart.id,
    options: [{ id: shop.option }],
  });
  if (given.coupons) {
    await run(container, flows.updateCartPromotionsWorkflow, {
      ...{ cart_id: cart.id, promo_codes: given.coupons, action: "add" },
    });
  }
  return cart.id;
}

/** A cart that is paid for and becomes an order. Returns the ids of both, and of the payment. */
async function order(container, given) {
  const cart_id = await fillCart(container, given);
  const collection = await run(
    container,
    flows.createPaymentCollectionForCartWorkflow,
    { cart_id },
  );
  await run(container, flows.createPaymentSessionsWorkflow, {
    payment_collection_id:
      collection?.id ?? (await collectionOf(container, cart_id)),
    provider_id: "pp_system_default",
  });
  const { id } = await run(container, flows.completeCartWorkflow, {
    id: cart_id,
  });
  const { data } = await container.resolve("query").graph({
    entity: "order",
    fields: ["id", "payment_collections.payments.id"],
    filters: { id },
  });
  const payment = data[0].payment_collections[0].payments[0].id;
  return { cart: cart_id, order: id, payment };
}

async function collectionOf(container, cart_id) {
  const { data } = await container.resolve("query").graph({
    entity: "cart",
    fields: ["payment_collection.id"],
    filters: { id: cart_id },
  });
  return data[0].payment_collection.id;
}

/** All of an entity's fields that a test wants to see. */
async function look(container, { entity, fields, id }) {
  const { data } = await container.resolve("query").graph({
    entity,
    fields,
    filters: { id },
  });
  return data[0];
}

module.exports = {
  seed,
  fillCart,
  order,
  look,
  capture: (container, payment_id) =>
    run(container, flows.capturePaymentWorkflow, { payment_id }),
  refund: (container, [payment_id, amount]) =>
    run(container, flows.refundPaymentWorkflow, { payment_id, amount }),
  cancel: (container, order_id) =>
    run(container, flows.cancelOrderWorkflow, { order_id }),
  complete: (container, id) =>
    run(container, flows.completeOrderWorkflow, { orderIds: [id] }),
  updateOrder: (container, input) =>
    run(container, flows.updateOrderWorkflow, input),
  createCustomer: (container, customer) =>
    run(container, flows.createCustomersWorkflow, {
      customersData: [customer],
    }),
  updateCustomer: (container, [id, update]) =>
    run(container, flows.updateCustomersWorkflow, { selector: { id }, update }),
  removeLines: (container, input) =>
    run(container, flows.deleteLineItemsWorkflow, input),
  analytics: (container, [call, data]) =>
    container.resolve(Modules.ANALYTICS)[call](data),
  segment: (container, [call, ...args]) =>
    container.resolve("segment")[call](...args),
  guide: (container) => require("./src/guide.js").default(container),
  catchUp: (container) =>
    require("./node_modules/medusa-plugin-waymark/.medusa/server/src/jobs/catch-up.js").default(
      container,
    ),
};
