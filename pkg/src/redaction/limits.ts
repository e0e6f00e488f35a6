/** Limits of redaction, each with its unit and its reason. */

/**
 * Digits of a payment card's number, by ISO/IEC 7812. Cards with 13 digits are no longer issued,
 * and every tenth article number of 13 digits would look like one.
 */
export const CARD_DIGITS_MIN = 14;
export const CARD_DIGITS_MAX = 19;

/** Digits of a phone number with its country code; at most 15 by E.164. */
export const PHONE_DIGITS_MIN = 8;
export const PHONE_DIGITS_MAX = 15;

/** Digits of a phone number that begins with a zero and has no country code. */
export const NATIONAL_DIGITS_MIN = 9;
export const NATIONAL_DIGITS_MAX = 13;

/** Characters of an address before and after its `@`, by RFC 5321. */
export const LOCAL_PART_MAX = 64;
export const DOMAIN_MAX = 255;

/** How often a part of a URL is decoded: an address may hold an address that holds another. */
export const DECODED_MAX = 3;
