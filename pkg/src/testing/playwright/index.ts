/** The entry `waymark/testing/playwright`: a fixture that collects the events of a test. */
import {
  type BrowserContext,
  expect as baseExpect,
  type Expect,
  type Page,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  test as baseTest,
  type TestType,
} from "@playwright/test";
import { matchers } from "../matchers";
import { type Collector, WAIT_MAX_MS } from "./collector";
import { runningGateway, startedGateway } from "./gateway";
import { recordingServer } from "./recording-server";

export type { Collector } from "./collector";

/** How the events are collected; by default, by a recording server in JavaScript. */
export interface WaymarkOptions {
  /** Path of `waymark-gateway`, which is started for each test, with an empty database. */
  gatewayBinary?: string;
  /** Address of a gateway that is running, with that of its admin listener. */
  gatewayUrl?: string;
  adminUrl?: string;
  adminToken?: string;
  /** The page's write key, `test-key` by default. */
  writeKey?: string;
}

/** Starts the collector that the options ask for. Close it when done. */
export function collect(options: WaymarkOptions = {}): Promise<Collector> {
  const { writeKey = "test-key", gatewayUrl, adminUrl } = options;
  if (gatewayUrl !== undefined) {
    const admin = adminUrl ?? gatewayUrl;
    return runningGateway(gatewayUrl, admin, writeKey, options.adminToken);
  }
  return options.gatewayBinary === undefined
    ? recordingServer(writeKey)
    : startedGateway(options.gatewayBinary, writeKey);
}

/**
 * Reroutes a page's requests to the collector; `pattern` is Playwright's, such as
 * `https://api.segment.io/v1/*`.
 */
export async function capture(
  from: Page | BrowserContext,
  pattern: string | RegExp,
  collector: Collector,
): Promise<void> {
  await from.route(pattern, async (route) => {
    const { pathname, search } = new URL(route.request().url());
    const url = collector.url + pathname + search;
    await route.fulfill({
      response: await route.fetch({ url, timeout: WAIT_MAX_MS }),
    });
  });
}

/** The fixtures of a test. */
export interface WaymarkFixtures {
  /** Collects the events of this test. */
  waymark: Collector;
  /** How they are collected; set it with `use: { waymarkOptions: … }`. */
  waymarkOptions: WaymarkOptions;
}

/** Playwright's `test` with the fixture `waymark`. */
export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & WaymarkFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
> = baseTest.extend<WaymarkFixtures>({
  waymarkOptions: [{}, { option: true }],
  waymark: async ({ waymarkOptions }, use) => {
    const collector = await collect(waymarkOptions);
    await use(collector);
    await collector.close();
  },
});

/** Playwright's `expect` with the matchers. */
export const expect: Expect<typeof matchers> = baseExpect.extend(matchers);
