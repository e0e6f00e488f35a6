import { copyFile } from "node:fs/promises";
import { EsbuildPlugin } from "esbuild-loader";
import webpack from "webpack";

const compiler = webpack({
  context: import.meta.dirname,
  entry: "./src/main.jsx",
  mode: "production",
  module: {
    rules: [
      {
        test: /\.jsx$/,
        loader: "esbuild-loader",
        options: { jsx: "automatic", target: "es2022" },
      },
    ],
  },
  optimization: { minimizer: [new EsbuildPlugin({ target: "es2022" })] },
  performance: { hints: false },
});
const stats = await new Promise((done, fail) => {
  compiler.run((error, stats) => (error ? fail(error) : done(stats)));
});
if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
await copyFile("index.html", "dist/index.html");
