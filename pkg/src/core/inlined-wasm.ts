// The build embeds the file here, compressed and as base64.
import text from "../../wasm/waymark_bg.wasm.deflate";

/** The core's wasm from this script; undefined if the browser cannot decompress it. */
export async function inlinedWasm(): Promise<Response | undefined> {
  if (typeof DecompressionStream === "undefined") return undefined;
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream, {
    headers: { "content-type": "application/wasm" },
  });
}
