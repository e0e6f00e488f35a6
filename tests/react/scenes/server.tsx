// Renders scenes as a server does, and keeps the warnings.
import { createElement, type FC, version } from "react";
import { renderToString } from "react-dom/server";
import * as scenes from "./scenes";

const complaints: string[] = [];
console.warn = console.error = (...words: unknown[]) => {
  complaints.push(words.join(" "));
};
const rendered: Record<string, string> = {};
for (const name of ["Home", "Hydrated"] as const) {
  rendered[name] = renderToString(createElement(scenes[name] as FC));
}

export { complaints, rendered, version };
