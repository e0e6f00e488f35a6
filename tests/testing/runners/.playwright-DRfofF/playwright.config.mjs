export default {
  testDir: "/tmp/wt-shop/tests/testing/runners",
  testMatch: "*.pw.mjs",
  outputDir: "/tmp/wt-shop/tests/testing/runners/.playwright-DRfofF/results",
  workers: 1,
  use: {
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
};
