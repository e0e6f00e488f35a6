// Links, buttons and forms of a shop.
import { forwardRef, useRef, type FC } from "react";
import { MemoryRouter, Link, useLocation } from "react-router";
import {
  TrackedButton,
  TrackedLink,
  TrackVisibility,
  useImpression,
  useTrackClick,
  useTrackForm,
} from "waymark/react";
import { Shop, stage, useSet } from "./scenes";

/** Plain links. */
export const Links: FC = () => (
  <Shop>
    <TrackedLink
      href="/next.html"
      eventName="Went On"
      properties={{ place: "footer" }}
      className="link"
      id="plain"
      data-kind="a"
      aria-label="Go on"
    >
      On
    </TrackedLink>
    <TrackedLink
      href="/next.html"
      target="_blank"
      rel="opener"
      eventName="Opened"
      id="blank"
    >
      New tab
    </TrackedLink>
    <TrackedLink
      href="/next.html"
      eventName="Kept"
      id="kept"
      onClick={(event) => {
        event.preventDefault();
        stage.track("Own Handler");
      }}
    >
      Stay
    </TrackedLink>
  </Shop>
);

function Where() {
  return <output>{useLocation().pathname}</output>;
}

/** Links of a router. */
export const Routed: FC = () => (
  <Shop>
    <MemoryRouter>
      <TrackedLink as={Link} to="/sale" eventName="As" id="as">
        Sale
      </TrackedLink>
      <TrackedLink asChild eventName="As Child" className="outer">
        <Link
          to="/cart"
          id="child"
          className="inner"
          onClick={() => stage.track("Child Handler")}
        >
          Cart
        </Link>
      </TrackedLink>
      <Where />
    </MemoryRouter>
  </Shop>
);

/** Refs reach what is rendered. */
export const Refs: FC = () => {
  const anchor = useRef<HTMLAnchorElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const outer = useRef<HTMLButtonElement>(null);
  const inner = useRef<HTMLButtonElement | null>(null);
  const shown = useSet("shown", true);
  stage.set["refs"] = () =>
    [anchor, button, outer, inner].map(({ current }) => current?.id ?? null);
  return (
    <Shop>
      {shown && (
        <>
          <TrackedLink href="#a" eventName="A" id="anchor" ref={anchor} />
          <TrackedButton eventName="B" id="button" ref={button} />
          <TrackedButton eventName="C" asChild ref={outer}>
            <button
              id="both"
              ref={(node) => {
                inner.current = node;
              }}
            />
          </TrackedButton>
        </>
      )}
    </Shop>
  );
};

const Fancy = forwardRef<HTMLButtonElement, { tone: string; onClick?: any }>(
  function Fancy({ tone, ...rest }, ref) {
    return <button data-tone={tone} id="fancy" ref={ref} {...rest} />;
  },
);

/** Buttons. */
export const Buttons: FC = () => (
  <Shop>
    <form onSubmit={(event) => event.preventDefault()}>
      <TrackedButton
        eventName="Pressed"
        properties={{ at: 1 }}
        id="press"
        type="button"
        title="Press"
        onClick={() => stage.track("Own Handler")}
      >
        Press
      </TrackedButton>
      <TrackedButton eventName="Never" id="off" disabled>
        Off
      </TrackedButton>
      <TrackedButton as={Fancy} tone="warm" eventName="Fancy Pressed" />
      <TrackedButton asChild eventName="Not One">
        Two <b>things</b>
      </TrackedButton>
      <ClickHook />
    </form>
  </Shop>
);

function ClickHook() {
  const times = useSet("times", 1);
  const clicked = useTrackClick("Hooked", { times });
  return (
    <>
      <button id="handler" type="button" onClick={clicked} />
      <button id="more" type="button" onClick={() => clicked({ more: true })} />
    </>
  );
}

function Newsletter() {
  const { trackSubmit, trackStart, trackError } = useTrackForm("Newsletter");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        trackSubmit({ topic: "tents" });
      }}
    >
      <input name="email" onFocus={trackStart} />
      <button id="send">Send</button>
      <button
        id="wrong"
        type="button"
        onClick={() => trackError("No such address")}
      />
      <button id="bare" type="button" onClick={trackSubmit} />
    </form>
  );
}

/** A form. */
export const Form: FC = () => (
  <Shop>
    <Newsletter />
  </Shop>
);

function Promotion({ looks }: { looks: number }) {
  const seen = useImpression("Promotion Viewed", { properties: { looks } });
  return <p ref={seen}>Promotion</p>;
}

/** An element in view, one far below, and one with a dwell. */
export const Visible: FC = () => {
  const looks = useSet("looks", 1);
  const section = useRef<HTMLElement>(null);
  stage.set["section"] = () => section.current?.id;
  return (
    <Shop>
      <TrackVisibility
        as="section"
        id="top"
        ref={section}
        eventName="Top Seen"
        properties={{ looks }}
      >
        Top
      </TrackVisibility>
      <Promotion looks={looks} />
      <div style={{ height: "300vh" }} />
      <TrackVisibility eventName="Bottom Seen" id="bottom" threshold={0.9}>
        Bottom
      </TrackVisibility>
    </Shop>
  );
};
