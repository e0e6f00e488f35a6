// The script of every page of the benchmark; `library` is one of the adapters in this folder.
import { start, track } from "library";

globalThis.start = start;
globalThis.track = track;
start(globalThis.collectorHost);
globalThis.started?.();
