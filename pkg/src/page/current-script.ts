/**
 * The script that runs now. An element named `currentScript` stands in for the document's own
 * member, and would say from where the core is fetched: so the getter of its prototype is asked.
 */
export function currentScript(): HTMLScriptElement | null {
  const member = Object.getOwnPropertyDescriptor(
    Document.prototype,
    "currentScript",
  );
  return member?.get?.call(document) as HTMLScriptElement | null;
}
