/** The `compile` command: what to do with each file, and doing it. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { emittedPath } from "../src/config/naming.js";
import { checkFreshness, findProject } from "../src/fresh.js";
import { readHeader } from "../src/header.js";
import type {
  CompileInput,
  CompileOptions,
  CompileResult,
  Config,
  Diagnostic,
  EmittedFile,
  Stage,
} from "../src/index.js";
import { Configs } from "./configs.js";
import type { Input } from "./inputs.js";
import { writeAtomically } from "./output.js";
import { cannotWrite, foreignFile, outsideRoot } from "./problems.js";

/** The compiler, which is loaded only when there is something to compile. */
export type Compile = (inputs: readonly CompileInput[], options: CompileOptions) => Promise<CompileResult>;

export interface Request {
  /** What becomes of the code: a file, a look at the file that is there, or text on standard output. */
  readonly mode: "write" | "check" | "print" | "dump";
  /** Absolute; null for the sibling. */
  readonly output: string | null;
  /** A configuration file, absolute; null for the nearest of each source. */
  readonly config: string | null;
  /** What the command line says of the configuration; it comes first. */
  readonly flags: Config;
  readonly dump: Stage | null;
}

/** What became of one file. */
export interface Report {
  readonly source: string;
  /** Where its gradients are or would be. */
  readonly path: string;
  readonly status: "written" | "unchanged" | "stale" | "printed" | "no-targets" | "failed";
  /** Why it is stale, or what else there is to say. */
  readonly reason?: string;
  /** The functions differentiated, where it was compiled. */
  readonly targets?: readonly string[];
  /** The code, where it was not written to a file. */
  readonly text?: string;
  /** Where it was compiled alone: files of one project are checked and compiled together. */
  readonly milliseconds?: number;
  /** Named on the command line itself. */
  readonly named: boolean;
}

export interface Outcome {
  /** In the order of the inputs. */
  readonly reports: readonly Report[];
  readonly diagnostics: readonly Diagnostic[];
  /** The texts of the stage that was asked for. */
  readonly dumps: readonly string[];
  /** What the compiler took. */
  readonly milliseconds: number;
}

/** A file that has to be compiled to know more. */
interface Pending extends Configured {
  readonly input: Input;
  readonly path: string;
  readonly reason: string;
}

/** Where the output goes, and what the configuration says. */
interface Configured {
  readonly path: string;
  readonly options: CompileOptions;
  readonly configFile: string | null;
}

/** Compiles what is not up to date, and writes, compares or hands back the result. */
export async function compileFiles(
  inputs: readonly Input[],
  request: Request,
  compile: Compile,
  configs = configsFor(request),
): Promise<Outcome> {
  const reports = new Map<Input, Report>();
  const diagnostics: Diagnostic[] = [];
  const dumps: string[] = [];
  const pending: Pending[] = [];
  let total = 0;
  for (const input of inputs) {
    const configured = await configure(input, request, configs, diagnostics);
    const step = configured === null ? unconfigured(input) : await planFor(input, configured, request);
    if ("status" in step) reports.set(input, step);
    else pending.push(step);
    if (configured !== null && "status" in step && step.status === "failed")
      diagnostics.push(foreignFile(step.path));
  }
  diagnostics.unshift(...configs.problems);
  for (const { members: group, options } of groupByProject(pending)) {
    const start = performance.now();
    const result = await compile(group.map(toCompileInput), { ...options, ...dumpTo(dumps, request.dump) });
    const time = performance.now() - start;
    total += time;
    diagnostics.push(...result.diagnostics);
    for (const one of group) {
      const report = finish(one, result, request, diagnostics);
      reports.set(one.input, group.length === 1 ? { ...report, milliseconds: time } : report);
    }
  }
  const inOrder = inputs.flatMap((input) => reports.get(input) ?? []);
  return { reports: inOrder, diagnostics, dumps, milliseconds: total };
}

/** The configurations for a run. What is printed has no map beside it. */
export function configsFor({ mode, config, flags }: Request): Configs {
  return new Configs(config, mode === "print" || mode === "dump" ? { ...flags, sourceMap: false } : flags);
}

