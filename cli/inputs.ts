/** From the arguments of the command line to the files that they mean. */
import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { readHeader } from "../src/header.js";
import type { Diagnostic } from "../src/index.js";
import { type Io, readStdin } from "./io.js";
import { fileNotFound, notTypeScript } from "./problems.js";
import { UsageError } from "./usage.js";

export interface Input {
  /** Absolute; need not exist for standard input. */
  readonly path: string;
  readonly text: string;
  /** Named itself, rather than found by a pattern or in a folder. */
  readonly named: boolean;
}

export interface Inputs {
  readonly inputs: readonly Input[];
  readonly problems: readonly Diagnostic[];
}

/** What standard input is called in messages; it need not exist. */
const stdinName = "stdin.ts";

/** Resolves files, folders, patterns and `-`, each file once, in the order of the arguments. */
export async function findInputs(args: readonly string[], io: Io): Promise<Inputs> {
  if (args.includes("-")) {
    if (args.length > 1) throw new UsageError("`-` (standard input) cannot be combined with files");
    const text = await readStdin(io.stdin);
    return { inputs: [{ path: join(io.cwd, stdinName), text, named: true }], problems: [] };
  }
  const found = new Map<string, Input>();
  const problems: Diagnostic[] = [];
  for (const arg of args) {
    const path = resolve(io.cwd, arg);
    const stats = statSync(path, { throwIfNoEntry: false });
    const named = stats?.isFile() === true;
    const matches = named
      ? [path]
      : stats?.isDirectory() === true
        ? await sourcesIn(path)
        : await matching(arg, io.cwd);
    if (matches === null) problems.push(fileNotFound(arg));
    else if (matches.length === 0) throw new UsageError(`no TypeScript source file matches \`${arg}\``);
    for (const match of matches ?? []) {
      // A shell that expands `src/*.ts` names these too.
      if (found.has(match) || (args.length > 1 && isGenerated(match))) continue;
      const result = readSource(match, named ? arg : match, named);
      if ("code" in result) problems.push(result);
      else if (readHeader(result.text, match) !== null) {
        if (args.length === 1 && named) problems.push(notTypeScript(arg));
      } else found.set(match, result);
    }
  }
  return { inputs: [...found.values()], problems };
}

/** The folders in which the arguments may find files, now or later; those below them included. */
export async function foldersOf(args: readonly string[], cwd: string): Promise<readonly string[]> {
  const { isDynamicPattern } = await import("tinyglobby");
  const folders = args.flatMap((arg) => {
    const path = resolve(cwd, arg);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() === true) return [];
    if (stats?.isDirectory() === true) return [path];
    const parts = arg.split("/");
    const fixed = parts.findIndex((part) => isDynamicPattern(part));
    return fixed < 0 ? [] : [resolve(cwd, parts.slice(0, fixed).join("/"))];
  });
  return [...new Set(folders)];
}

function readSource(path: string, shown: string, named: boolean): Input | Diagnostic {
  if (!isSource(path)) return notTypeScript(shown);
  try {
    return { path, text: readFileSync(path, "utf8"), named };
  } catch {
    return fileNotFound(shown);
  }
}

function isGenerated(path: string): boolean {
  return /\.(grad|d)\.[cm]?ts$/.test(path);
}

/** TypeScript that is neither generated nor a declaration file. */
function isSource(path: string): boolean {
  return /\.[cm]?ts$/.test(path) && !isGenerated(path);
}

function sourcesIn(folder: string): Promise<readonly string[]> {
  return globSources("**/*.{ts,mts,cts}", folder);
}

/** The files that a pattern matches; null if the argument is no pattern but a name. */
async function matching(arg: string, cwd: string): Promise<readonly string[] | null> {
  const { isDynamicPattern } = await import("tinyglobby");
  return isDynamicPattern(arg) ? globSources(arg, cwd) : null;
}

async function globSources(pattern: string, cwd: string): Promise<readonly string[]> {
  const { glob } = await import("tinyglobby");
  const paths = await glob(pattern, {
    cwd,
    absolute: true,
    expandDirectories: false,
    ignore: "**/node_modules/**",
  });
  return paths
    .filter(isSource)
    .map((path) => resolve(path))
    .sort();
}
