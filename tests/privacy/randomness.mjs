// @ts-check
// Random calls with secrets in them, the same for the same seed.

const WORDS =
  "red shoes size 42 sale -20% größe for the win 3x €9.99 /a?b=c".split(" ");
const PARAMETERS = [
  "token",
  "access_token",
  "id_token",
  "password",
  "secret",
  "api_key",
];

/** A generator of random numbers (mulberry32), and of calls. */
export class Randomness {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed;
  }

  /** A whole number from 0, less than `below`. @param {number} below */
  number(below) {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  /** @template T @param {readonly T[]} all @returns {T} */
  pick(all) {
    return /** @type {T} */ (all[this.number(all.length)]);
  }

  /** @param {number} count */
  digits(count) {
    return Array.from({ length: count }, () => this.number(10)).join("");
  }

  /** A card number, as people write it. */
  card() {
    const issuer = this.pick(["4", "51", "37", "6011"]);
    const body = issuer + this.digits(this.pick([13, 15]) - issuer.length);
    const checks = "0123456789".split("").filter((digit) => luhn(body + digit));
    const number = body + checks[0];
    const separator = this.pick(["", " ", "-"]);
    return number.replace(/(.{4})(?=.)/g, `$1${separator}`);
  }

  /** An e-mail address. */
  email() {
    const name = `n${this.digits(6)}`;
    return `${name}${this.pick(["", ".x", "+tag"])}@${this.pick(["mail.example", "a-b.example.co"])}`;
  }

  /** A phone number. */
  phone() {
    const separator = this.pick([" ", "-", "."]);
    return this.pick([
      `+49${this.digits(9)}`,
      `+1${separator}212${separator}${this.digits(7)}`,
      `212${separator}${this.digits(3)}${separator}${this.digits(4)}`,
      `0${this.digits(3)}${separator}${this.digits(7)}`,
    ]);
  }

  secret() {
    return this.pick([
      () => this.card(),
      () => this.email(),
      () => this.phone(),
    ])();
  }

  /** Words, with the secret somewhere between them. @param {string} secret */
  sentence(secret) {
    const words = Array.from({ length: this.number(6) }, () =>
      this.pick(WORDS),
    );
    words.splice(this.number(words.length + 1), 0, secret);
    return words.join(" ");
  }

  /** A URL with the secret in its path, a parameter or its hash. @param {string} secret */
  address(secret) {
    const encoded = encodeURIComponent(secret);
    const twice = encodeURIComponent(encoded);
    const nested = encodeURIComponent(`https://a.example/?m=${encoded}`);
    const place = this.pick([
      `/u/${encoded}`,
      `/?q=${encodeURIComponent(this.sentence(secret))}`,
      `/?q=${encoded.replaceAll("%20", "+")}&utm_source=mail`,
      `/?q=${twice}`,
      `/?next=${nested}#top`,
      `/#/route?m=${encoded}`,
    ]);
    return `https://shop.example${place}`;
  }

  /** A random call, and the secrets in it. */
  call() {
    const [inUrl, inReferrer, inTitle, inText, inNote] = Array.from(
      { length: 5 },
      () => this.secret(),
    );
    const token = `t${this.digits(8)}`;
    const parameter = this.pick(PARAMETERS);
    const base = this.address(String(inUrl));
    const [rest = "", hash = ""] = base.split("#");
    const href = `${rest}${rest.includes("?") ? "&" : "?"}${parameter}=${token}${hash && `#${hash}`}`;
    const url = new URL(href);
    const referrer = this.address(String(inReferrer));
    /** @type {[string, string, string, string, string, string, string]} */
    const page = [
      href,
      url.pathname,
      url.search,
      this.sentence(String(inTitle)),
      referrer,
      "",
      "",
    ];
    const review = this.pick([
      this.sentence(String(inText)),
      this.address(String(inText)),
    ]);
    const args = {
      value: 9.99,
      review,
      products: [
        { name: "Shoe", gift: { message: this.sentence(String(inText)) } },
      ],
      note: [token, inNote],
      quote: `"\\ ${this.sentence(String(inText))}`,
    };
    return {
      secrets: [inUrl, inReferrer, inTitle, inText, inNote, token].map(String),
      page,
      args,
    };
  }
}

/** @param {string} digits */
function luhn(digits) {
  const doubled = [...digits]
    .reverse()
    .map((digit, at) => Number(digit) * (1 + (at % 2)));
  const sum = doubled.reduce((sum, one) => sum + (one > 9 ? one - 9 : one), 0);
  return sum % 10 === 0;
}
