const { tsad } = require("tsad/rspack");

module.exports = {
  mode: "production",
  target: "node",
  entry: "../shared/main.ts",
  output: { path: `${__dirname}/dist`, filename: "main.cjs" },
  resolve: { extensions: [".ts", ".js"] },
  module: {
    rules: [
      {
        test: /\.ts$/,
        loader: "builtin:swc-loader",
        options: { jsc: { parser: { syntax: "typescript" }, target: "es2022" } },
      },
    ],
  },
  plugins: [tsad()],
};
