import { useEffect, useRef } from "react";
import { useLocation, useMatches } from "react-router";
import type { PageHandle } from "../routes";
import { pageOpened } from "../tracking";

/**
 * Sends one page event for each path the visitor comes to. It stands before the page in
 * the tree, so its effect runs first and the page's own events follow the page event.
 */
export function RouteTracker() {
  const { pathname } = useLocation();
  const handle = useMatches().at(-1)?.handle as PageHandle | undefined;
  const opened = useRef<string | null>(null);

  useEffect(() => {
    // StrictMode runs effects twice, and a search or filter changes the address but not the page.
    if (!handle || opened.current === pathname) return;
    opened.current = pathname;
    pageOpened(handle.category, handle.name);
  }, [handle, pathname]);

  return null;
}
