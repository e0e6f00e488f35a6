/** The panel's style, as a constructed style sheet: no content security policy refuses one. */
const CSS = `
:host { all: initial; position: fixed; inset: auto 12px 12px auto; z-index: 2147483647; }
section { box-sizing: border-box; width: min(380px, calc(100vw - 24px)); max-height: 70vh;
  overflow: auto; padding: 0 14px 10px; border-radius: 10px; background: #14202b; color: #e8eef3;
  font: 13px/1.45 system-ui, sans-serif; box-shadow: 0 6px 28px #0008; }
header { display: flex; gap: 8px; align-items: center; position: sticky; top: 0;
  padding: 10px 0 6px; background: #14202b; }
h2 { flex: 1; margin: 0; font-size: 14px; }
h3 { margin: 10px 0 2px; font-size: 12px; color: #9fc3de; }
button { padding: 3px 9px; border: 1px solid #5b7a92; border-radius: 6px; background: none;
  color: inherit; font: inherit; cursor: pointer; }
button:focus-visible, summary:focus-visible, section:focus-visible { outline: 2px solid #7cc4ff; }
dl, ol { margin: 0; padding: 0; list-style: none; }
dl div { display: flex; justify-content: space-between; gap: 12px; }
dt { color: #c3d0da; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
li { border-top: 1px solid #2b3c4a; padding: 3px 0; }
li.failed summary { color: #ffb3a7; }
summary { cursor: pointer; }
pre { margin: 4px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 11px; }
[hidden] { display: none; }
`;

/** The panel's style sheet. */
export function sheet(): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(CSS);
  return made;
}
