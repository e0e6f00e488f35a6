import type { ConsentSource } from "./rules";

/** The part of Didomi's script that is used. */
interface Didomi {
  shouldUserStatusBeCollected?: () => boolean;
  getCurrentUserStatus: () => {
    purposes: Record<string, { enabled?: boolean } | undefined>;
  };
  on: (event: string, listener: () => void) => void;
}

/**
 * Reads the answers from Didomi; `purposes` maps its purposes (`cookies`,
 * `measure_ad_performance`, …) to categories.
 */
export function didomi(
  purposes: Readonly<Record<string, string>>,
): ConsentSource {
  return (update) => {
    const own = window as { didomiOnReady?: ((didomi: Didomi) => void)[] };
    // Didomi calls each pushed function, at once if it is already ready.
    (own.didomiOnReady ??= []).push((didomi) => {
      const tell = () => {
        if (didomi.shouldUserStatusBeCollected?.()) return;
        const status = didomi.getCurrentUserStatus().purposes;
        const choices = Object.entries(purposes).map(([purpose, category]) => [
          category,
          status[purpose]?.enabled === true,
        ]);
        update(Object.fromEntries(choices));
      };
      didomi.on("consent.changed", tell);
      tell();
    });
  };
}
