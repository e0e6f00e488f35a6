import type { Asker, Draft } from "../model/extension";
import type { InitOptions } from "../model/load";
import { type PageFacts, redactUrl } from "../page/page";

/** How the document was come by; undefined where the browser does not tell. */
function navigation(): PerformanceNavigationTiming | undefined {
  const [entry] =
    globalThis.performance?.getEntriesByType?.("navigation") ?? [];
  return entry;
}

/** Whether the document is one that the visitor was led to before: reloaded, or gone back to. */
export const isRevisit = (): boolean =>
  /^(reload|back)/.test(navigation()?.type ?? "");

/** The address at which the document was loaded, whatever the page has made of it since. */
export function landingAddress(): string {
  const name = navigation()?.name ?? "";
  const { origin, href } = location;
  return name.startsWith(`${origin}/`) ? name : href;
}

/**
 * The page that the visitor of a call landed on. If the address has changed before the document's
 * first call, it is redacted like a call's, by the guards among the extensions, too.
 */
export function landingPage(
  { nowMs, page }: Draft,
  landing: string,
  asker: Asker,
): PageFacts {
  if (location.href === landing) return page;
  const { redactUrls, extensions = [] } = asker.options as InitOptions;
  const { pathname, search } = new URL(landing);
  const texts = [landing, pathname, search, "", page[4], "", ""];
  const facts = redactUrls === false ? texts : texts.map(redactUrl);
  const draft = { method: "page", nowMs, text: "page" } as Draft;
  draft.page = facts as unknown as PageFacts;
  const guards = ([] as typeof extensions).concat(extensions);
  for (const one of guards) {
    if (one.guards && one.see(draft, asker)?.drop) return page;
  }
  return draft.page;
}
