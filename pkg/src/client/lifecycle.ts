import { listen, ofDocument } from "../base/platform";
import type { Engine } from "../core/engine";
import type { Journal } from "../journal/journal";

/**
 * Tells the core and the journal when the page is hidden, left or shown again. When a page is left,
 * Chromium fires pagehide and then visibilitychange; when a tab is hidden, visibilitychange only.
 */
export function watchLifecycle(
  engine: Engine,
  journal: Journal | undefined,
): void {
  listen("online", () => engine.wake(false));
  // A worker gets no event when it ends; its unsent events are in the journal.
  if (typeof document === "undefined") return;
  let left = false;
  const back = async () => {
    if (!left) return;
    left = false;
    engine.hold();
    await journal?.returned();
    if (!left) engine.wake(true);
  };
  listen("pagehide", () => {
    left = true;
    engine.leave();
    journal?.leave();
  });
  listen("pageshow", () => void back());
  const turned = () => {
    if (ofDocument("visibilityState") === "hidden") {
      if (!left) engine.hide();
    } else if (left) void back();
    else engine.wake(false);
  };
  listen("visibilitychange", turned, false, document);
  listen("storage", ({ key }) => {
    if (key === null || /^ajs_/.test(key)) engine.reloadIdentity();
  });
}
