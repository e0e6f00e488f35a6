// @ts-check
// A shop whose pages may take the express lane, and what they have sent.
import { setScene } from "../faults/scene.mjs";

/** Sets a scene for each test of a file. */
export function setLaneScene() {
  const scene = setScene();
  const sentTo = (/** @type {string} */ path) =>
    scene.relay.asked.filter((asked) => asked.path === path).length;
  return {
    scene,
    /** Requests to the lane so far. */
    posts: () => sentTo("/v1/calls"),
    /** Requests with batches so far. */
    batches: () => sentTo("/v1/b"),
    /** @param {object} [options] more options of `load` */
    express(options = {}) {
      scene.shop.options = { gateway: true, ...options };
    },
  };
}
