// An app with React Router; `router` is the version that the test bundles.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import {
  createBrowserRouter,
  Link,
  Navigate,
  Outlet,
  RouterProvider,
} from "router";
import { SegmentProvider } from "waymark/react";
import { PageViews } from "waymark/react/router";

const api = new URL(location.href).searchParams.get("api");
const OPTIONS = {
  integrations: { "Segment.io": { apiHost: `${api}/v1`, protocol: "http" } },
};

function Root() {
  return (
    <SegmentProvider writeKey="demo-browser-key" options={OPTIONS}>
      <PageViews properties={() => ({ shown: document.title })} />
      <Link to="/tents?by=price">Tents</Link>
      <Link to="/tents?by=price#reviews">Reviews</Link>
      <Link to="/old">Old</Link>
      <Outlet />
    </SegmentProvider>
  );
}

function Page({ title }) {
  document.title = title;
  return <h1>{title}</h1>;
}

const router = createBrowserRouter([
  {
    element: <Root />,
    children: [
      { path: "/app.html", element: <Page title="Home" /> },
      { path: "/tents", element: <Page title="Tents" /> },
      { path: "/tarps", element: <Page title="Tarps" /> },
      { path: "/old", element: <Navigate to="/tarps" replace /> },
    ],
  },
]);

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);
