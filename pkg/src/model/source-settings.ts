/** Types of a source's settings, as Segment's CDN serves them. */
import type { HttpConfig } from "./delivery";
import type { JSONObject, Plan } from "./event";

/** A source's settings for one destination. */
export interface RemoteIntegrationSettings {
  type?: string;
  versionSettings?: {
    version?: string;
    override?: string;
    componentTypes?: ("browser" | "android" | "ios" | "server")[];
  };
  bundlingStatus?: "bundled" | "unbundled";
  consentSettings?: { categories: string[] };
  [key: string]: any;
}

/** A source's settings for Segment itself. */
export interface RemoteSegmentIOIntegrationSettings extends RemoteIntegrationSettings {
  apiKey: string;
  retryQueue?: boolean;
  apiHost?: string;
  addBundledMetadata?: boolean;
  unbundledIntegrations?: string[];
  bundledConfigIds?: string[];
  unbundledConfigIds?: string[];
  maybeBundledConfigIds?: Record<string, string[]>;
  httpConfig?: HttpConfig;
}

/** The settings of a source, as Segment's CDN serves them. */
export interface CDNSettings {
  integrations: {
    "Segment.io": RemoteSegmentIOIntegrationSettings;
    [creationName: string]: RemoteIntegrationSettings;
  };
  middlewareSettings?: { routingRules: any[] };
  enabledMiddleware?: Record<string, boolean>;
  metrics?: {
    host?: string;
    sampleRate?: number;
    flushTimer?: number;
    maxQueueSize?: number;
    protocol?: "http" | "https";
  };
  plan?: Plan;
  legacyVideoPluginsEnabled?: boolean;
  remotePlugins?: {
    name: string;
    creationName: string;
    url: string;
    libraryName: string;
    settings: JSONObject;
  }[];
  consentSettings?: {
    allCategories: string[];
    hasUnmappedDestinations: boolean;
  };
  edgeFunction?: { downloadURL: string; version: number } | object;
  autoInstrumentationSettings?: { sampleRate: number };
  [key: string]: unknown;
}
