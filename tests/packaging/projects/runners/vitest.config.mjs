export default {
  test: {
    include: ["**/*.vitest.js"],
    setupFiles: ["waymark/testing/setup"],
  },
};
