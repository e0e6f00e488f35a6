// @ts-check
// A page of tiles, and an oracle that knows which of them a visitor has seen: from where the page
// was scrolled to at each frame and from where the tiles stand, without any IntersectionObserver.

/** Tiles in a row, and the pixels from one row to the next. */
const COLUMNS = 4;
const ROW_PX = 200;
const TILE_PX = 180;

/**
 * A page of `count` tiles, `#tile0` onwards.
 *
 * @param {number} count
 */
export function tilesPage(count) {
  const tiles = Array.from(
    { length: count },
    (_, at) => `<li id="tile${at}">${at}</li>`,
  );
  return `<!doctype html><title>Tiles</title><style>
    body { margin: 0 } ul { margin: 0; padding: 0; list-style: none;
    display: grid; grid-template-columns: repeat(${COLUMNS}, 1fr); grid-auto-rows: ${ROW_PX}px }
    li { height: ${TILE_PX}px; background: #ccc }</style><ul>${tiles.join("")}</ul>`;
}

/**
 * Code that scrolls through `count` tiles and gives the numbers of those that were at least
 * half visible for `dwellMs` in all. A tile that frames cannot tell apart from the limit is
 * shown until they can.
 *
 * @param {{ count: number, dwellMs: number, stops: number[] }} walk the pixels where the visitor
 *   stays; to the others they scroll without a stop
 */
export function oracleCode({ count, dwellMs, stops }) {
  return `(async () => {
    const MARGIN_MS = 150;
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const seenMs = new Array(${count}).fill(0);
    let lastMs = await frame();
    const isVisible = (tile) => {
      const top = Math.floor(tile / ${COLUMNS}) * ${ROW_PX} - scrollY;
      const shown = Math.min(top + ${TILE_PX}, innerHeight) - Math.max(top, 0);
      return shown / ${TILE_PX} >= 0.5;
    };
    const pass = async () => {
      const visible = seenMs.map((_, tile) => isVisible(tile));
      const nowMs = await frame();
      visible.forEach((is, tile) => { if (is) seenMs[tile] += nowMs - lastMs; });
      lastMs = nowMs;
    };
    const stay = async (tiles) => {
      while (tiles.some((tile) => seenMs[tile] < ${dwellMs} + MARGIN_MS)) await pass();
    };
    let at = 0;
    for (const stop of ${JSON.stringify(stops)}) {
      const step = Math.sign(stop - at) * 450;
      for (; Math.abs(stop - at) > 450; at += step) {
        scrollTo(0, at);
        await pass();
      }
      scrollTo(0, (at = stop));
      await pass();
      await stay(seenMs.map((_, tile) => tile).filter(isVisible));
    }
    const unclear = (ms) => Math.abs(ms - ${dwellMs}) < MARGIN_MS;
    for (let tile; (tile = seenMs.findIndex(unclear)) >= 0; ) {
      $("#tile" + tile).scrollIntoView();
      await pass();
      await stay([tile]);
    }
    return seenMs.flatMap((ms, tile) => (ms > ${dwellMs} ? [tile] : []));
  })()`;
}
