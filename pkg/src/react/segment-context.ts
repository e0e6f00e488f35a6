import { type Context, createContext, useContext } from "react";
import { type Connection, DISCONNECTED } from "./connection";

/** Holds the provider's connection. */
export const SegmentContext: Context<Connection | null> =
  /* @__PURE__ */ createContext<Connection | null>(null);

let warned = false;

/** The provider's connection. Without a provider it warns once, and calls do nothing. */
export function useConnection(): Connection {
  const connection = useContext(SegmentContext);
  if (!connection && !warned) {
    warned = true;
    console.warn(
      "waymark: there is no SegmentProvider around this component; nothing is recorded",
    );
  }
  return connection ?? DISCONNECTED;
}
