/**
 * Hosts that refer nothing: the shop's own, and those that a visitor comes back from in the middle
 * of a visit.
 */
import { persists } from "../call/extension-store";
import type { Asker } from "../model/extension";

/** The probe for the shared domain, as in the core (contract, §b.1). */
const PROBE = "__tld__";

/** Parts of host names below which one pays or signs in, whosever they are. */
const LABELS =
  "pay payments? checkout login signin sso o?auth accounts? appleid idmsa apple-?pay[\\w-]* " +
  "acs\\d* ([\\w-]+-)?(rsa)?3d-?s(ecure|auth|acs)?\\d?(-[\\w-]+)? securecode " +
  "[\\w-]*(e|i|net|web|online|home)-?bank(ing)? banking";

/** Providers, by the name that they registered below whichever top-level domain. */
const NAMES =
  "paypal stripe klarna adyen mollie sofort trustly truelayer gocardless braintree(gateway|-api) " +
  "venmo skrill neteller paysafe(card)? paydirekt twint postfinance " +
  "(ali|ten|after|clear|giro|sage|global|world|razor|rate|bill|quick|scala|mobile|satis|heidel|" +
  "multisafe|safer|hyper|kakao|union|wechat|iyzi|pay|e|t)pay " +
  "pay(u|one|plug|zen|box|tm|stack|fast|trail|tabs|gate|oneer) " +
  "iyzico opayo przelewy24 dotpay unzer computop novalnet datatrans wallee six-payment-services " +
  "concardis ingenico ogone worldline wlp-acs systempay monetico(-services)? sips-services " +
  "redsys nexi bancontact payconiq buckaroo icepay riverty getalma oney " +
  "affirm sezzle vipps netaxept dibspayment bambora realexpayments gpayments " +
  "cardinalcommerce arcot modirum securesuite rsa3dsauth verifiedbyvisa netcetera-payment " +
  "cybersource 2checkout fastspring squareup bluesnap nuvei safecharge oppwa moneris windcave " +
  "paymentexpress mercadopago pagseguro ebanx flutterwave " +
  "microsoftonline auth0 okta onelogin amazoncognito";

/** Hosts whose name alone says too little. */
const HOSTS =
  "authorize.net nets.eu paddle.com cash.app shop.app ideal.nl zip.co " +
  "apay-us.amazon.com";

const anyOf = (names: string) => `(${names.replace(/ /g, "|")})`;

const PROVIDERS = new RegExp(
  `(^|\\.)(${anyOf(LABELS)}\\..+|${anyOf(NAMES)}\\.(com?\\.)?[a-z]{2,8}|${anyOf(HOSTS)})$`,
);

/** Which referrers are no touch, beside the shop's own hosts. */
export interface ReferrerOptions {
  /** Hosts of the shop's own to leave out. Each includes its subdomains. */
  ignoreReferrers?: readonly string[];
  /**
   * Whether providers of payment and sign-in that Waymark knows are left out. `true` by default;
   * with `false` only those in `ignoreReferrers` are.
   */
  ignoreProviders?: boolean;
}

/** Whether a visitor of `own` who comes from `host` was led by nothing. */
export type RefersNothing = (host: string, own: string) => boolean;

/** The host in what may have been written as an address, or with a dot or `*.` in front. */
const plainHost = (text: string) =>
  text
    .toLowerCase()
    .replace(/^.*:\/\/|[/:?#].*/g, "")
    .replace(/^\*?\./, "");

const isWithin = (host: string, domain: string) =>
  `.${host}`.endsWith(`.${domain}`);

/**
 * Whether both hosts are below one domain for which this page may set a cookie, as it may not for
 * `com` or `co.uk`. Hosts that are addresses share none.
 */
function shareDomain(host: string, own: string): boolean {
  const parts = own.split(".");
  const shared = parts
    .map((_, at) => parts.slice(at).join("."))
    .find((domain) => isWithin(host, domain));
  if (!shared) return false;
  const set = (rest: string) =>
    (document.cookie = `${PROBE}=${rest}; path=/; domain=${shared}`);
  try {
    set("1");
    const isSet = document.cookie.includes(`${PROBE}=1`);
    set("; max-age=0");
    return isSet;
  } catch {
    return false; // The page may not use cookies.
  }
}

/** The rule of these options. It uses no cookie where `asker` may not keep anything. */
export function refersNothing(
  { ignoreReferrers = [], ignoreProviders }: ReferrerOptions,
  asker: Asker,
): RefersNothing {
  const ignored = ([] as string[]).concat(ignoreReferrers).map(plainHost);
  return (host, own) =>
    host === own ||
    (ignoreProviders !== false && PROVIDERS.test(host)) ||
    ignored.some((one) => isWithin(host, one)) ||
    (persists(asker) && shareDomain(host, own));
}