/** What is configured for one source; null where that cannot be used. */
async function configure(
  input: Input,
  request: Request,
  configs: Configs,
  diagnostics: Diagnostic[],
): Promise<Configured | null> {
  const { file: configFile, options } = await configs.for(input.path);
  if (options === null) return null;
  const path = request.output ?? emittedPath(input.path, options);
  if (path !== null) return { path, options, configFile };
  diagnostics.push(outsideRoot(input.path, options.rootDir ?? ""));
  return null;
}

function unconfigured({ path, named }: Input): Report {
  return { source: path, path, named, status: "failed" };
}

/** Decides without the compiler what needs none. */
async function planFor(input: Input, configured: Configured, request: Request): Promise<Report | Pending> {
  const { path, options } = configured;
  const report = { source: input.path, path, named: input.named };
  if (!input.text.includes("@grad")) return withoutTargets(report, request);
  if (request.mode === "print" || request.mode === "dump") return { ...configured, input, reason: "" };
  const freshness = await checkFreshness(input, path, options);
  switch (freshness.kind) {
    case "fresh":
      return { ...report, status: "unchanged" };
    case "foreign":
      return { ...report, status: "failed", reason: "in the way of a file that tsad did not write" };
    case "absent":
      return { ...configured, input, reason: "not there" };
    case "stale":
      return { ...configured, input, reason: freshness.reason };
  }
}

/** A source without `@grad`, whose emitted file should not be there either. */
function withoutTargets(report: Pick<Report, "source" | "path" | "named">, { mode }: Request): Report {
  const isLeft = (mode === "write" || mode === "check") && isEmittedFrom(report.source, report.path);
  if (!isLeft) return { ...report, status: "no-targets" };
  const status = mode === "check" ? "stale" : "no-targets";
  return { ...report, status, reason: "left over: its source has no @grad" };
}

function isEmittedFrom(source: string, path: string): boolean {
  try {
    return readHeader(readFileSync(path, "utf8"), path)?.source === source;
  } catch {
    return false;
  }
}

function dumpTo(dumps: string[], dump: Stage | null): CompileOptions {
  if (dump === null) return {};
  return {
    observe: (stage, _target, text) => {
      if (stage === dump) dumps.push(text);
    },
  };
}

function toCompileInput({ input, path }: Pending): CompileInput {
  return { path: input.path, text: input.text, output: path };
}

interface Group {
  readonly options: CompileOptions;
  readonly members: Pending[];
}

/**
 * One TypeScript project for each tsconfig and configuration, as editors do it; so the result depends on no other
 * argument.
 */
function groupByProject(pending: readonly Pending[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const one of pending) {
    const project = one.options.project ?? findProject(one.input.path);
    const key = JSON.stringify([project, one.configFile]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { options: one.options, members: [one] });
    else known.members.push(one);
  }
  return [...groups.values()];
}

/** What is to be done with what the compiler says of one file. */
function finish(
  { input, path, reason, options }: Pending,
  result: CompileResult,
  request: Request,
  diagnostics: Diagnostic[],
) {
  const report = { source: input.path, path, named: input.named };
  const file = result.files.find((each) => each.source === input.path);
  if (file !== undefined)
    return deliver(file, { ...report, targets: file.targets }, request, reason, diagnostics, options);
  return result.withoutTargets.includes(input.path)
    ? withoutTargets(report, request)
    : ({ ...report, status: "failed" } as const);
}

function deliver(
  { text, map }: EmittedFile,
  report: Omit<Report, "status">,
  { mode }: Request,
  reason: string,
  diagnostics: Diagnostic[],
  { outDir }: CompileOptions,
): Report {
  switch (mode) {
    case "print":
    case "dump":
      return { ...report, status: "printed", text };
    case "check":
      return isSameOnDisk(report.path, text) && (map === null || existsSync(`${report.path}.map`))
        ? { ...report, status: "unchanged" }
        : { ...report, status: "stale", reason };
    case "write":
      try {
        if (outDir !== undefined) mkdirSync(dirname(report.path), { recursive: true });
        if (map !== null) writeAtomically(`${report.path}.map`, map);
        writeAtomically(report.path, text);
        return { ...report, status: "written" };
      } catch (error) {
        diagnostics.push(cannotWrite(report.path, error));
        return { ...report, status: "failed" };
      }
  }
}

function isSameOnDisk(path: string, text: string): boolean {
  try {
    return readFileSync(path, "utf8").replaceAll("\r\n", "\n") === text.replaceAll("\r\n", "\n");
  } catch {
    return false;
  }
}
