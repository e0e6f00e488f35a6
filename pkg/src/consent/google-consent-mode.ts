import type { ConsentSource } from "./rules";

/** The default category of each storage type of Google's Consent Mode. */
const TYPES = {
  analytics_storage: "analytics",
  ad_storage: "advertising",
};

/**
 * Reads the answers that a banner gives to Google's Consent Mode: `gtag("consent", "update", …)`
 * in the data layer. Its defaults do not count as answers.
 */
export function googleConsentMode(
  types: Readonly<Record<string, string>> = TYPES,
): ConsentSource {
  return (update) => {
    const layer = ((window as { dataLayer?: unknown[] }).dataLayer ??= []);
    const look = (entry: unknown) => {
      const [command, kind, said] = Array.from((entry ?? []) as ArrayLike<any>);
      if (command !== "consent" || kind !== "update" || !said) return;
      const given = Object.entries(types)
        .filter(([type]) => type in (said as object))
        .map(([type, category]) => [
          category,
          (said as Record<string, string>)[type] === "granted",
        ]);
      update(Object.fromEntries(given));
    };
    layer.forEach(look);
    const push = layer.push.bind(layer);
    layer.push = (...entries: unknown[]) => {
      entries.forEach(look);
      return push(...entries);
    };
  };
}
