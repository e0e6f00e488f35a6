// @ts-check
// Elements whose names stand in for members of the document or of the window.

/** @type {import("../row.mjs").Row[]} */
export const rows = [
  {
    name: "an image named currentScript",
    html: `<img name="currentScript" src="https://other.example/">`,
  },
];
