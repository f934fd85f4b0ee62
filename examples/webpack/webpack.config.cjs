const { tsad } = require("tsad/webpack");

module.exports = {
  mode: "production",
  target: "node",
  entry: "../shared/main.ts",
  output: { path: `${__dirname}/dist`, filename: "main.cjs" },
  resolve: { extensions: [".ts", ".js"] },
  module: { rules: [{ test: /\.ts$/, loader: "esbuild-loader", options: { target: "es2022" } }] },
  plugins: [tsad()],
};
