/**
 * Events declared in the markup: `data-wm-event` names one, `data-wm-prop-*` are its text
 * properties, `data-wm-props` is a JSON object of others, and `data-wm-fields` lists the fields of
 * a form whose values may be read.
 */
import { listen, warn } from "../base/platform";
import { fieldValues } from "./field-values";

/** The part of the client that is used. */
interface Tracking {
  track(event: string, properties: object): unknown;
}

const PROPERTY = "data-wm-prop-";

/** The properties in an element's attributes; `product-id` becomes `product_id`. */
function propertiesOf(element: Element): Record<string, unknown> {
  let properties: Record<string, unknown> = {};
  const json = element.getAttribute("data-wm-props");
  try {
    properties = { ...(JSON.parse(json || "{}") as object) };
  } catch {
    warn("data-wm-props is not JSON:", json);
  }
  for (const { name, value } of element.attributes) {
    if (name.indexOf(PROPERTY)) continue;
    properties[name.slice(PROPERTY.length).replace(/-/g, "_")] = value;
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

/** The nearest clicked element that declares an event and is not a form. */
function clicked(event: Event): Element | undefined {
  return event
    .composedPath()
    .filter(
      (one): one is Element =>
        one instanceof Element &&
        one.hasAttribute("data-wm-event") &&
        !(one instanceof HTMLFormElement),
    )[0];
}

/**
 * Events after which a form may be submitted. They leave open shadow trees, which `submit` does
 * not.
 */
const BEFORE_SUBMIT = ["click", "keydown", "focusin"] as const;

/**
 * Records the declared events, also of markup that is added later: clicks on elements and
 * submissions of forms, those in open shadow trees included. The listeners capture, because the
 * page's own may stop the event.
 */
export function declarative(analytics: Tracking): void {
  const onClick = (event: MouseEvent) => {
    // Of the other buttons only the middle one follows a link.
    if (event.button > 1) return;
    const element = clicked(event);
    if (element) track(analytics, element);
  };
  /** Trees that are listened to, and events that were recorded: a form in a slot passes several. */
  const known = new WeakSet<object>();
  const onSubmit = (event: Event) => {
    const { target } = event;
    if (!(target instanceof HTMLFormElement) || known.has(event)) return;
    known.add(event);
    track(analytics, target);
  };
  const listenIn = (tree: EventTarget) => {
    if (!(tree instanceof ShadowRoot) || known.has(tree)) return;
    known.add(tree);
    tree.addEventListener("submit", onSubmit, true);
  };
  listen("click", onClick, true, document);
  listen("auxclick", onClick, true, document);
  listen("submit", onSubmit, true, document);
  for (const type of BEFORE_SUBMIT) {
    const before = (event: Event) => event.composedPath().forEach(listenIn);
    listen(type, before, true, document);
  }
  const { prototype } = HTMLFormElement;
  const { requestSubmit } = prototype as unknown as Record<
    string,
    ((submitter?: HTMLElement | null) => void) | undefined
  >;
  if (!requestSubmit) return;
  prototype.requestSubmit = function (submitter) {
    // The form may have a field of any name.
    const tree = Node.prototype.getRootNode.call(this);
    if (tree instanceof ShadowRoot && tree.mode === "open") listenIn(tree);
    requestSubmit.call(this, submitter);
  };
}
