import type { Engine } from "../core/engine";
import type { Journal } from "../journal/journal";

/**
 * Tells the core and the journal what becomes of the page. Chromium fires pagehide first and
 * visibilitychange second when the page is left, and only the second when a tab is hidden.
 */
export function watchLifecycle(
  engine: Engine,
  journal: Journal | undefined,
): void {
  addEventListener("online", () => engine.wake(false));
  // A worker is not told when it ends: what it has not sent is in the journal.
  if (typeof document === "undefined") return;
  let left = false;
  const back = async () => {
    if (!left) return;
    left = false;
    engine.hold();
    await journal?.returned();
    if (!left) engine.wake(true);
  };
  addEventListener("pagehide", () => {
    left = true;
    engine.leave();
    journal?.leave();
  });
  addEventListener("pageshow", () => void back());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      if (!left) engine.hide();
    } else if (left) void back();
    else engine.wake(false);
  });
  addEventListener("storage", ({ key }) => {
    if (key === null || key.startsWith("ajs_")) engine.reloadIdentity();
  });
}
