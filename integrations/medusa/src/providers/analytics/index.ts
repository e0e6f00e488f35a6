/** The provider of Medusa's Analytics Module. */
import { ModuleProvider, Modules } from "@medusajs/framework/utils";
import { WaymarkAnalyticsService } from "./service";

export default ModuleProvider(Modules.ANALYTICS, {
  services: [WaymarkAnalyticsService],
});
