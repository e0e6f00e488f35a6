import { Emitter } from "../base/emitter";
import type { Plugin } from "./plugin";

/** What the client keeps about its plugins; how events pass them is in `pipeline.ts`. */
export class EventQueue extends Emitter {
  /** In the order of their registration. */
  plugins: Plugin[] = [builtIn("Page Enrichment"), builtIn("Segment.io")];
  /** Names of plugins whose `load` failed. */
  failedInitializations: string[] = [];
}

/** Stands for what the core does itself, so that it is listed and can be deregistered. */
function builtIn(name: string): Plugin {
  return {
    name,
    type: name === "Segment.io" ? "destination" : "before",
    version: "1.0.0",
    isLoaded: () => true,
    load: () => Promise.resolve(),
  };
}
