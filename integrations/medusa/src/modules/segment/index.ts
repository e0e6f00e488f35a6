/** The module `segment`, which Medusa loads with the plugin. */
import { Module } from "@medusajs/framework/utils";
import SegmentService from "./service";

/** The name by which a container resolves the service. */
export const SEGMENT_MODULE = "segment";

export default Module(SEGMENT_MODULE, { service: SegmentService });
