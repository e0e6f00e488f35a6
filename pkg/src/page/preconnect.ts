import { ofDocument } from "../base/platform";

/** Opens the connection for events while the core is still loading. */
export function preconnect(url: string): void {
  if (typeof document === "undefined" || !url.indexOf(`${location.origin}/`)) {
    return;
  }
  const link = ofDocument("createElement").call(
    document,
    "link",
  ) as HTMLLinkElement;
  link.rel = "preconnect";
  // Without credentials, as events are sent.
  link.crossOrigin = "anonymous";
  link.href = url;
  ofDocument("head")?.append(link);
  // The browser is connecting already, and a framework may compare the head during hydration.
  link.remove();
}
