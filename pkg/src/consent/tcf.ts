import type { Choices } from "../model/consent";
import type { ConsentSource } from "./rules";

/** The part of the TCF's data that is used. */
interface TCData {
  eventStatus?: string;
  gdprApplies?: boolean;
  purpose?: { consents?: Record<string, boolean> };
}

type TcfApi = (
  command: "addEventListener",
  version: 2,
  listener: (data: TCData | null, success: boolean) => void,
) => void;

/** The TCF 2.2 purposes that each category needs by default. */
const PURPOSES = {
  // Store and access information; measure content; statistics of audiences.
  analytics: [1, 8, 9],
  // Store and access information; basic ads; profiles for ads; personalised ads; measure ads.
  advertising: [1, 2, 3, 4, 7],
};

/**
 * Reads the answers from any banner with the IAB's `__tcfapi`. A category is granted if all of its
 * purposes are; if the GDPR does not apply, every category is.
 */
export function tcf(
  purposes: Readonly<Record<string, readonly number[]>> = PURPOSES,
): ConsentSource {
  return (update) => {
    const api = (window as { __tcfapi?: TcfApi }).__tcfapi;
    if (!api) {
      console.warn("waymark: there is no __tcfapi, so that consent is unknown");
      return;
    }
    api("addEventListener", 2, (data, success) => {
      if (!success || !data) return;
      const { eventStatus, gdprApplies, purpose } = data;
      if (gdprApplies !== false && eventStatus === "cmpuishown") return;
      const choices = Object.entries(purposes).map(([category, needed]) => [
        category,
        gdprApplies === false ||
          needed.every((one) => purpose?.consents?.[one] === true),
      ]);
      update(Object.fromEntries(choices) as Choices);
    });
  };
}
