import { build } from "@farmfe/core";
import { tsad } from "tsad/farm";

await build({
  compilation: {
    input: { main: "../shared/main.ts" },
    output: { targetEnv: "node", path: "dist", entryFilename: "[entryName].js", format: "esm" },
    persistentCache: false,
  },
  plugins: [tsad()],
});
