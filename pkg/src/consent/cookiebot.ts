import type { Choices } from "../model/consent";
import type { ConsentSource } from "./rules";

/** The part of Cookiebot's script that is used. */
interface CookiebotWindow {
  Cookiebot?: {
    hasResponse?: boolean;
    consent?: Record<string, unknown>;
  };
}

/** The default category of each of Cookiebot's kinds. */
const KINDS = {
  preferences: "functional",
  statistics: "analytics",
  marketing: "advertising",
};

/** Reads the answers from Cookiebot; `kinds` maps its kinds to categories. */
export function cookiebot(
  kinds: Readonly<Record<string, string>> = KINDS,
): ConsentSource {
  return (update) => {
    const tell = () => {
      const { hasResponse, consent } =
        (window as CookiebotWindow).Cookiebot ?? {};
      if (!hasResponse || !consent) return;
      const choices: Choices = Object.fromEntries(
        Object.entries(kinds).map(([kind, category]) => [
          category,
          consent[kind] === true,
        ]),
      );
      update(choices);
    };
    for (const name of [
      "CookiebotOnConsentReady",
      "CookiebotOnAccept",
      "CookiebotOnDecline",
    ]) {
      addEventListener(name, tell);
    }
    tell();
  };
}
