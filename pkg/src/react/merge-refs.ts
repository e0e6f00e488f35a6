import type { Ref, RefCallback } from "react";

function give<T>(ref: Ref<T>, node: T | null): (() => void) | undefined {
  if (typeof ref === "function") {
    const cleanUp: unknown = ref(node);
    // In React 19 a ref may return a cleanup function, which replaces the call with null.
    if (typeof cleanUp === "function") return cleanUp as () => void;
    return () => ref(null);
  }
  if (!ref) return undefined;
  (ref as { current: T | null }).current = node;
  return () => ((ref as { current: T | null }).current = null);
}

/** Merges two refs into one, for React 18 and 19. */
export function mergeRefs<T>(
  first: Ref<T> | undefined,
  second: Ref<T> | undefined,
): Ref<T> | undefined {
  if (!first || !second) return first ?? second;
  let undo: ((() => void) | undefined)[] = [];
  // Returns no cleanup function: React 18 would warn, and both versions then call it with null.
  const both: RefCallback<T> = (node) => {
    if (node) undo = [give(first, node), give(second, node)];
    else undo.splice(0).forEach((one) => one?.());
  };
  return both;
}
