/**
 * Events that the markup asks for: `data-wm-event` names one, `data-wm-prop-*` are properties of
 * text, `data-wm-props` a JSON object of others, and `data-wm-fields` the fields of a form whose
 * values may be read.
 */
import { fieldValues } from "./field-values";

/** The part of the client that is used. */
interface Tracking {
  track(event: string, properties: object): unknown;
}

const PROPERTY = "data-wm-prop-";

/** The properties that an element's attributes name; `product-id` is `product_id`. */
function propertiesOf(element: Element): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  const json = element.getAttribute("data-wm-props");
  try {
    Object.assign(properties, JSON.parse(json || "{}"));
  } catch {
    console.warn("waymark: data-wm-props is not JSON:", json);
  }
  for (const { name, value } of element.attributes) {
    if (!name.startsWith(PROPERTY)) continue;
    properties[name.slice(PROPERTY.length).replaceAll("-", "_")] = value;
  }
  return properties;
}

function track(analytics: Tracking, element: Element): void {
  const event = element.getAttribute("data-wm-event");
  if (!event) return;
  const listed = element.getAttribute("data-wm-fields");
  const fields =
    listed && element instanceof HTMLFormElement
      ? fieldValues(element, listed.split(/\s+/))
      : {};
  void analytics.track(event, { ...fields, ...propertiesOf(element) });
}

/** The element that a click is for: the nearest that asks for an event and is no form. */
function clicked(event: Event): Element | undefined {
  return event
    .composedPath()
    .find(
      (one): one is Element =>
        one instanceof Element &&
        one.hasAttribute("data-wm-event") &&
        !(one instanceof HTMLFormElement),
    );
}

/**
 * Records the events that the markup asks for, whenever it was added: clicks on elements, and
 * the sending of forms. One listener for each, before those of the page, which may stop them.
 */
export function declarative(analytics: Tracking): void {
  const onClick = (event: MouseEvent) => {
    // Of the other buttons only the middle one follows a link.
    if (event.button > 1) return;
    const element = clicked(event);
    if (element) track(analytics, element);
  };
  document.addEventListener("click", onClick, true);
  document.addEventListener("auxclick", onClick, true);
  document.addEventListener(
    "submit",
    ({ target }) => {
      if (target instanceof HTMLFormElement) track(analytics, target);
    },
    true,
  );
}
