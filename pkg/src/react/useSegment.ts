import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from "react";
import type { SegmentCalls } from "./segment-client";
import { useConnection } from "./segment-context";

/** What {@link useSegment} gives. */
export interface SegmentContextValue extends SegmentCalls {
  /** Whether the client is loaded. Calls need not wait for it. */
  readonly isReady: boolean;
}

const notReady = () => false;

/**
 * The calls of the provider's client, which are always the same functions. A component is
 * rendered again only where it reads `isReady`, when that changes.
 *
 * @example
 * const { track } = useSegment();
 */
export function useSegment(): SegmentContextValue {
  const connection = useConnection();
  const looked = useRef(false);
  const mounted = useRef(false);
  const subscribe = useCallback(
    (tell: () => void) => connection.onReady(() => looked.current && tell()),
    [connection],
  );
  // While React hydrates this says what the server said.
  const isReady = useSyncExternalStore(subscribe, connection.isReady, notReady);
  useEffect(() => {
    mounted.current = true;
  }, []);
  return useMemo(
    () => ({
      ...connection.calls,
      get isReady() {
        looked.current = true;
        // A component that was not rendered again has an older answer.
        return mounted.current ? connection.isReady() : isReady;
      },
    }),
    [connection, isReady],
  );
}
