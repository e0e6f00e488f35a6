import type { Cents } from "./money";

/** The shelves of the shop, in the order they are shown. */
export const CATEGORIES = [
  { id: "packs", name: "Packs", line: "Carry less, carry it well" },
  { id: "shelter", name: "Shelter", line: "A dry night, anywhere" },
  { id: "kitchen", name: "Kitchen", line: "Hot food past the tree line" },
  { id: "layers", name: "Layers", line: "Wind, rain and cold feet" },
] as const;

export type CategoryId = (typeof CATEGORIES)[number]["id"];

/** A colour or size of a product, with its own stock-keeping unit and price. */
export type Variant = {
  name: string;
  sku: string;
  price: Cents;
  /** Main and second colour of the drawing. */
  colours: readonly [main: string, second: string];
};

/** Something the shop sells. */
export type Product = {
  id: string;
  name: string;
  brand: string;
  category: CategoryId;
  line: string;
  description: string;
  facts: readonly string[];
  variantLabel: "Colour" | "Size";
  variants: readonly [Variant, ...Variant[]];
};

const PINE = ["#2f6152", "#e3b27a"] as const;
const RUST = ["#b9552f", "#f0d9b5"] as const;
const SLATE = ["#4a6075", "#dfe4e6"] as const;
const OCHRE = ["#d09a2d", "#22302b"] as const;
const MOSS = ["#6f8a4c", "#e7dcc3"] as const;
const TARN = ["#3f7f86", "#e7dcc3"] as const;
const BARK = ["#7b5b3e", "#22302b"] as const;
const BERRY = ["#8a3f52", "#f0ebdf"] as const;
const CHALK = ["#f0ebdf", "#2f4858"] as const;

