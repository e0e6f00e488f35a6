/** The service of this process, for the analytics provider, which Medusa gives no other module. */
import type SegmentService from "./service";

let service: SegmentService | undefined;

/** Says which service runs. */
export function runs(one: SegmentService): void {
  service = one;
}

/** The service that runs, if the plugin is among the shop's. */
export const running = (): SegmentService | undefined => service;
