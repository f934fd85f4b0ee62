import { tsad } from "tsad/bun";

await Bun.build({
  entrypoints: ["../shared/main.ts"],
  outdir: "dist",
  target: "node",
  plugins: [tsad()],
});
