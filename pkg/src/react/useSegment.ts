import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from "react";
import type { SegmentCalls } from "./segment-client";
import { useConnection } from "./segment-context";

/** The return value of {@link useSegment}. */
export interface SegmentContextValue extends SegmentCalls {
  /** Whether the client is loaded. Calls need not wait for this. */
  readonly isReady: boolean;
}

const notReady = () => false;

/**
 * The calls of the provider's client. They stay the same functions. The component renders again
 * when `isReady` changes, but only if it reads it.
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
  // During hydration this is false, as on the server.
  const isReady = useSyncExternalStore(subscribe, connection.isReady, notReady);
  useEffect(() => {
    mounted.current = true;
  }, []);
  return useMemo(
    () => ({
      ...connection.calls,
      get isReady() {
        looked.current = true;
        // A component that did not render again holds an old value.
        return mounted.current ? connection.isReady() : isReady;
      },
    }),
    [connection, isReady],
  );
}
