// @ts-check
// Finds the gateway's binary.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The path of the built gateway: `WAYMARK_GATEWAY_BIN` if set, else cargo's debug build.
 *
 * @returns {string}
 * @throws {Error} when it has not been built
 */
export function gatewayProgram() {
  const target = process.env.CARGO_TARGET_DIR ?? `${ROOT}target`;
  const path =
    process.env.WAYMARK_GATEWAY_BIN ?? `${target}/debug/waymark-gateway`;
  if (!existsSync(path)) {
    throw new Error(`no gateway at ${path}: cargo build -p waymark-gateway`);
  }
  return path;
}
