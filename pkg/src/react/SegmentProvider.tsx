import { type ReactElement, type ReactNode, useEffect, useMemo } from "react";
import { clientOfKey } from "../front/client-of-key";
import type { InitOptions } from "../model/load";
import { connectionOf, DISCONNECTED } from "./connection";
import type { SegmentClient } from "./segment-client";
import { SegmentContext } from "./segment-context";

/** The write key to load a client for, or a client that the page made itself. */
type Source =
  | {
      /** The key of the source. Another key means another client. */
      writeKey: string;
      /** The address to fetch the source's settings from. Without it, no settings are fetched. */
      cdnURL?: string | undefined;
      /** The second argument of `AnalyticsBrowser.load`. Read once for each write key. */
      options?: InitOptions | undefined;
      client?: undefined;
    }
  | {
      /** A client that the page made and loads itself. */
      client: SegmentClient;
      writeKey?: undefined;
      cdnURL?: undefined;
      options?: undefined;
    };

/** Properties of {@link SegmentProvider}. */
export type SegmentProviderProps = Source & { children?: ReactNode };

/**
 * Gives the components inside it a client. A page has one client for each write key, however
 * often React mounts the provider. The client loads when the provider is first mounted; earlier
 * calls are held in order. On a server the provider only renders its children.
 *
 * @example
 * <SegmentProvider writeKey="demo-browser-key"><App /></SegmentProvider>
 */
export function SegmentProvider({
  children,
  client,
  writeKey,
  cdnURL,
  options,
}: SegmentProviderProps): ReactElement {
  const connection = useMemo(() => {
    if (typeof document === "undefined") return DISCONNECTED;
    return connectionOf(client ?? clientOfKey(writeKey));
  }, [client, writeKey]);

  // Runs after the effects of the components inside. The client holds their calls until then.
  useEffect(() => {
    if (!client) {
      const settings = { writeKey, ...(cdnURL && { cdnURL }) };
      clientOfKey(writeKey).load(settings, options);
    }
    connection.begin();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a client loads once, as it was given
  }, [connection]);

  return (
    <SegmentContext.Provider value={connection}>
      {children}
    </SegmentContext.Provider>
  );
}
