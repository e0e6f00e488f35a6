/** The entry `waymark/consent`: consent by category, and the sources of the visitor's answers. */
export type { Choices, ConsentOption, ConsentPolicy } from "../model/consent";
export { consent, type ConsentRules, type ConsentSource } from "./rules";
export type { Signal, Signals } from "./signals";
export { cookiebot } from "./cookiebot";
export { didomi } from "./didomi";
export { googleConsentMode } from "./google-consent-mode";
export { oneTrust } from "./one-trust";
export { tcf } from "./tcf";
