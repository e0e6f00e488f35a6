// Copied from project to project before there was `waymark/react`; only the import is changed.
// @ts-nocheck Its types do not hold with `@segment/analytics-next` either.
import { AnalyticsBrowser } from "waymark";

interface SegmentBrowserConfig {
  writeKey: string;
  cdnURL?: string;
  plugins?: any[];
}

interface TrackOptions {
  context?: Record<string, any>;
  integrations?: Record<string, boolean>;
  anonymousId?: string;
  timestamp?: Date;
}

class SegmentBrowserService {
  private analytics: AnalyticsBrowser | null = null;
  private initialized = false;
  private writeKey: string;

  constructor(writeKey: string) {
    this.writeKey = writeKey;
  }

  async initialize(config?: Partial<SegmentBrowserConfig>): Promise<void> {
    if (this.initialized) return;

    const [response] = await AnalyticsBrowser.load({
      writeKey: this.writeKey,
      cdnURL: config?.cdnURL,
      plugins: config?.plugins,
    });

    this.analytics = response;
    this.initialized = true;
  }

  // Identify user
  identify(
    userId?: string,
    traits?: Record<string, any>,
    options?: TrackOptions,
  ): void {
    if (!this.analytics) return;

    if (userId) {
      this.analytics.identify(userId, traits, options);
    } else {
      this.analytics.identify(traits, options);
    }
  }

  // Track event
  track(
    event: string,
    properties?: Record<string, any>,
    options?: TrackOptions,
  ): void {
    if (!this.analytics) return;
    this.analytics.track(event, properties, options);
  }

  // Page view
  page(
    category?: string,
    name?: string,
    properties?: Record<string, any>,
    options?: TrackOptions,
  ): void {
    if (!this.analytics) return;
    this.analytics.page(category, name, properties, options);
  }

  // Group user
  group(
    groupId: string,
    traits?: Record<string, any>,
    options?: TrackOptions,
  ): void {
    if (!this.analytics) return;
    this.analytics.group(groupId, traits, options);
  }

  // Alias
  alias(userId: string, previousId?: string, options?: TrackOptions): void {
    if (!this.analytics) return;
    this.analytics.alias(userId, previousId, options);
  }

  // Reset (logout)
  reset(): void {
    if (!this.analytics) return;
    this.analytics.reset();
  }

  // Get anonymous ID
  async getAnonymousId(): Promise<string | undefined> {
    if (!this.analytics) return undefined;
    const user = await this.analytics.user();
    return user.anonymousId();
  }

  // Get user ID
  async getUserId(): Promise<string | undefined> {
    if (!this.analytics) return undefined;
    const user = await this.analytics.user();
    return user.id();
  }

  // Get traits
  async getTraits(): Promise<Record<string, any> | undefined> {
    if (!this.analytics) return undefined;
    const user = await this.analytics.user();
    return user.traits();
  }

  // Ready callback
  ready(callback: () => void): void {
    if (!this.analytics) return;
    this.analytics.ready(callback);
  }

  // Debug mode
  debug(enabled = true): void {
    if (!this.analytics) return;
    this.analytics.debug(enabled);
  }

  // Enable/disable integrations
  setIntegrations(integrations: Record<string, boolean>): void {
    if (!this.analytics) return;
    // Store integrations settings for future calls
    // This is typically done per-call in options
  }
}

export const segmentBrowser = new SegmentBrowserService(
  process.env.NEXT_PUBLIC_SEGMENT_WRITE_KEY!,
);
