// The shop of the tests, as the plugin's README configures one.
const { defineConfig } = require("@medusajs/framework/utils");

const cors = "http://127.0.0.1:8000";

module.exports = defineConfig({
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    http: {
      ...{ storeCors: cors, adminCors: cors, authCors: cors },
      ...{ jwtSecret: "only for tests", cookieSecret: "only for tests" },
    },
  },
  admin: { disable: true },
  plugins: [
    {
      resolve: "medusa-plugin-waymark",
      options: {
        host: process.env.WAYMARK_HOST,
        writeKey: "demo-server-key",
        flushInterval: Number(process.env.FLUSH_INTERVAL_MS),
        storeApi: true,
      },
    },
  ],
  modules: [
    {
      resolve: "@medusajs/medusa/analytics",
      options: {
        providers: [
          {
            resolve: "medusa-plugin-waymark/providers/analytics",
            id: "waymark",
          },
        ],
      },
    },
  ],
});
