// @ts-check
// The measured event: a Product Added with every property of Segment's specification.

/** Its properties. */
export const PROPERTIES = {
  cart_id: "d92jd29jd92jd29j92d92jd",
  product_id: "507f1f77bcf86cd799439011",
  sku: "G-32",
  category: "Games",
  name: "Monopoly: 3rd Edition",
  brand: "Hasbro",
  variant: "200 pieces",
  price: 18.99,
  quantity: 1,
  coupon: "MAYDEALS",
  currency: "EUR",
  position: 3,
  value: 18.99,
  url: "https://www.example.com/product/path",
  image_url: "https://www.example.com/product/path.jpg",
};

/**
 * Code that defines `burst(prefix, count)`, which records `count` events in one task and returns
 * the microseconds of each call and of all together.
 */
export const BURST = `globalThis.burst = (prefix, count) => {
  const properties = ${JSON.stringify(PROPERTIES)};
  const times = [];
  const begun = performance.now();
  let last = begun;
  for (let n = 0; n < count; n++) {
    track(prefix + n, properties);
    const now = performance.now();
    times.push((now - last) * 1000);
    last = now;
  }
  return { times, totalUs: (last - begun) * 1000 };
};`;
