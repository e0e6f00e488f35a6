// @ts-check
// Draws bar charts as SVG.

/** Pixels of the drawing. */
const ROW = 22;
const LABELS = 96;
const BAR = 150;
const PANEL = 250;
const TOP = 58;

/** @param {string} text */
const escaped = (text) =>
  text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** @param {number} x @param {number} y @param {string} text @param {string} [more] */
const words = (x, y, text, more = "") =>
  `<text x="${x}" y="${y}" ${more}>${escaped(text)}</text>`;

/** @param {number} value */
const short = (value) =>
  value >= 10 ? String(Math.round(value)) : value.toFixed(1);

/**
 * Draws a panel per figure with a bar per name, on a logarithmic scale.
 *
 * @param {readonly string[]} names
 * @param {string} emphasised the name whose bar stands out
 * @param {readonly { title: string, unit: string, values: readonly number[] }[]} panels
 * @returns {string} the SVG
 */
export function plot(names, emphasised, panels) {
  const width = LABELS + panels.length * PANEL;
  const height = TOP + names.length * ROW + 24;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
  ];
  for (const [row, name] of names.entries()) {
    const y = TOP + row * ROW + 12;
    const weight = name === emphasised ? `font-weight="bold" ` : "";
    lines.push(
      words(LABELS - 8, y, name, `${weight}text-anchor="end" fill="#222"`),
    );
  }
  for (const [at, { title, unit, values }] of panels.entries()) {
    const x = LABELS + at * PANEL;
    lines.push(words(x, 22, title, `font-weight="bold" fill="#222"`));
    lines.push(words(x, 40, unit, `fill="#666"`));
    const known = values.filter((value) => value > 0);
    const least = Math.min(...known) / 2;
    const span = Math.log(Math.max(...known) / least);
    for (const [row, value] of values.entries()) {
      if (!(value > 0)) continue;
      const length = (Math.log(value / least) / span) * BAR;
      const y = TOP + row * ROW;
      const fill = names[row] === emphasised ? "#0b6e4f" : "#a9b4c2";
      lines.push(
        `<rect x="${x}" y="${y}" width="${length.toFixed(1)}" height="${ROW - 6}" fill="${fill}"/>`,
        words(
          x + Number(length.toFixed(1)) + 4,
          y + 12,
          short(value),
          `fill="#222"`,
        ),
      );
    }
  }
  lines.push(
    words(LABELS, height - 6, "Less is better; logarithmic.", `fill="#666"`),
    "</svg>",
  );
  return `${lines.join("\n")}\n`;
}
