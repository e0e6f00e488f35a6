import { defineConfig } from "vite";
import { waymark } from "waymark/vite";

export default defineConfig({
  plugins: [waymark()],
});
