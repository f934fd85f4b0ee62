// Builds `dist/` afresh. Types are part of it: an error fails the build.
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { createRequire } from "node:module";

const root = new URL("..", import.meta.url);
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

rmSync(new URL("dist", root), { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
// tsc keeps the `#!` line but not the mode, and `npx tsad` in this folder runs the file itself.
chmodSync(new URL("dist/cli/bin.js", root), 0o755);
