// Buttons that a portal shows in a frame, beside components with props that are nobody's business.
import { useState, type FC, type MouseEvent } from "react";
import { createPortal } from "react-dom";
import { TrackedButton, useTrackClick } from "waymark/react";
import { Shop, stage } from "./scenes";

/** Another component of the shop. */
function Account({ email, token }: { email: string; token: string }) {
  return <i title="Signed in" onClick={() => email + token} />;
}

/** What a handler may pass along: values, and things of the page. */
const given = (event: MouseEvent<HTMLElement>) => ({
  product_id: 7,
  event,
  target: event.currentTarget,
  deep: { kept: true, list: [event.nativeEvent, event.currentTarget] },
  root: event.currentTarget.ownerDocument,
  view: event.currentTarget.ownerDocument.defaultView,
  ...{ parent: event.currentTarget.parentNode, copy: { ...event } },
  inside: { node: { ...event.currentTarget } },
});

function Inside() {
  const clicked = useTrackClick("Hooked", { place: "frame" });
  return (
    <div>
      <Account email="kim@mail.example" token="secret-token" />
      <button id="handler" onClick={clicked} />
      <button id="passes" onClick={(event) => clicked(given(event))} />
      <TrackedButton
        eventName="Pressed"
        properties={{ place: "frame" }}
        id="pressed"
        onClick={(event: MouseEvent<HTMLElement>) =>
          stage.track("Own Handler", given(event))
        }
      />
    </div>
  );
}

/** A frame of the same origin with {@link Inside}. */
export const Portal: FC = () => {
  const [body, setBody] = useState<HTMLElement | null>(null);
  return (
    <Shop>
      <Account email="kim@mail.example" token="secret-token" />
      <iframe
        id="frame"
        title="Preview"
        src="/next.html"
        onLoad={({ currentTarget }) =>
          setBody(currentTarget.contentDocument!.body)
        }
      />
      {body && createPortal(<Inside />, body)}
    </Shop>
  );
};
