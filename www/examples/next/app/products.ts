export const PRODUCTS = [
  { id: "dome", name: "Dome Tent", price: 249 },
  { id: "tarp", name: "Tarp", price: 59.5 },
];
