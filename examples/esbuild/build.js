import * as esbuild from "esbuild";
import { tsad } from "tsad/esbuild";

const options = {
  entryPoints: ["../shared/main.ts"],
  outdir: "dist",
  bundle: true,
  format: "esm",
  sourcemap: true,
  plugins: [tsad()],
};

if (process.argv.includes("--watch")) await (await esbuild.context(options)).watch();
else await esbuild.build(options).catch(() => process.exit(1));
