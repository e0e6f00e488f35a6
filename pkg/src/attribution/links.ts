/**
 * Links to the shop's other domains that carry the visitor's anonymous id.
 *
 * A link is signed with HMAC-SHA-256. The signature is valid for two minutes, for one host, and
 * for browsers with the same user agent and language. The key is in the page, so anyone who reads
 * the page has it. The signature therefore keeps apart visitors who share, bookmark or edit a
 * link, but it does not stop an attacker from forging a link that gives a visitor another
 * anonymous id. That is why a link carries only the anonymous id, and why this is off by default.
 */
import type { AnalyticsBrowser } from "../front/analytics-browser";
import { LINK_MAX_AGE_S } from "./limits";

/** The domains that share their visitors, and the key they sign with. */
export interface LinkOptions {
  /** The same key on all domains: at least 16 random characters. */
  key: string;
  /** Hosts whose links are decorated. Each includes its subdomains. */
  domains: readonly string[];
}

/** The query parameter that carries the signed id. */
const PARAMETER = "wm_link";

const FORM = /^([\w-]+)\.(\d+)\.([\w-]+)$/;

function base64url(bytes: ArrayBuffer | Uint8Array): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/** The key as the browser's own, whose `verify` compares in constant time. */
async function hmacKey(key: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(key);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const uses: KeyUsage[] = ["sign", "verify"];
  return crypto.subtle.importKey("raw", bytes, algorithm, false, uses);
}

/** The signed text: one line for each thing the link is bound to. */
function message(id: string, expiresS: number, host: string): Uint8Array {
  const { language, userAgent } = navigator;
  const lines = ["wm1", id, expiresS, host, language, userAgent];
  return new TextEncoder().encode(lines.join("\n"));
}

/** Whether `host` is one of the domains or a subdomain of one. */
function isAmong(host: string, domains: readonly string[]): boolean {
  return domains.some((one) => host === one || host.endsWith(`.${one}`));
}

/**
 * Adds the visitor's signed anonymous id to the address. An address on this host, or on a host
 * outside `domains`, is returned unchanged.
 *
 * @param nowMs milliseconds since 1970
 */
export async function signLink(
  address: string,
  anonymousId: string,
  { key, domains }: LinkOptions,
  nowMs: number = Date.now(),
): Promise<string> {
  const url = new URL(address, location.href);
  const leads = /^https?:$/.test(url.protocol) && url.host !== location.host;
  if (!leads || !isAmong(url.hostname, domains)) return address;
  const expiresS = Math.floor(nowMs / 1000) + LINK_MAX_AGE_S;
  const signed = message(anonymousId, expiresS, url.hostname);
  const signature = await crypto.subtle.sign(
    "HMAC",
    await hmacKey(key),
    signed as BufferSource,
  );
  const id = base64url(new TextEncoder().encode(anonymousId));
  const value = `${id}.${expiresS}.${base64url(signature)}`;
  url.searchParams.set(PARAMETER, value);
  return url.href;
}

function bytesOf(text: string): Uint8Array {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

async function verified(
  value: string,
  key: string,
  nowMs: number,
): Promise<string | undefined> {
  const [, encoded = "", expires = "", signature = ""] = FORM.exec(value) ?? [];
  const expiresS = Number(expires);
  const left = expiresS - nowMs / 1000;
  if (!encoded || left <= 0 || left > LINK_MAX_AGE_S + 1) return undefined;
  const id = new TextDecoder().decode(bytesOf(encoded));
  const holds = await crypto.subtle.verify(
    "HMAC",
    await hmacKey(key),
    bytesOf(signature) as BufferSource,
    message(id, expiresS, location.hostname) as BufferSource,
  );
  return holds ? id : undefined;
}

/**
 * The anonymous id from the link that led to this page, if its signature is valid. The parameter
 * is removed from the page's address in any case. Call this before `load`, and pass the id to
 * `setAnonymousId`.
 *
 * @param nowMs milliseconds since 1970
 */
export async function incomingVisitor(
  { key }: Pick<LinkOptions, "key">,
  nowMs: number = Date.now(),
): Promise<string | undefined> {
  const url = new URL(location.href);
  const value = url.searchParams.get(PARAMETER);
  if (value === null) return undefined;
  url.searchParams.delete(PARAMETER);
  history.replaceState(history.state, "", url);
  try {
    return await verified(value, key, nowMs);
  } catch {
    return undefined; // Not a secure context, or not one of our links.
  }
}

/** The anonymous id, made if it is missing; `undefined` without consent. */
async function idOf(analytics: AnalyticsBrowser): Promise<string | undefined> {
  if (analytics.consent?.state !== "granted") return undefined;
  const user = await analytics.user();
  return user.anonymousId() ?? undefined;
}

/**
 * Decorates a link to one of `domains` when the visitor is about to follow it: when it is pointed
 * at, pressed or focused. Signing is asynchronous, and a click does not wait. Each time the link
 * is signed anew, as a signature expires after two minutes. Without consent it does nothing.
 * Returns a function that ends it.
 */
export function decorateLinks(
  analytics: AnalyticsBrowser,
  options: LinkOptions,
): () => void {
  const decorate = async ({ target }: Event) => {
    const link = target instanceof Element ? target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement)) return;
    if (link.host === location.host) return;
    if (!isAmong(link.hostname, options.domains)) return;
    const { href } = link;
    const id = await idOf(analytics);
    const signed = id && (await signLink(href, id, options));
    // The page may have changed the link meanwhile.
    if (signed && link.href === href) link.href = signed;
  };
  const listener = (event: Event) => void decorate(event).catch(() => {});
  const events = ["pointerover", "pointerdown", "focusin"];
  for (const one of events) addEventListener(one, listener, true);
  return () => {
    for (const one of events) removeEventListener(one, listener, true);
  };
}
