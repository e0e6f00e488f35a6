import { join } from "node:path";

export default {
  // The packages are those of the example that this is copied into.
  turbopack: { root: join(import.meta.dirname, "..") },
};
