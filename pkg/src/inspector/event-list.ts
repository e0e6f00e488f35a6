/** The newest events. Each opens to show its JSON. */
import type { Context } from "../model/context";
import { INSPECTED_EVENTS_MAX } from "../base/limits";
import { element } from "./element";
import { titleOf } from "./inspected";

/** The events recorded since the panel was opened, newest first. */
export class EventList {
  readonly root: HTMLOListElement = element("ol");
  readonly #items: Map<Context, HTMLLIElement> = new Map();

  /** Adds an event at the top. */
  add(context: Context): void {
    const title = element("summary", titleOf(context));
    const details = element("details", title);
    // Most are never opened, so the JSON is written when one is.
    details.addEventListener(
      "toggle",
      () =>
        details.append(
          element("pre", JSON.stringify(context.event, undefined, 2)),
        ),
      { once: true },
    );
    const item = element("li", details);
    this.#items.set(context, item);
    this.root.prepend(item);
    if (this.#items.size > INSPECTED_EVENTS_MAX) this.#dropOldest();
  }

  #dropOldest(): void {
    const [oldest] = this.#items;
    if (!oldest) return;
    this.#items.delete(oldest[0]);
    oldest[1].remove();
  }

  /** Marks an event as given up, with the reason. */
  fail(context: Context, reason: string): void {
    const item = this.#items.get(context);
    if (!item || item.className) return;
    item.className = "failed";
    item.querySelector("summary")?.append(` · given up: ${reason}`);
  }
}
