import { useEffect, useRef } from "react";
import { Outlet, ScrollRestoration, useLocation } from "react-router";
import { useAnnouncement } from "../state/announcements";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { RouteTracker } from "./RouteTracker";

/** The frame around every page. */
export function Shell() {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);

  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    // Keyboards and screen readers start a new page at its beginning, too.
    main.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <Header />
      <RouteTracker />
      <main id="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <Footer />
      <Announcer />
      <ScrollRestoration />
    </>
  );
}

function Announcer() {
  const announcement = useAnnouncement();
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {announcement}
    </p>
  );
}
