/** Opens the connection that events go over while the core is still on its way. */
export function preconnect(url: string): void {
  if (
    typeof document === "undefined" ||
    url.startsWith(`${location.origin}/`)
  ) {
    return;
  }
  const link = document.createElement("link");
  link.rel = "preconnect";
  // As events go: without credentials.
  link.crossOrigin = "anonymous";
  link.href = url;
  document.head?.append(link);
  // The browser has begun; a framework that compares the head finds its own.
  link.remove();
}
