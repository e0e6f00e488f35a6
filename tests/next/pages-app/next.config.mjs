import { join } from "node:path";

export default {
  // This is copied into the example, whose packages it uses.
  turbopack: { root: join(import.meta.dirname, "..") },
};
