// Shows the scene that the page's address names.
import { createElement, type FC } from "react";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import * as copiedKit from "./copied-kit";
import * as client from "./client";
import * as components from "./components";
import * as portal from "./portal";
import * as scenes from "./scenes";

const all = {
  ...scenes,
  ...client,
  ...components,
  ...copiedKit,
  ...portal,
} as unknown as Record<string, FC>;
const asked = new URLSearchParams(location.search);
const scene = createElement(all[asked.get("scene") ?? ""]!);
const place = document.getElementById("root")!;

let root: Root;
if (asked.has("leave")) {
  scenes.stage.mounted = () => void setTimeout(() => root.unmount());
}
if (asked.has("hydrate")) root = hydrateRoot(place, scene);
else (root = createRoot(place)).render(scene);

Object.assign(window, {
  stage: scenes.stage,
  unmount: () => root.unmount(),
  show: () => (root = createRoot(place)).render(scene),
});
