import { tsad } from "tsad/rolldown";

export default {
  input: "../shared/main.ts",
  output: { file: "dist/main.js", sourcemap: true },
  plugins: [tsad()],
};
