/** Runs the command line in-process, in a folder of its own, with a stand-in for the compiler. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Compile } from "../../cli/compile.js";
import { main } from "../../cli/main.js";
import { addHeader } from "../../src/header.js";
import type { CompileInput, Diagnostic } from "../../src/index.js";
import { readSettings } from "../../src/settings.js";

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** How often the compiler was called, and with what. */
  readonly calls: readonly (readonly CompileInput[])[];
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly onInterrupt?: (end: () => void) => void;
  /** By default a stand-in. */
  readonly compile?: Compile;
}

export interface Sandbox {
  readonly root: string;
  readonly path: (name: string) => string;
  readonly write: (name: string, text: string) => void;
  readonly read: (name: string) => string;
  /** All files below the folder, by name. */
  readonly list: () => readonly string[];
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Run>;
  readonly remove: () => void;
}

export function makeSandbox(files: Readonly<Record<string, string>> = {}): Sandbox {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "tsad-cli-")));
  const path = (name: string) => join(root, name);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    root,
    path,
    write,
    read: (name) => readFileSync(path(name), "utf8"),
    list: () =>
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .sort(),
    run: (args, options = {}) => run(root, args, options),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

async function run(cwd: string, args: readonly string[], options: RunOptions): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const calls: (readonly CompileInput[])[] = [];
  const { compile = fakeCompile, stdin = "", env = {}, isTTY = false } = options;
  const counted: Compile = (inputs, compileOptions) => {
    calls.push(inputs);
    return compile(inputs, compileOptions);
  };
  const io = {
    stdin: inChunks(stdin),
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text), isTTY },
    cwd,
    env,
    onInterrupt: options.onInterrupt ?? (() => undefined),
  };
  const code = await main(args, io, counted);
  return { code, stdout: out.join(""), stderr: err.join(""), calls };
}

/** In pieces that cut characters in two, as pipes do. */
async function* inChunks(text: string): AsyncIterable<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length; start += 5) {
    await Promise.resolve();
    yield bytes.subarray(start, start + 5);
  }
}

/** Marks files with `@error` as wrong and those with `@grad` only in a string as without targets. */
export const fakeCompile: Compile = async (inputs, options) => {
  const files = [];
  const diagnostics: Diagnostic[] = [];
  const withoutTargets = [];
  for (const { path, text = readFileSync(path, "utf8"), output = path } of inputs) {
    if (text.includes('"@grad"')) withoutTargets.push(path);
    else if (text.includes("@error")) diagnostics.push(errorIn(path, text));
    else {
      const helpers = [...text.matchAll(/from "(.*)\.js"/g)].map(([, name = ""]) =>
        join(dirname(path), `${name}.ts`),
      );
      const dependencies = helpers.map((helper) => ({ path: helper, text: readFileSync(helper, "utf8") }));
      const settings = await readSettings(path, output, options);
      const body = `export const gradient = ${JSON.stringify(text.replaceAll("\r\n", "\n"))};\n`;
      const emitted = addHeader(body, { output, source: { path, text }, dependencies, settings });
      files.push({
        source: path,
        path: output,
        text: emitted,
        map: null,
        targets: ["f"],
        dependencies: helpers,
      });
      options.observe?.("reverse", "f", `reverse of f in ${path.slice(path.lastIndexOf("/") + 1)}`);
    }
  }
  return { files, diagnostics, withoutTargets, inputs: [] };
};

function errorIn(file: string, text: string): Diagnostic {
  const start = text.indexOf("@error");
  return {
    code: "TSAD1001",
    severity: "error",
    file,
    start,
    length: 6,
    line: 1,
    column: start + 1,
    message: "This cannot be differentiated.",
    help: "Write something else.",
    notes: [],
  };
}
