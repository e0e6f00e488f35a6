// @ts-check
// Writes the gateway's TOML configuration for a test.

/**
 * @typedef {object} SourceKey
 * @property {string} key the write key
 * @property {"browser" | "server"} kind
 */

/**
 * @typedef {object} Source
 * @property {string} name
 * @property {string[]} [allowedOrigins] origins whose pages may send; `["*"]` for all
 * @property {SourceKey[]} keys
 * @property {{ upstream: string, writeKey: string }} [forward] where its events are passed on to
 */

// A JSON string is a valid TOML basic string.
const quoted = JSON.stringify;

/** @param {Source} source */
function sourceTable(source) {
  const lines = ["", "[[sources]]", `name = ${quoted(source.name)}`];
  if (source.allowedOrigins) {
    const origins = source.allowedOrigins.map((origin) => quoted(origin));
    lines.push(`allowed_origins = [${origins.join(", ")}]`);
  }
  for (const { key, kind } of source.keys) {
    lines.push("[[sources.keys]]", `key = ${quoted(key)}`);
    lines.push(`kind = ${quoted(kind)}`);
  }
  if (source.forward) {
    lines.push("[sources.forward]");
    lines.push(`upstream = ${quoted(source.forward.upstream)}`);
    lines.push(`write_key = ${quoted(source.forward.writeKey)}`);
  }
  return lines;
}

/**
 * The text of a configuration file.
 *
 * @param {{ database: string, staticDir?: string, sources: Source[], defaultSource?: string,
 *   trustedProxies?: string[], toml?: string }} parts `toml` is appended as it is
 * @returns {string}
 */
export function gatewayConfig(parts) {
  const { database, staticDir, sources, defaultSource, toml = "" } = parts;
  const { trustedProxies } = parts;
  const lines = [`database = ${quoted(database)}`];
  if (staticDir) lines.push(`static_dir = ${quoted(staticDir)}`);
  if (defaultSource) lines.push(`default_source = ${quoted(defaultSource)}`);
  if (trustedProxies) {
    lines.push(`trusted_proxies = ${JSON.stringify(trustedProxies)}`);
  }
  for (const source of sources) lines.push(...sourceTable(source));
  return `${lines.join("\n")}\n\n${toml}\n`;
}
