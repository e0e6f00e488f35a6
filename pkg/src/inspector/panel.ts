/** The panel, a chunk that is fetched when a client is inspected. */
import type { Context } from "../model/context";
import { INSPECTOR_LOOK_MS } from "../base/limits";
import { button, element } from "./element";
import { EventList } from "./event-list";
import {
  type Inspected,
  type InspectorOptions,
  type Look,
  lookAt,
  type Row,
} from "./inspected";
import { sheet } from "./sheet";

const TITLES: Record<keyof Look, string> = {
  delivery: "Delivery",
  dropped: "Dropped",
  consent: "Consent",
  identity: "Identity",
  plan: "Against the plan",
};

interface Failure {
  reason?: Error;
  ctx?: Context;
}

/** A panel in the page's corner, in a shadow tree of its own. */
export class Panel {
  readonly #client: Inspected;
  readonly #options: InspectorOptions;
  readonly #host: HTMLElement = element("div");
  readonly #events: EventList = new EventList();
  readonly #lists: Map<string, HTMLDListElement> = new Map();
  readonly #shown: Map<string, string> = new Map();
  readonly #timer: ReturnType<typeof setInterval>;

  /** Shows the panel. */
  constructor(client: Inspected, options: InspectorOptions) {
    this.#client = client;
    this.#options = options;
    const root = this.#host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet()];
    root.append(this.#build());
    document.documentElement.append(this.#host);
    client.on("dispatch_start", this.#recorded);
    client.on("error", this.#failed);
    this.#timer = setInterval(() => this.#refresh(), INSPECTOR_LOOK_MS);
    this.#refresh();
  }

  #build(): HTMLElement {
    const body = element("div", ...this.#sections());
    const fold = button("Hide", (it) => {
      body.hidden = !body.hidden;
      it.textContent = body.hidden ? "Show" : "Hide";
      it.setAttribute("aria-expanded", String(!body.hidden));
    });
    fold.setAttribute("aria-expanded", "true");
    const close = button("Close", () => this.close());
    const title = element("h2", "Waymark inspector");
    const section = element(
      "section",
      element("header", title, fold, close),
      body,
    );
    section.setAttribute("aria-label", "Waymark inspector");
    // The panel scrolls, and must be focusable to scroll by keyboard.
    section.tabIndex = 0;
    return section;
  }

  #sections(): HTMLElement[] {
    const named = Object.entries(TITLES).flatMap(([key, title]) => {
      const list = element("dl");
      this.#lists.set(key, list);
      return [element("h3", title), list];
    });
    return [...named, element("h3", "Events"), this.#events.root];
  }

  readonly #recorded = (context: Context): void => {
    this.#events.add(context);
    this.#refresh();
  };

  readonly #failed = ({ reason, ctx }: Failure): void => {
    if (ctx) this.#events.fail(ctx, reason?.message ?? "");
    this.#refresh();
  };

  /** Updates the sections that have changed. */
  #refresh(): void {
    if (document.visibilityState === "hidden") return;
    const look = lookAt(this.#client, this.#options);
    for (const [key, rows] of Object.entries(look) as [string, Row[]][]) {
      const text = JSON.stringify(rows);
      if (this.#shown.get(key) === text) continue;
      this.#shown.set(key, text);
      this.#lists
        .get(key)
        ?.replaceChildren(
          ...rows.map(([name, said]) =>
            element("div", element("dt", name), element("dd", said)),
          ),
        );
    }
  }

  /** Removes the panel. */
  close(): void {
    clearInterval(this.#timer);
    this.#client.off("dispatch_start", this.#recorded);
    this.#client.off("error", this.#failed);
    this.#host.remove();
  }
}
