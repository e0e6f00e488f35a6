/** Tracks links and forms (contract, §a.8); fetched when the first is tracked. */
import { ofDocument, within } from "../base/platform";
import { AUTO_TRACK_MAX_MS } from "../base/limits";
import type { EventProperties, Options } from "../model/event";

/** The part of the client that tracking uses. */
export interface AutoTracking {
  /** `timeout`: the most milliseconds that a visitor waits for an event. */
  readonly settings: { timeout?: number };
  /** Whether an event is recorded by the end of the task of its call. */
  recordsAtOnce(): boolean;
  track(event: any, properties: any, options: any): Promise<unknown>;
}

/** Something that holds elements, as jQuery does. */
export interface JQueryShim<TElement = HTMLElement> {
  toArray(): TElement[];
}

type Links = Element | Element[] | JQueryShim | null;
type Forms = HTMLFormElement | HTMLFormElement[] | null;
type Given<T> = [
  elements: T,
  event: string | Function,
  properties?: EventProperties | Function,
  options?: Options,
];

/** The arguments of `trackLink`. */
export type LinkArgs = Given<Links>;

/** The arguments of `trackForm`. */
export type FormArgs = Given<Forms>;

/** The browser's event, or one of jQuery or Zepto, which may not hold the browser's. */
interface Submission {
  readonly defaultPrevented?: boolean;
  readonly originalEvent?: SubmitEvent;
  isDefaultPrevented?: () => boolean;
  preventDefault: () => void;
}
type Library = (form: Element) => {
  submit(handler: (event: Submission) => void): void;
};

const XLINK = "http://www.w3.org/1999/xlink";

/** Returns `given`, or its result for the element if it is a function. */
function made<T>(given: T, element: Element): T {
  return typeof given === "function" ? given(element) : given;
}

/**
 * Prevents the browser's default action, and calls `goOn` when the event is recorded or the wait
 * is over, unless the page prevents it as well.
 */
function holdBack(
  analytics: AutoTracking,
  event: Pick<Event, "preventDefault">,
  tracked: Promise<unknown>,
  goOn: () => void,
): void {
  event.preventDefault();
  let prevented = false;
  event.preventDefault = () => (prevented = true);
  const waitMs = analytics.settings.timeout ?? AUTO_TRACK_MAX_MS;
  void within(tracked.catch(console.error), waitMs).then(() => {
    if (!prevented) goOn();
  });
}

function addressOf(element: Element): string | null | undefined {
  return (
    element.getAttribute("href") ||
    element.getAttributeNS(XLINK, "href") ||
    element.getAttribute("xlink:href") ||
    element.getElementsByTagName("a")[0]?.getAttribute("href")
  );
}

function opensElsewhere(element: Element, event: MouseEvent): boolean {
  const { ctrlKey, shiftKey, metaKey, button } = event;
  const target = element.getAttribute("target");
  return ctrlKey || shiftKey || metaKey || button === 1 || target === "_blank";
}

/** Tracks clicks on `links`; the visitor goes on when the event is recorded. */
export function link(
  analytics: AutoTracking,
  ...[links, event, properties, options]: LinkArgs
): void {
  if (!links) return;
  const given = links instanceof Element ? [links] : links;
  const elements = "toArray" in given ? given.toArray() : given;
  elements.forEach((element) => {
    const clicked = (click: MouseEvent) => {
      const atOnce = analytics.recordsAtOnce();
      const tracked = analytics.track(
        made(event, element),
        made(properties, element),
        options ?? {},
      );
      const href = addressOf(element);
      if (!href || opensElsewhere(element, click)) return;
      // The browser follows a real link itself; what is recorded outlives the page.
      const own = element.getAttribute("href") === href;
      if (own && element instanceof HTMLAnchorElement) {
        if (atOnce || click.defaultPrevented) return;
      }
      holdBack(analytics, click, tracked, () => (location.href = href));
    };
    (element as HTMLElement).addEventListener("click", clicked, false);
  });
}

/** The attributes by which a button overrides its form's own. */
const OVERRIDES = [
  ["formaction", "action"],
  ["formenctype", "enctype"],
  ["formmethod", "method"],
  ["formtarget", "target"],
] as const;

/** Sends the form as the pressed button would, and restores its attributes. */
function submit(form: HTMLFormElement, button: Element | null): void {
  const before = OVERRIDES.map(([, own]) => form.getAttribute(own));
  const { name, value } = (button ?? {}) as HTMLButtonElement;
  const stand = ofDocument("createElement").call(
    document,
    "input",
  ) as HTMLInputElement;
  if (name) {
    stand.type = "hidden";
    stand.name = name;
    stand.value = value;
    form.append(stand);
  }
  for (const [its, own] of OVERRIDES) {
    const said = button?.getAttribute(its);
    if (typeof said === "string") form.setAttribute(own, said);
  }
  // A field may be named `submit`; a page may have put its own function there.
  if (typeof form.submit === "function") form.submit();
  else HTMLFormElement.prototype.submit.call(form);
  stand.remove();
  OVERRIDES.forEach(([, own], at) => {
    const was = before[at];
    if (typeof was === "string") form.setAttribute(own, was);
    else form.removeAttribute(own);
  });
}

function isPrevented(event: Submission): boolean {
  return event.isDefaultPrevented?.() ?? event.defaultPrevented ?? false;
}

/** Whether the browser sends the form itself, which it does not for a script's own event. */
function goesByItself(
  form: HTMLFormElement,
  native: SubmitEvent | undefined,
): boolean {
  const patched = form.submit !== HTMLFormElement.prototype.submit;
  return native ? native.isTrusted && !patched : true;
}

/** Tracks the sending of `forms`, which goes on when the event is recorded. */
export function form(
  analytics: AutoTracking,
  ...[forms, event, properties, options]: FormArgs
): void {
  if (!forms) return;
  const elements = forms instanceof HTMLFormElement ? [forms] : forms;
  elements.forEach((element) => {
    if (!(element instanceof Element)) {
      throw new TypeError("Must pass HTMLElement to trackForm/trackSubmit.");
    }
    const submitted = (submission: Submission) => {
      const atOnce = analytics.recordsAtOnce();
      const tracked = analytics.track(
        made(event, element),
        made(properties, element),
        options ?? {},
      );
      if (isPrevented(submission)) return;
      const native =
        submission instanceof Event
          ? (submission as SubmitEvent)
          : submission.originalEvent;
      if (atOnce && goesByItself(element, native)) return;
      const button = native?.submitter ?? null;
      holdBack(analytics, submission, tracked, () => submit(element, button));
    };
    const { jQuery, Zepto } = window as { jQuery?: Library; Zepto?: Library };
    const library = [jQuery, Zepto].filter(
      (one) => typeof one === "function",
    )[0];
    // Forms sent through such a library fire its own event, not the browser's.
    if (library) library(element).submit(submitted);
    else element.addEventListener("submit", submitted, false);
  });
}
