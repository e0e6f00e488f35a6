// @ts-check
// Page code that makes a plugin, for scenarios.

/**
 * An expression that makes a plugin.
 *
 * @param {string} type
 * @param {string} name
 * @param {string} [body] of every event method, with `ctx` in scope; it returns `ctx` afterwards
 * @param {string} [more] more members of the plugin
 */
export const plugin = (type, name, body = "", more = "") => `(() => {
  const on = async (ctx) => { ${body}; return ctx; };
  return { name: "${name}", type: "${type}", version: "1.0.0", isLoaded: () => true,
    load: async () => {}, track: on, page: on, screen: on, identify: on, group: on, alias: on,
    ${more} };
})()`;
