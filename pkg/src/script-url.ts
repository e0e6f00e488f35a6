/** The address of the script-tag build, beside which the core is; it stands in for `import.meta.url`. */
export const scriptUrl: string =
  (document.currentScript as HTMLScriptElement | null)?.src || location.href;
