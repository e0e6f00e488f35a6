// @ts-check
// All options: values that are right, and values that are not, as code.

/**
 * @typedef {object} Row
 * @property {string[]} right
 * @property {string[]} wrong
 */

/** @type {Row} */
const FLAG = {
  right: ["true", "false", "undefined"],
  wrong: [`"yes"`, "1", "null", "[]", "{}"],
};
/** @type {Row} */
const COUNT = { right: ["0", "10"], wrong: [`"3"`, "-1", "NaN", "null"] };
/** @type {Row} */
const OBJECT = { right: ["{}"], wrong: [`"on"`, "5", "null", "[]", "true"] };
/** @type {Row} */
const STORES = {
  right: [`["cookie", "memory"]`, `[{ name: "localStorage" }]`],
  wrong: [`"cookie"`, `["cookies"]`, "[null]", "{}", "[7]"],
};
/** @type {Row} */
const KEY = {
  right: [`"shop_user"`],
  wrong: [`""`, `"a b"`, `"a=b"`, "5", "null", "{}"],
};
/** @type {Row} */
const BEHAVIOUR = {
  right: [`"drop"`, `"retry"`],
  wrong: [`"dorp"`, "true", "null"],
};

/** @param {string} before @returns {Record<string, Row>} */
const profile = (before) => ({
  [before]: OBJECT,
  [`${before}.disable`]: FLAG,
  [`${before}.localStorageFallbackDisabled`]: FLAG,
  [`${before}.persist`]: FLAG,
  [`${before}.cookie`]: OBJECT,
  [`${before}.cookie.key`]: KEY,
  [`${before}.cookie.oldKey`]: KEY,
  [`${before}.localStorage`]: OBJECT,
  [`${before}.localStorage.key`]: KEY,
  [`${before}.storage`]: OBJECT,
  [`${before}.storage.stores`]: STORES,
});

const SEGMENT = "integrations.Segment.io";
const CONFIG = `${SEGMENT}.deliveryStrategy.config`;
const BACKOFF = `${SEGMENT}.httpConfig.backoffConfig`;
const RATE = `${SEGMENT}.httpConfig.rateLimitConfig`;

/** The rows of the first argument of `load`. @type {Record<string, Row>} */
export const SETTINGS = {
  writeKey: {
    right: [`"demo-browser-key"`, `"Lb9R2mKxQ0"`],
    wrong: [
      `""`,
      `"  "`,
      "5",
      "null",
      "{}",
      "undefined",
      `"sk_live_51H8"`,
      `"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"`,
      `"shop-secret-1"`,
      `"demo-server-key"`,
      `"shop key"`,
      `" Lb9R2m"`,
    ],
  },
  cdnSettings: {
    right: [`{ integrations: { "Segment.io": { apiKey: "k" } } }`],
    wrong: [`"settings"`, "{}", "5", "[]"],
  },
  cdnURL: {
    right: [`"https://cdn.segment.com"`, `"//cdn.shop.example"`, `"/cdn"`],
    wrong: [`"cdn.segment.com"`, `"/cdn/"`, `" "`, "5"],
  },
  plugins: {
    right: [
      "[]",
      `[{ name: "p", type: "before", isLoaded: () => true, load: async () => {} }]`,
    ],
    wrong: [`"p"`, "[5]", "[null]", "[() => {}]", `[{ name: "p" }]`, "{}"],
  },
  classicIntegrations: { right: ["[]"], wrong: ["[1]", `"x"`, "{}"] },
};

