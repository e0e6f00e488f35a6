import { Emitter } from "../base/emitter";
import type { Plugin } from "./plugin";

/** The client's plugins; `pipeline.ts` takes events through them. */
export class EventQueue extends Emitter {
  /** The plugins, in the order of their registration. */
  plugins: Plugin[] = [builtIn("Page Enrichment"), builtIn("Segment.io")];
  /** Names of plugins whose `load` failed. */
  failedInitializations: string[] = [];
}

/** Represents a part of the core in the list of plugins, so that it can be deregistered. */
function builtIn(name: string): Plugin {
  return {
    name,
    type: name === "Segment.io" ? "destination" : "before",
    version: "1.0.0",
    isLoaded: () => true,
    load: () => Promise.resolve(),
  };
}
