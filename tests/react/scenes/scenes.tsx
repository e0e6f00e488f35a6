// Small pages of a shop for the component tests, and what a test may reach of them.
import * as React from "react";
import {
  createElement,
  type FC,
  type ReactNode,
  StrictMode,
  Suspense,
  useEffect,
  useState,
} from "react";
import { AnalyticsBrowser, type InitOptions } from "waymark";
import {
  SegmentProvider,
  TrackedPage,
  usePageTracking,
  useSegment,
} from "waymark/react";

/** Members that the scenes put on `window` for the tests. */
export interface Stage {
  track: (name: string, properties?: Record<string, unknown>) => void;
  /** Called when the effects of the scene have run. */
  mounted: () => void;
  renders: Record<string, number>;
  set: Record<string, (value: any) => void>;
}
export const stage: Stage = {
  track: () => {},
  mounted: () => {},
  renders: {},
  set: {},
};

/** Sends to the gateway that the page's address names. */
export function options(): InitOptions {
  if (typeof location === "undefined") return {};
  const apiHost = new URLSearchParams(location.search).get("api") ?? "";
  return { integrations: { "Segment.io": { apiHost, protocol: "http" } } };
}

const KEY = "demo-browser-key";

/** Strict mode, a provider, and a way for the test to record. */
export function Shop({ children }: { children: ReactNode }) {
  return (
    <StrictMode>
      <SegmentProvider writeKey={KEY} options={options()}>
        {children}
        <Outside />
      </SegmentProvider>
    </StrictMode>
  );
}

function Outside() {
  const { track } = useSegment();
  useEffect(() => {
    stage.track = track;
    stage.mounted();
  }, [track]);
  return null;
}

/** State that the test sets by its name. */
export function useSet<T>(name: string, initial: T): T {
  const [value, set] = useState(initial);
  stage.set[name] = set;
  return value;
}

function count(name: string) {
  stage.renders[name] = (stage.renders[name] ?? 0) + 1;
}

function Viewed() {
  const { track } = useSegment();
  useEffect(() => track("Product List Viewed"), [track]);
  return <p>Things</p>;
}

/** A page inside a page component, and its own events. */
export const Home: FC = () => {
  const visits = useSet("visits", 1);
  return (
    <Shop>
      <TrackedPage name="Home" category="Shop" properties={{ visits }}>
        <h1>Home {visits}</h1>
        <Once />
      </TrackedPage>
    </Shop>
  );
};

let viewed = false;
function Once() {
  const { track } = useSegment();
  useEffect(() => {
    if (!viewed) track("Product List Viewed");
    viewed = true;
  }, [track]);
  return null;
}

function ProductPage({ id }: { id: string }) {
  const looks = useSet("looks", 0);
  usePageTracking(
    "Product",
    { product_id: id, looks },
    { category: "Catalog", key: id },
  );
  return <h1>Product {id}</h1>;
}

function CartPage() {
  usePageTracking("Cart");
  return <h1>Cart</h1>;
}

/** Pages that come and go, as with a router. */
export const Routes: FC = () => {
  const route = useSet<string>("route", "p1");
  return (
    <Shop>{route === "cart" ? <CartPage /> : <ProductPage id={route} />}</Shop>
  );
};

/** Keeps the state of what it hides; from React 19.2 on. */
const { Activity } = React as unknown as {
  Activity: FC<{ mode: string; children: ReactNode }>;
};

/** A page that is hidden and shown again. */
export const Hidden: FC = () => {
  const mode = useSet("mode", "visible");
  return (
    <Shop>
      <Activity mode={mode}>
        <CartPage />
      </Activity>
    </Shop>
  );
};

/** A page whose name comes later. */
export const Unnamed: FC = () => {
  const name = useSet<string | undefined>("name", undefined);
  return (
    <Shop>
      <Named name={name} />
    </Shop>
  );
};
function Named({ name }: { name: string | undefined }) {
  usePageTracking(name);
  return <h1>{name ?? "…"}</h1>;
}

function Caller() {
  count("caller");
  const segment = useSegment();
  stage.set["handler"] = () =>
    segment.track(segment.isReady ? "Was Ready" : "Was Not Ready");
  return null;
}

function Waiter() {
  count("waiter");
  const { isReady } = useSegment();
  return <p id="state">{isReady ? "ready" : "waiting"}</p>;
}

/** Which components render again when the client becomes ready. */
export const Renders: FC = () => (
  <SegmentProvider writeKey={KEY} options={options()}>
    <Caller />
    <Waiter />
    <Outside />
  </SegmentProvider>
);

/** Rendered on a server and hydrated. */
export const Hydrated: FC = () => (
  <Shop>
    <TrackedPage name="Home">
      <Waiter />
    </TrackedPage>
  </Shop>
);

let arrived = false;
let arrive: () => void;
const arrival = new Promise<void>((done) => {
  arrive = () => {
    arrived = true;
    done();
  };
});
function Late() {
  if (!arrived) throw arrival;
  return <h1>There</h1>;
}

/** A page that waits for its data. */
export const Waiting: FC = () => {
  stage.set["arrive"] = arrive;
  return (
    <Shop>
      <Suspense fallback={<p>Soon</p>}>
        <TrackedPage name="Late">
          <Late />
        </TrackedPage>
      </Suspense>
    </Shop>
  );
};

/** All calls of the hook. */
export const Calls: FC = () => (
  <Shop>
    <AllCalls />
  </Shop>
);
function AllCalls() {
  const segment = useSegment();
  stage.set["calls"] = () => {
    segment.page("Shop", "Cart", { total: 1 });
    segment.page(undefined, "Unfiled", { total: 2 });
    segment.screen("Shop", "Kiosk", { floor: 1 });
    segment.identify("user_1", { plan: "gold" });
    segment.identify(undefined, { city: "Ambleside" });
    segment.group("group_1", { size: 2 });
    segment.alias("user_2", "user_1");
    segment.track("Timed", { at: 1 }, { context: { ip: "10.0.0.1" } });
    segment.reset();
  };
  return null;
}

/** A second write key after the first. */
export const Keys: FC = () => {
  const writeKey = useSet("writeKey", KEY);
  return (
    <StrictMode>
      <SegmentProvider writeKey={writeKey} options={options()}>
        <TrackedPage name="Home">
          <Waiter />
        </TrackedPage>
        <Outside />
      </SegmentProvider>
    </StrictMode>
  );
};

/** A client that the page made. */
export const Given: FC = () => {
  const [client] = useState(() =>
    AnalyticsBrowser.load({ writeKey: KEY }, options()),
  );
  return (
    <SegmentProvider client={client}>
      <Waiter />
      <Viewed />
      <Outside />
    </SegmentProvider>
  );
};

/** Components without a provider. */
export const Alone: FC = () => (
  <TrackedPage name="Home">
    <Waiter />
    <Viewed />
  </TrackedPage>
);

/** A client that throws, and one whose calls reject. */
export const Broken: FC = () => {
  const fails = () => {
    throw new Error("broken client");
  };
  const client = {
    identify: fails,
    track: fails,
    page: () => Promise.reject(new Error("refused")),
    screen: fails,
    group: fails,
    alias: fails,
    reset: fails,
    ready: fails,
  };
  return createElement(
    SegmentProvider,
    { client },
    <TrackedPage name="Home">
      <Viewed />
    </TrackedPage>,
  );
};