/** The rows of the second argument of `load`. @type {Record<string, Row>} */
export const OPTIONS = {
  disableClientPersistence: FLAG,
  disableAutoISOConversion: FLAG,
  initialPageview: FLAG,
  cookie: OBJECT,
  "cookie.domain": {
    right: [`"shop.example"`, `".shop.example"`, `"localhost"`],
    wrong: [`"https://shop.example"`, `""`, `"a b"`, "5", "null"],
  },
  "cookie.maxage": {
    right: ["365", "0.5"],
    wrong: [`"365"`, "-1", "401", "NaN", "5n", "null", "{}"],
  },
  "cookie.path": {
    right: [`"/"`, `"/shop"`],
    wrong: [`"shop"`, `""`, `"/; secure"`, "5", "null"],
  },
  "cookie.sameSite": {
    right: [`"Lax"`, `"strict"`, `"None"`],
    wrong: [`"Laxx"`, `""`, "true", "null"],
  },
  "cookie.secure": FLAG,
  storage: OBJECT,
  "storage.stores": STORES,
  ...profile("user"),
  ...profile("group"),
  integrations: {
    right: [`{ All: true, "Google Analytics": false }`, "{}", "null"],
    wrong: [`"gateway.example/v1"`, "5", "[]", "true", "false"],
  },
  "integrations.All": {
    right: ["true", "false"],
    wrong: [`"yes"`, "1", "null", "{}"],
  },
  [SEGMENT]: {
    right: ["true", "false", "{}"],
    wrong: [`"gateway.example/v1"`, "5", "null", "[]"],
  },
  // What is not understood the client tells in production, too: tests/e2e/api-host.test.mjs.
  [`${SEGMENT}.apiHost`]: { right: [`"gateway.example/v1"`], wrong: [] },
  [`${SEGMENT}.protocol`]: {
    right: [`"https"`, `"http"`, `"http:"`],
    wrong: [`"ftp"`, `""`, "5", "null"],
  },
  [`${SEGMENT}.deliveryStrategy`]: OBJECT,
  [`${SEGMENT}.deliveryStrategy.strategy`]: {
    right: [`"standard"`, `"batching"`],
    wrong: [`"batch"`, "true", "null"],
  },
  [CONFIG]: OBJECT,
  [`${CONFIG}.credentials`]: {
    right: [`"omit"`, `"include"`, `"same-origin"`],
    wrong: [`"inclde"`, "true", "null"],
  },
  [`${CONFIG}.headers`]: {
    right: [`{ "X-Shop": "1" }`, `() => ({})`],
    wrong: [`"X-Shop: 1"`, `[["x", "1"]]`, "5", "null"],
  },
  [`${CONFIG}.keepalive`]: FLAG,
  [`${CONFIG}.priority`]: {
    right: [`"high"`, `"low"`, `"auto"`],
    wrong: [`"hihg"`, "1", "null"],
  },
  [`${CONFIG}.size`]: {
    right: ["1", "50"],
    wrong: [`"50"`, "0", "-5", "null"],
  },
  [`${CONFIG}.timeout`]: COUNT,
  [`${CONFIG}.maxRetries`]: COUNT,
  [`${SEGMENT}.httpConfig`]: OBJECT,
  [BACKOFF]: OBJECT,
  [`${BACKOFF}.enabled`]: FLAG,
  [`${BACKOFF}.maxRetryCount`]: COUNT,
  [`${BACKOFF}.baseBackoffInterval`]: COUNT,
  [`${BACKOFF}.maxBackoffInterval`]: COUNT,
  [`${BACKOFF}.maxTotalBackoffDuration`]: COUNT,
  [`${BACKOFF}.jitterPercent`]: {
    right: ["0", "100"],
    wrong: ["101", "-1", `"10"`, "null"],
  },
  [`${BACKOFF}.default4xxBehavior`]: BEHAVIOUR,
  [`${BACKOFF}.default5xxBehavior`]: BEHAVIOUR,
  [`${BACKOFF}.statusCodeOverrides`]: {
    right: [`{ "404": "retry" }`, "{}"],
    wrong: [`{ "404": "again" }`, `"404"`, "[]", "null"],
  },
  [RATE]: OBJECT,
  [`${RATE}.enabled`]: FLAG,
  [`${RATE}.maxRetryCount`]: COUNT,
  [`${RATE}.maxRetryInterval`]: COUNT,
  [`${RATE}.maxRateLimitDuration`]: COUNT,
  plan: {
    right: ["{}", `{ track: { __default: { enabled: true } } }`],
    wrong: [`"plan"`, "5", "[]", "null"],
  },
  retryQueue: FLAG,
  obfuscate: FLAG,
  updateCDNSettings: {
    right: ["(settings) => settings"],
    wrong: ["{}", `"f"`, "true", "null"],
  },
  useQueryString: {
    right: ["true", "false", "{}"],
    wrong: [`"no"`, "1", "null", "[]"],
  },
  "useQueryString.aid": { right: ["/^a/"], wrong: [`"^a"`, "{}", "5", "null"] },
  "useQueryString.uid": { right: ["/^u/"], wrong: [`"^u"`, "{}", "5", "null"] },
  highEntropyValuesClientHints: {
    right: ["[]", `["model", "bitness"]`],
    wrong: [`"model"`, `["modell"]`, "[5]", "{}", "null"],
  },
  globalAnalyticsKey: {
    right: [`"analytics"`, `"shopAnalytics"`],
    wrong: [`""`, `"my analytics"`, "5", "null", "{}"],
  },
  disable: {
    right: ["true", "false", "() => false"],
    wrong: [`"true"`, "1", "null", "{}"],
  },
  consent: {
    right: [
      `"granted"`,
      `"required"`,
      `{ required: true, category: "a", isRemembered: true, standing: (c) => c,
         needs: () => [], refused: () => ({}), begin: () => {} }`,
    ],
    wrong: [`"requierd"`, `"denied"`, `""`, "true", "null", "{}", "[]"],
  },
  engine: { right: [`"wasm"`, `"js"`], wrong: [`"asm"`, "true", "null"] },
  redactUrls: FLAG,
  flushAt: { right: ["1", "20"], wrong: [`"20"`, "0", "-1", "NaN", "null"] },
  flushInterval: {
    right: ["0", "1000"],
    wrong: [`"1000"`, "-1", "Infinity", "1e10", "null"],
  },
  autoPage: {
    right: ["true", "false", "{}"],
    wrong: [`"yes"`, "1", "null", "[]"],
  },
  "autoPage.leave": FLAG,
  identityEndpoint: {
    right: ["true", "false", `"/identity"`],
    wrong: [`""`, "5", "null", "{}"],
  },
  declarative: FLAG,
  express: FLAG,
  gateway: FLAG,
  debug: FLAG,
  extensions: {
    right: ["[]", `[{ name: "mine", see: () => {} }]`],
    wrong: [`"mine"`, "[5]", "[null, null]", "[() => {}]", "5", "{}", "null"],
  },
};
