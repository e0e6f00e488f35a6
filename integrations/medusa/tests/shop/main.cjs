// A Medusa in a process of its own, which does what its parent says: `[step, argument]` a message.
process.chdir(__dirname);
process.env.MEDUSA_WORKER_MODE = "shared";
const express = require("express");
const {
  default: load,
  initializeContainer,
} = require("@medusajs/medusa/loaders/index");
const steps = require("./steps.cjs");

async function main() {
  await initializeContainer(__dirname, { skipDbConnection: true });
  const app = express();
  const { container, shutdown } = await load({
    directory: __dirname,
    expressApp: app,
  });
  const server = app.listen(0, "127.0.0.1", () => {
    process.send({ ready: server.address().port });
  });
  process.on("message", async ([number, step, argument]) => {
    try {
      const result = await steps[step](container, argument);
      process.send({
        number,
        result: JSON.parse(JSON.stringify(result ?? null)),
      });
    } catch (error) {
      process.send({ number, error: error.stack ?? JSON.stringify(error) });
    }
  });
  process.on("SIGTERM", async () => {
    server.close();
    await shutdown();
    process.exit(0);
  });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
