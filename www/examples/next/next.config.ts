import type { NextConfig } from "next";

const config: NextConfig = {
  // The folder above has a lockfile too: this one is the app's root.
  turbopack: { root: import.meta.dirname },
};

export default config;
