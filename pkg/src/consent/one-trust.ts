import type { ConsentSource } from "./rules";

/** The part of OneTrust's script that is used. */
interface OneTrustWindow {
  /** The groups that are active: `,C0001,C0002,`. */
  OnetrustActiveGroups?: string;
  OneTrust?: {
    IsAlertBoxClosed?: () => boolean;
    OnConsentChanged?: (listener: () => void) => void;
  };
  OptanonWrapper?: () => void;
}

/**
 * Reads the answers from OneTrust; `groups` maps its groups (`C0002`) to categories. Consent is
 * unknown until the banner is answered.
 */
export function oneTrust(
  groups: Readonly<Record<string, string>>,
): ConsentSource {
  return (update) => {
    const own = window as OneTrustWindow;
    const tell = () => {
      const active = own.OnetrustActiveGroups?.split(",") ?? [];
      const choices = Object.entries(groups).map(([group, category]) => [
        category,
        active.includes(group),
      ]);
      update(Object.fromEntries(choices));
    };
    const begin = () => {
      own.OneTrust?.OnConsentChanged?.(tell);
      if (own.OneTrust?.IsAlertBoxClosed?.()) tell();
    };
    if (own.OneTrust) return begin();
    // OneTrust calls this when it has loaded and after each answer.
    const before = own.OptanonWrapper;
    let begun = false;
    own.OptanonWrapper = () => {
      before?.();
      if (!begun) begin();
      begun = true;
    };
  };
}
