// What every page of the benchmark runs; `library` is one of the adapters beside this file.
import { start, track } from "library";

Object.assign(globalThis, { start, track });
start(globalThis.collectorHost);
globalThis.started?.();
