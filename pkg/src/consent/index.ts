/** Consent by category, and what tells the visitor's answers: `waymark/consent`. */
export type { Choices, ConsentOption, ConsentPolicy } from "../model/consent";
export { consent, type ConsentRules, type ConsentSource } from "./rules";
export type { Signal, Signals } from "./signals";
export { cookiebot } from "./cookiebot";
export { didomi } from "./didomi";
export { googleConsentMode } from "./google-consent-mode";
export { oneTrust } from "./one-trust";
export { tcf } from "./tcf";
