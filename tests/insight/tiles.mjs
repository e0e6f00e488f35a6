// @ts-check
// A page of tiles, and an oracle that knows which of them a visitor has seen. It computes that from
// the scroll position at each frame and the tiles' positions, without an IntersectionObserver.

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
 * Code that scrolls through `count` tiles and returns the numbers of those that were at least
 * half visible for `dwellMs` in all. A frame is shown at some moment between two readings of the
 * clock, so a tile's time has a minimum and a maximum; tiles for which `dwellMs` lies between
 * these are shown again until it does not.
 *
 * @param {{ count: number, dwellMs: number, stops: number[] }} walk the pixels where the visitor
 *   stays; between them they scroll without a stop
 */
export function oracleCode({ count, dwellMs, stops }) {
  return `(async () => {
    // A task that is posted in a frame runs when that frame is rendered.
    const rendered = () => new Promise((done) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now());
      port2.postMessage(0);
    }));
    const tiles = Array.from({ length: ${count} }, () => ({ leastMs: 0, mostMs: 0 }));
    const isVisible = (_, at) => {
      const top = Math.floor(at / ${COLUMNS}) * ${ROW_PX} - scrollY;
      const shown = Math.min(top + ${TILE_PX}, innerHeight) - Math.max(top, 0);
      return shown / ${TILE_PX} >= 0.5;
    };
    const show = async (top) => {
      const fromMs = performance.now();
      scrollTo(0, top);
      const untilMs = await rendered();
      tiles.forEach((tile, at) => {
        const { since } = tile;
        const visible = isVisible(tile, at);
        if (visible) tile.since ??= { fromMs, untilMs };
        else if (since) {
          tile.leastMs += Math.max(fromMs - since.untilMs, 0);
          tile.mostMs += untilMs - since.fromMs;
          delete tile.since;
        }
      });
    };
    const isClear = ({ leastMs, since }) =>
      leastMs + (since ? performance.now() - since.untilMs : 0) >= ${dwellMs};
    const stay = async () => {
      const shown = tiles.filter(isVisible);
      while (!shown.every(isClear)) await rendered();
    };
    await show(0);
    for (const stop of ${JSON.stringify(stops)}) {
      while (Math.abs(stop - scrollY) > 450) {
        await show(scrollY + 450 * Math.sign(stop - scrollY));
      }
      await show(stop);
      await stay();
    }
    const isUnclear = (tile) => !isClear(tile) && tile.mostMs >= ${dwellMs};
    for (let tile; (tile = tiles.findIndex(isUnclear)) >= 0; ) {
      await show($("#tile" + tile).offsetTop);
      await stay();
    }
    return tiles.flatMap((tile, at) => (isClear(tile) ? [at] : []));
  })()`;
}
