/** Takes the events of Medusa's Analytics Module. */
import { AbstractAnalyticsProviderService } from "@medusajs/framework/utils";
import type {
  ProviderIdentifyAnalyticsEventDTO,
  ProviderTrackAnalyticsEventDTO,
} from "@medusajs/framework/types";
import { running } from "../../modules/segment/running";
import type SegmentService from "../../modules/segment/service";
import type { Log } from "../../outbox/sender";
import { identifyOf, trackOf } from "./calls";

/**
 * The provider. Its calls resolve when the event is kept; what fails is logged, and never fails the
 * workflow that made the call.
 */
export class WaymarkAnalyticsService extends AbstractAnalyticsProviderService {
  static identifier = "waymark";
  readonly #log: Log;

  constructor({ logger }: { logger: Log }) {
    super();
    this.#log = logger;
  }

  /** Keeps an event, that of a guest, too. */
  async track(data: ProviderTrackAnalyticsEventDTO): Promise<void> {
    await this.#service()?.track(trackOf(data));
  }

  /** Keeps who an actor is, or what a group is. */
  async identify(data: ProviderIdentifyAnalyticsEventDTO): Promise<void> {
    const call = identifyOf(data);
    if ("group" in call) await this.#service()?.group(call.group);
    else await this.#service()?.identify(call.identify);
  }

  /** Nothing is left to do: what was kept is sent by the plugin, by the next process if need be. */
  async shutdown(): Promise<void> {}

  #service(): SegmentService | undefined {
    const service = running();
    if (!service) {
      this.#log.error(
        "waymark: medusa-plugin-waymark is not among the plugins of medusa-config",
      );
    }
    return service;
  }
}
