import type { Ref, RefCallback } from "react";

function give<T>(ref: Ref<T>, node: T | null): (() => void) | undefined {
  if (typeof ref === "function") {
    const cleanUp: unknown = ref(node);
    // What a ref of React 19 returns is called instead of the ref with null.
    if (typeof cleanUp === "function") return cleanUp as () => void;
    return () => ref(null);
  }
  if (!ref) return undefined;
  (ref as { current: T | null }).current = node;
  return () => ((ref as { current: T | null }).current = null);
}

/** One ref of two, in any version of React. */
export function mergeRefs<T>(
  first: Ref<T> | undefined,
  second: Ref<T> | undefined,
): Ref<T> | undefined {
  if (!first || !second) return first ?? second;
  let undo: ((() => void) | undefined)[] = [];
  // Returns nothing, which React 18 would warn of: both versions call it with null at the end.
  const both: RefCallback<T> = (node) => {
    if (node) undo = [give(first, node), give(second, node)];
    else undo.splice(0).forEach((one) => one?.());
  };
  return both;
}
