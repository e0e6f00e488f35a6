import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` passes analytics on to: the demo gateway of `gateway.toml`. */
const GATEWAY = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  // The wasm is found through `new URL(…, import.meta.url)`, which a pre-bundled copy would break.
  optimizeDeps: { exclude: ["waymark"] },
  server: {
    proxy: { "/v1": { target: GATEWAY, headers: { origin: GATEWAY } } },
  },
});
