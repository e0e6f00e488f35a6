/** Limits of what is looked for, each with its unit and its reason. */

/**
 * Digits of a payment card's number, by ISO/IEC 7812. The cards of 13 digits are gone, and every
 * tenth article number of 13 digits would look like one.
 */
export const CARD_DIGITS_MIN = 14;
export const CARD_DIGITS_MAX = 19;

/** Digits of a phone number with its country's code; at most 15 by E.164. */
export const PHONE_DIGITS_MIN = 8;
export const PHONE_DIGITS_MAX = 15;

/** Digits of a phone number that begins with a zero and says no country. */
export const NATIONAL_DIGITS_MIN = 9;
export const NATIONAL_DIGITS_MAX = 13;

/** Characters of an address before and after its `@`, by RFC 5321. */
export const LOCAL_PART_MAX = 64;
export const DOMAIN_MAX = 255;

/** Times that a part of a URL is decoded: an address within an address within an address. */
export const DECODED_MAX = 3;
