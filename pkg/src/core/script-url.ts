/** The address of the script-tag build, beside which the core is; it stands in for `import.meta.url`. */
export const scriptUrl: string = find() || location.href;

function find(): string | undefined {
  if (typeof document !== "undefined") {
    return (document.currentScript as HTMLScriptElement | null)?.src;
  }
  // A worker is told in no other way which script it imports.
  return /https?:.+?(?=:\d+:\d+)/.exec(new Error().stack ?? "")?.[0];
}
