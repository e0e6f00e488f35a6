/** Opens the connection for events while the core is still loading. */
export function preconnect(url: string): void {
  if (
    typeof document === "undefined" ||
    url.startsWith(`${location.origin}/`)
  ) {
    return;
  }
  const link = document.createElement("link");
  link.rel = "preconnect";
  // Without credentials, as events are sent.
  link.crossOrigin = "anonymous";
  link.href = url;
  document.head?.append(link);
  // The browser is connecting already, and a framework may compare the head during hydration.
  link.remove();
}
