type Tag = keyof HTMLElementTagNameMap;

/** An element with these children; text stays text. */
export function element<Name extends Tag>(
  name: Name,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

/** A button. */
export function button(
  label: string,
  onClick: (button: HTMLButtonElement) => void,
): HTMLButtonElement {
  const made = element("button", label);
  made.type = "button";
  made.addEventListener("click", () => onClick(made));
  return made;
}
