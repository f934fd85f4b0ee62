import esbuild from "rollup-plugin-esbuild";
import { tsad } from "tsad/rollup";

export default {
  input: "../shared/main.ts",
  output: { file: "dist/main.js", sourcemap: true },
  plugins: [tsad(), esbuild()],
};
