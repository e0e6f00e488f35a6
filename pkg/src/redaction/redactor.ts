/** Replaces private data in texts and addresses. */
import { findNumbers } from "./digits";
import { findEmails } from "./emails";
import { DECODED_MAX } from "./limits";
import { replaceSpans } from "./text";

/** A kind of private data in texts. */
export type Kind = "card" | "email" | "phone";

/** Written in place of private data. */
export const MARK = "redacted";

const ALWAYS = [
  "token|access_token|id_token|refresh_token|auth_token|csrf_token",
  "password|passwd|pwd|secret|client_secret|api_key|apikey|session_id|sid|otp",
].join("|");

/** A part of a URL as plain text. Escapes that are not valid UTF-8 are decoded if ASCII. */
function decoded(text: string): string {
  return text.replace(/\+/g, " ").replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
        String.fromCharCode(parseInt(hex, 16)),
      );
    }
  });
}

/** The text, encoded. A text that cannot be encoded is replaced as a whole. */
function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return MARK;
  }
}

/** Replaces private data in texts, in linear time. */
export class Redactor {
  readonly #email: boolean;
  readonly #numbers: { card: boolean; phone: boolean };
  readonly #secrets: RegExp;
  readonly #code: RegExp;

  /** `parameters` are names of secret parameters, besides those that always are. */
  constructor(find: readonly Kind[], parameters: readonly string[]) {
    this.#email = find.includes("email");
    this.#numbers = {
      card: find.includes("card"),
      phone: find.includes("phone"),
    };
    const own = parameters.map((name) => name.replace(/[^\w]/g, "\\$&"));
    const names = [ALWAYS, ...own].join("|");
    // `user[password]=` and `user.password=` are the same parameter.
    const before = "(^|[?&#;[.])";
    this.#secrets = new RegExp(`${before}(${names})(\\]?=)[^&#\\s"]+`, "gi");
    this.#code = new RegExp(`${before}(code)(\\]?=)[^&#\\s"]+`, "gi");
  }

  /** The text without card numbers, e-mail addresses and phone numbers. */
  text(text: string): string {
    const { card, phone } = this.#numbers;
    const numbers = card || phone ? findNumbers(text, this.#numbers) : [];
    const out = numbers.length > 0 ? replaceSpans(text, numbers, MARK) : text;
    const emails = this.#email ? findEmails(out) : [];
    return emails.length > 0 ? replaceSpans(out, emails, MARK) : out;
  }

  /** The address, or a part of one, without those and without the values of secret parameters. */
  address(address: string, depth: number = DECODED_MAX): string {
    return this.#parameters(address).replace(/[^/?&#;=]+/g, (part) =>
      this.#part(part, depth),
    );
  }

  #parameters(address: string): string {
    const mark = `$1$2$3${MARK}`;
    const out = address.replace(this.#secrets, mark);
    return /[?&#;]state=/i.test(out) ? out.replace(this.#code, mark) : out;
  }

  #part(part: string, depth: number): string {
    const out = this.text(part);
    const plain = depth > 0 ? decoded(out) : out;
    if (plain === out) return out;
    const redacted = this.address(this.text(plain), depth - 1);
    return redacted === plain ? out : encoded(redacted);
  }
}
