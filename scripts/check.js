// Everything that CI checks, a few things at a time. `npm run check -- lint format` runs only those named;
// `--except tests` all others.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

/** @typedef {{ readonly name: string, readonly commands: readonly string[] }} Check */

const packed = mkdtempSync(join(tmpdir(), "tsad-pack-"));

/** Longest first, so that the short ones fill the gaps. Docs' staleness is one of the tests.
 *  @type {readonly Check[]} */
const checks = [
  { name: "tests", commands: ["vitest run"] },
  {
    name: "package",
    commands: [
      "npx --no -- tsad --version",
      `npm pack --silent --ignore-scripts --pack-destination "${packed}"`,
      `publint run --strict "${packed}"/tsad-*.tgz`,
      `attw --profile esm-only "${packed}"/tsad-*.tgz`,
      `node scripts/check-package.js "${packed}"/tsad-*.tgz`,
    ],
  },
  { name: "lint", commands: ["eslint --max-warnings 0 ."] },
  { name: "types", commands: ["tsc"] },
  { name: "format", commands: ["prettier --check --log-level warn ."] },
  { name: "dead-code", commands: ["knip"] },
];

/** @param {string} command @returns {Promise<{ code: number, output: string }>} */
function run(command) {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("close", (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}

/** @param {Check} check @returns {Promise<boolean>} */
async function perform(check) {
  const start = performance.now();
  let result = { code: 0, output: "" };
  for (const command of check.commands) {
    const { code, output } = await run(command);
    result = { code, output: result.output + output };
    if (code !== 0) break;
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${result.code === 0 ? "ok    " : "FAILED"}  ${check.name}  ${seconds} s`);
  if (result.code !== 0) console.log(result.output.trimEnd() + "\n");
  return result.code === 0;
}

/** @param {readonly string[]} args @returns {Check[]} */
function chosen(args) {
  const except = args[0] === "--except";
  const names = except ? args.slice(1) : args;
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) throw new Error(`no such check: ${unknown.join(", ")}`);
  return names.length === 0 ? [...checks] : checks.filter((check) => names.includes(check.name) !== except);
}

const queue = chosen(process.argv.slice(2));
const build = await perform({ name: "build", commands: ["node scripts/build.js"] });
/** @type {string[]} */
const failed = build ? [] : ["build"];
const workers = Array.from({ length: Math.min(availableParallelism(), 4) }, async () => {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    if (!(await perform(check))) failed.push(check.name);
  }
});
await Promise.all(workers);
rmSync(packed, { recursive: true, force: true });
if (failed.length > 0) {
  console.log(`failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
