type Tag = keyof HTMLElementTagNameMap;

/** An element with these children. A string becomes text, never HTML. */
export function element<Name extends Tag>(
  name: Name,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

/** A button that calls `onClick` with itself. */
export function button(
  label: string,
  onClick: (button: HTMLButtonElement) => void,
): HTMLButtonElement {
  const made = element("button", label);
  made.type = "button";
  made.addEventListener("click", () => onClick(made));
  return made;
}