/** The whole range. */
export const PRODUCTS: readonly Product[] = [
  {
    id: "ridge-28",
    name: "Ridge 28 Daypack",
    brand: "Cairn & Co.",
    category: "packs",
    line: "28 litres for a long day out",
    description:
      "A top-loader that sits close and quiet on the back. One big space, one pocket you can reach without stopping, and a frame sheet that doubles as a seat on cold rock.",
    facts: ["28 l, 890 g", "Recycled 210D nylon", "Fits a 3 l water bladder"],
    variantLabel: "Colour",
    variants: [
      { name: "Pine", sku: "RDG-28-PNE", price: 14800, colours: PINE },
      { name: "Rust", sku: "RDG-28-RST", price: 14800, colours: RUST },
      { name: "Slate", sku: "RDG-28-SLT", price: 14800, colours: SLATE },
    ],
  },
  {
    id: "summit-55",
    name: "Summit 55 Trek Pack",
    brand: "Cairn & Co.",
    category: "packs",
    line: "A week on your back, and room for cheese",
    description:
      "An adjustable back length, a hip belt that carries the weight and a lid that comes off for summit day. The straps keep their length when the pack is half empty.",
    facts: ["55 l, 1.62 kg", "Back length 43 to 53 cm", "Rain cover included"],
    variantLabel: "Colour",
    variants: [
      { name: "Slate", sku: "SMT-55-SLT", price: 26400, colours: SLATE },
      { name: "Moss", sku: "SMT-55-MSS", price: 26400, colours: MOSS },
    ],
  },
  {
    id: "creek-sling",
    name: "Creek Sling",
    brand: "Northfell",
    category: "packs",
    line: "Map, snack, phone, gone",
    description:
      "Swings round to the front when you need it and stays put when you do not. The zip is weatherproof and the strap is long enough for a winter coat.",
    facts: ["6 l, 240 g", "Weatherproof zip", "Left or right shoulder"],
    variantLabel: "Colour",
    variants: [
      { name: "Rust", sku: "CRK-06-RST", price: 5850, colours: RUST },
      { name: "Tarn", sku: "CRK-06-TRN", price: 5850, colours: TARN },
    ],
  },
  {
    id: "lantern-2p",
    name: "Lantern 2P Tent",
    brand: "Northfell",
    category: "shelter",
    line: "Two people, one quiet night",
    description:
      "A freestanding dome that pitches outer first, so the inside stays dry when the sky does not. Two doors, two porches and a vent that can be reached from bed.",
    facts: [
      "1.94 kg packed",
      "3000 mm hydrostatic head",
      "Pitches in 4 minutes",
    ],
    variantLabel: "Colour",
    variants: [
      { name: "Rust", sku: "LNT-2P-RST", price: 38900, colours: RUST },
      { name: "Moss", sku: "LNT-2P-MSS", price: 38900, colours: MOSS },
    ],
  },
  {
    id: "drift-bag",
    name: "Drift Sleeping Bag",
    brand: "Cairn & Co.",
    category: "shelter",
    line: "Warm to −5 °C, light to carry",
    description:
      "Traceable 700-fill down in a shape that lets you turn over. The collar draws closed with one hand, and the zip opens from the foot on warm nights.",
    facts: ["Comfort −5 °C", "980 g", "700-fill traceable down"],
    variantLabel: "Size",
    variants: [
      { name: "Regular", sku: "DRF-M5-REG", price: 22900, colours: SLATE },
      { name: "Long", sku: "DRF-M5-LNG", price: 24500, colours: SLATE },
    ],
  },
  {
    id: "moss-mat",
    name: "Moss Sleeping Mat",
    brand: "Cairn & Co.",
    category: "shelter",
    line: "The soft side of hard ground",
    description:
      "A self-inflating mat with a brushed top that does not squeak. It rolls smaller than its bag, which is a courtesy more makers should know.",
    facts: ["R-value 4.1", "620 g", "183 × 51 cm"],
    variantLabel: "Colour",
    variants: [
      { name: "Moss", sku: "MSS-41-MSS", price: 9600, colours: MOSS },
      { name: "Berry", sku: "MSS-41-BRY", price: 9600, colours: BERRY },
    ],
  },
  {
    id: "ember-stove",
    name: "Ember Stove",
    brand: "Emberworks",
    category: "kitchen",
    line: "Half a litre boiled in 2:40",
    description:
      "A pressure-regulated burner that keeps its flame when the canister runs low and the wind gets up. Folds into its own cup.",
    facts: ["83 g", "Piezo ignition", "Screw-in canisters"],
    variantLabel: "Colour",
    variants: [
      {
        name: "Rust",
        sku: "EMB-01-RST",
        price: 7495,
        colours: ["#c2552d", "#2f6152"],
      },
      {
        name: "Pine",
        sku: "EMB-01-PNE",
        price: 7495,
        colours: ["#2f6152", "#c2552d"],
      },
    ],
  },
  {
    id: "tarn-flask",
    name: "Tarn Flask",
    brand: "Emberworks",
    category: "kitchen",
    line: "Hot for twelve hours, cold for a day",
    description:
      "Double-walled steel with a cap that becomes a cup and a loop that takes a karabiner. The mouth is wide enough for ice and for a bottle brush.",
    facts: ["18/8 stainless steel", "Dishwasher safe", "Five-year guarantee"],
    variantLabel: "Size",
    variants: [
      { name: "500 ml", sku: "TRN-050", price: 3400, colours: TARN },
      { name: "750 ml", sku: "TRN-075", price: 3900, colours: TARN },
      { name: "1 litre", sku: "TRN-100", price: 4450, colours: TARN },
    ],
  },
  {
    id: "camp-mug",
    name: "Camp Mug",
    brand: "Emberworks",
    category: "kitchen",
    line: "Enamel that chips with dignity",
    description:
      "Steel under two coats of enamel. It goes on the stove, into the fire's edge and, one day, to your children.",
    facts: ["350 ml, 128 g", "Safe on open flame", "Rolled rim"],
    variantLabel: "Colour",
    variants: [
      { name: "Chalk", sku: "MUG-35-CHK", price: 1650, colours: CHALK },
      {
        name: "Tarn",
        sku: "MUG-35-TRN",
        price: 1650,
        colours: ["#5f9aa0", "#f0ebdf"],
      },
    ],
  },
  {
    id: "gale-shell",
    name: "Gale Rain Shell",
    brand: "Northfell",
    category: "layers",
    line: "Three layers between you and the weather",
    description:
      "A shell that breathes uphill and shuts out the rest. The hood follows your head, the cuffs close over gloves, and every seam is taped.",
    facts: ["20 000 mm waterproof", "PFAS-free finish", "386 g in M"],
    variantLabel: "Size",
    variants: [
      { name: "S", sku: "GAL-OCH-S", price: 19800, colours: OCHRE },
      { name: "M", sku: "GAL-OCH-M", price: 19800, colours: OCHRE },
      { name: "L", sku: "GAL-OCH-L", price: 19800, colours: OCHRE },
    ],
  },
  {
    id: "fell-beanie",
    name: "Fell Beanie",
    brand: "Northfell",
    category: "layers",
    line: "Merino, and a bobble that means it",
    description:
      "Knitted in one piece from undyed and berry-dyed merino. Stays up under a hood and over the ears.",
    facts: ["100 % merino", "72 g", "Mended for free"],
    variantLabel: "Colour",
    variants: [
      { name: "Berry", sku: "FEL-01-BRY", price: 2800, colours: BERRY },
      {
        name: "Pine",
        sku: "FEL-01-PNE",
        price: 2800,
        colours: ["#2f6152", "#f0ebdf"],
      },
    ],
  },
  {
    id: "scree-mid",
    name: "Scree Mid Boots",
    brand: "Cairn & Co.",
    category: "layers",
    line: "Grip that argues with gravity",
    description:
      "A mid-height boot with a stiff shank and a soft collar. Waxed leather, a rubber rand and a sole that can be replaced.",
    facts: ["1.14 kg a pair (EU 42)", "Resoleable", "Waxed nubuck"],
    variantLabel: "Size",
    variants: [
      { name: "EU 40", sku: "SCR-40", price: 18500, colours: BARK },
      { name: "EU 42", sku: "SCR-42", price: 18500, colours: BARK },
      { name: "EU 44", sku: "SCR-44", price: 18500, colours: BARK },
    ],
  },
];

/** The product with this id, if the shop has it. */
export function findProduct(id: string | undefined): Product | undefined {
  return PRODUCTS.find((product) => product.id === id);
}

/** The shelf's name as shown: `packs` is `Packs`. */
export function categoryName(id: CategoryId): string {
  return CATEGORIES.find((category) => category.id === id)?.name ?? id;
}

/** Whether a word from the address bar names a shelf. */
export function isCategoryId(word: string | null): word is CategoryId {
  return CATEGORIES.some((category) => category.id === word);
}

/** Path of a product's page. */
export function productPath(product: Product): string {
  return `/products/${product.id}`;
}

/** Path of a product's drawing, a plain SVG file. */
export function artPath(product: Product): string {
  return `/art/${product.id}.svg`;
}
