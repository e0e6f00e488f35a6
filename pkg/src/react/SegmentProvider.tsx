import { type ReactElement, type ReactNode, useEffect, useMemo } from "react";
import { clientOfKey } from "../front/client-of-key";
import type { InitOptions } from "../model/load";
import { connectionOf, DISCONNECTED } from "./connection";
import type { SegmentClient } from "./segment-client";
import { SegmentContext } from "./segment-context";

/** A client to be loaded for a write key, or one that the page has made. */
type Source =
  | {
      /** The key of the source; another key is another client. */
      writeKey: string;
      /** Where to fetch the source's settings; without it nothing is fetched. */
      cdnURL?: string | undefined;
      /** The second argument of `AnalyticsBrowser.load`; looked at once for each write key. */
      options?: InitOptions | undefined;
      client?: undefined;
    }
  | {
      /** A client that loads already. */
      client: SegmentClient;
      writeKey?: undefined;
      cdnURL?: undefined;
      options?: undefined;
    };

/** Properties of {@link SegmentProvider}. */
export type SegmentProviderProps = Source & { children?: ReactNode };

/**
 * Gives the components inside it a client. There is one client for each write key of the page,
 * however often React mounts the provider; it loads when the provider is first mounted, and
 * calls made before are kept in order. On a server nothing runs.
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

  // Runs after the effects of the components inside: what they record is held till then.
  useEffect(() => {
    if (!client) {
      const settings = { writeKey, ...(cdnURL && { cdnURL }) };
      clientOfKey(writeKey).load(settings, options);
    }
    connection.begin();
  }, [connection]);

  return (
    <SegmentContext.Provider value={connection}>
      {children}
    </SegmentContext.Provider>
  );
}
