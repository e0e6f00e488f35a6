import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { SegmentProvider } from "waymark/react";
import { client } from "./analytics";
import { router } from "./routes";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/controls.css";
import "./styles/shop.css";
import "./styles/checkout.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <SegmentProvider client={client}>
        <RouterProvider router={router} />
      </SegmentProvider>
    </StrictMode>,
  );
}
