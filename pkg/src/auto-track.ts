/** Tracks links and forms (contract §a.8): fetched when the first is tracked. */

type Made<E, T> = T | ((element: E) => T);

/** What is asked of the client. */
interface Asked {
  readonly settings: { timeout?: number };
  /** Whether an event is recorded when `track` returns. */
  recordsAtOnce(): boolean;
  track(event: any, properties: any, options: any): Promise<unknown>;
}

type Links = Element | Element[] | { toArray(): Element[] } | null;
type Forms = HTMLFormElement | HTMLFormElement[] | null;
type Library = (form: Element) => {
  submit(handler: (event: any) => void): void;
};

/** Milliseconds that a visitor waits for an event at the most, where the client names none. */
const WAIT_MAX_MS = 500;

const XLINK = "http://www.w3.org/1999/xlink";

function made<E, T>(given: Made<E, T>, element: E): T {
  return typeof given === "function"
    ? (given as (element: E) => T)(element)
    : given;
}

/** Goes on when the event is recorded, or when the visitor has waited long enough. */
function after(
  analytics: Asked,
  tracked: Promise<unknown>,
  goOn: () => void,
): void {
  const waitMs = analytics.settings.timeout ?? WAIT_MAX_MS;
  const limit = new Promise((done) => setTimeout(done, waitMs));
  void Promise.race([tracked, limit]).catch(console.error).then(goOn);
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
  const { target } = element as HTMLAnchorElement;
  return ctrlKey || shiftKey || metaKey || button === 1 || target === "_blank";
}

/** Tracks clicks on `links`. */
export function link(
  analytics: Asked,
  links: Links,
  event: Made<Element, unknown>,
  properties?: Made<Element, unknown>,
  options?: unknown,
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
      if (atOnce && own && element instanceof HTMLAnchorElement) return;
      click.preventDefault();
      after(analytics, tracked, () => (window.location.href = href));
    };
    (element as HTMLElement).addEventListener("click", clicked, false);
  });
}

/** Sends the form as the button that was pressed would have. */
function submit(form: HTMLFormElement, button: HTMLElement | null): void {
  const { name, value } = (button ?? {}) as HTMLButtonElement;
  const action = button?.getAttribute("formaction");
  const method = button?.getAttribute("formmethod");
  if (action) form.setAttribute("action", action);
  if (method) form.setAttribute("method", method);
  if (name) {
    const stand = document.createElement("input");
    Object.assign(stand, { type: "hidden", name, value });
    form.append(stand);
  }
  HTMLFormElement.prototype.submit.call(form);
}

/** Tracks the sending of `forms`. */
export function form(
  analytics: Asked,
  forms: Forms,
  event: Made<Element, unknown>,
  properties?: Made<Element, unknown>,
  options?: unknown,
): void {
  if (!forms) return;
  const elements = forms instanceof HTMLFormElement ? [forms] : forms;
  elements.forEach((element) => {
    if (!(element instanceof Element)) {
      throw new TypeError("Must pass HTMLElement to trackForm/trackSubmit.");
    }
    const submitted = (submission: SubmitEvent) => {
      const atOnce = analytics.recordsAtOnce();
      const tracked = analytics.track(
        made(event, element),
        made(properties, element),
        options ?? {},
      );
      if (atOnce) return;
      submission.preventDefault();
      const button = submission.submitter;
      after(analytics, tracked, () => submit(element, button));
    };
    const { jQuery, Zepto } = window as { jQuery?: Library; Zepto?: Library };
    const library = jQuery ?? Zepto;
    // Forms sent through such a library fire its own event, not the browser's.
    if (library) library(element).submit(submitted);
    else element.addEventListener("submit", submitted, false);
  });
}
