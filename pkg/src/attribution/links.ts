/**
 * Links to the shop's other domains that carry the visitor's anonymous id.
 *
 * What a link carries is signed with HMAC-SHA-256, and holds for one host, for two minutes, and for
 * browsers of the same kind. The key is in the page, so whoever reads the page has it: the signature
 * keeps apart visitors who share, bookmark or edit a link, and does not stop somebody who wants to
 * give himself, or a visitor whom he makes follow his link, another anonymous id. That is why
 * nothing but the anonymous id travels, and why it is off unless asked for.
 */
import type { AnalyticsBrowser } from "../front/analytics-browser";
import { LINK_MAX_AGE_S } from "./limits";

/** Domains that share a visitor. */
export interface LinkOptions {
  /** The same on all of them: at least 16 characters drawn at random. */
  key: string;
  /** Hosts whose links are decorated, each with its subdomains. */
  domains: readonly string[];
}

/** The parameter that carries it. */
const PARAMETER = "wm_link";

const FORM = /^([\w-]+)\.(\d+)\.([\w-]+)$/;

function base64url(bytes: ArrayBuffer | Uint8Array): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/** What `of` is signed with; compared by the browser, in constant time. */
async function hmacKey(key: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(key);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const uses: KeyUsage[] = ["sign", "verify"];
  return crypto.subtle.importKey("raw", bytes, algorithm, false, uses);
}

/** What is signed: a line for each of what the link is bound to. */
function message(id: string, expiresS: number, host: string): Uint8Array {
  const { language, userAgent } = navigator;
  const lines = ["wm1", id, expiresS, host, language, userAgent];
  return new TextEncoder().encode(lines.join("\n"));
}

/** Whether `host` is one of the domains, or below one. */
function isAmong(host: string, domains: readonly string[]): boolean {
  return domains.some((one) => host === one || host.endsWith(`.${one}`));
}

/**
 * The address with the visitor's signed anonymous id; as it is where it leads nowhere else.
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
 * The anonymous id that the link to this page carried, where its signature holds; the page's
 * address loses it at once, whether it holds or not. Call it before `load` and give what it resolves
 * to to `setAnonymousId`.
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
    return undefined; // No secure context, or not our link.
  }
}

/** The anonymous id, where the client has one; asking draws one. */
async function idOf(analytics: AnalyticsBrowser): Promise<string | undefined> {
  if (analytics.consent?.state !== "granted") return undefined;
  const user = await analytics.user();
  return user.anonymousId() ?? undefined;
}

/**
 * Decorates links to `domains` when they may be followed next (pointed at, pressed, or focused),
 * while the visitor agrees: signing takes a moment, and a click does not wait. A link that was decorated is decorated anew each time, as it holds only for
 * two minutes. Returns what ends it.
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
    // The page may have changed it meanwhile.
    if (signed && link.href === href) link.href = signed;
  };
  const listener = (event: Event) => void decorate(event).catch(() => {});
  const events = ["pointerover", "pointerdown", "focusin"];
  for (const one of events) addEventListener(one, listener, true);
  return () => {
    for (const one of events) removeEventListener(one, listener, true);
  };
}
