/** `compile --watch`: a run of `compile` after every change, by a compiler that remembers the runs before. */
import { resolve } from "node:path";
import { readHeader } from "../src/header.js";
import { type Compiler, type Diagnostic, createCompiler } from "../src/index.js";
import { type Compile, type Report, type Request, compileFiles, configsFor } from "./compile.js";
import type { Configs } from "./configs.js";
import { writeDiagnostics } from "./diagnostics.js";
import { type Input, type Inputs, findInputs, foldersOf } from "./inputs.js";
import { type Io, styleFor } from "./io.js";
import { removeEmitted } from "./leftovers.js";
import { readText } from "./read.js";
import { fileLines, summaryLine } from "./report.js";
import { UsageError, requireOne } from "./usage.js";
import { type Watcher, startWatcher } from "./watcher.js";

export interface WatchCommand {
  readonly args: readonly string[];
  readonly request: Request;
  readonly isPretty: boolean;
}

/** What is said of a thrown error that is a bug of tsad's. */
type ReportBug = (error: unknown) => void;

/** Ends when interrupted. Throws a `UsageError` if there is nothing to watch to begin with. */
export async function watch(command: WatchCommand, io: Io, reportBug: ReportBug): Promise<void> {
  const session = new Watch(command, io);
  const watcher = await startWatcher(await foldersOf(command.args, io.cwd), io.cwd);
  try {
    await session.run();
    await session.follow(watcher);
    session.begin();
    await new Promise<void>((end) => {
      io.onInterrupt(end);
      watcher.onChange(async (paths) => {
        try {
          session.forget(paths);
          await session.run();
          await session.follow(watcher);
        } catch (error) {
          if (error instanceof UsageError) io.stderr.write(`tsad: ${error.message}\n`);
          else reportBug(error);
        }
      });
    });
  } finally {
    await watcher.close();
  }
}

/** What the last run found out. */
interface State {
  readonly reports: ReadonlyMap<string, Report>;
  readonly errors: readonly Diagnostic[];
}

class Watch {
  readonly #command: WatchCommand;
  readonly #io: Io;
  readonly #compilers = new Map<string, Compiler>();
  /** The modules that a source is made from, or waits for. */
  readonly #read = new Map<string, readonly string[]>();
  #configs: Configs;
  #last: State | null = null;

  constructor(command: WatchCommand, io: Io) {
    this.#command = command;
    this.#io = io;
    this.#configs = configsFor(command.request);
  }

  /** Compiles what is out of date, and says what has changed since the last run. */
  async run(): Promise<void> {
    const { args, request } = this.#command;
    const { inputs, problems } = await this.#findInputs();
    requireOne(request.output, args, inputs);
    const outcome = await compileFiles(inputs, request, this.#compile, this.#configs);
    const diagnostics = [...problems, ...outcome.diagnostics];
    for (const report of outcome.reports) this.#noteDependencies(report);
    const last = this.#last;
    const isError = ({ severity }: Diagnostic) => severity === "error";
    const state: State = {
      reports: new Map(outcome.reports.map((report) => [report.source, report])),
      errors: diagnostics.filter(isError),
    };
    this.#last = state;
    const gone = last === null ? [] : this.#removeDeleted(last, state);
    const news = outcome.reports.filter(
      (report) => last === null || isNews(report, last.reports.get(report.source)),
    );
    const sameErrors = last !== null && JSON.stringify(last.errors) === JSON.stringify(state.errors);
    if (last !== null && news.length === 0 && gone.length === 0 && sameErrors) return;

    // Errors come again after every change, until they are mended; warnings when their file is compiled.
    const texts = new Map(inputs.map(({ path, text }) => [path, text]));
    if (last !== null) this.#announce();
    writeDiagnostics(diagnostics, texts, this.#command.isPretty, this.#io);
    const style = styleFor(this.#io);
    for (const line of gone) this.#line(line);
    for (const line of fileLines(news, this.#io.cwd, style)) this.#line(line);
    const summary = summaryLine({ ...outcome, reports: news, diagnostics }, style);
    if (summary !== null && this.#command.isPretty) this.#line(summary);
    if (last !== null) this.#conclude();
  }

  /** Writing a file begins with emptying it: what is empty now and was not before is looked at again. */
  async #findInputs(): Promise<Inputs> {
    const isHalf = ({ path, text }: Input) => text === "" && this.#last?.reports.has(path) === true;
    for (let tries = 0; ; tries++) {
      const found = await findInputs(this.#command.args, this.#io);
      if (tries === 5 || !found.inputs.some(isHalf)) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Looks at all that the sources seen so far depend on. */
  async follow(watcher: Watcher): Promise<void> {
    const named = this.#command.args.map((arg) => resolve(this.#io.cwd, arg));
    const sources = [...(this.#last?.reports.values() ?? [])].flatMap(({ source, path }) => [source, path]);
    const isSure = await watcher.watchFiles([...named, ...sources, ...[...this.#read.values()].flat()]);
    if (!isSure) await this.run();
  }

  /** Drops what it knows of configurations if anything but sources has changed. */
  forget(paths: readonly string[]): void {
    const known = new Set(
      [...(this.#last?.reports.values() ?? [])].flatMap(({ source, path }) => [source, path]),
    );
    if (paths.some((path) => !known.has(path))) this.#configs = configsFor(this.#command.request);
  }

  /** Says that from now on nothing is missed. */
  begin(): void {
    if (this.#command.isPretty) this.#line("Watching for changes. Ctrl-C ends it.");
    this.#conclude();
  }

  readonly #compile: Compile = async (inputs, options) => {
    const key = JSON.stringify(options);
    const compiler = this.#compilers.get(key) ?? createCompiler(options);
    this.#compilers.set(key, compiler);
    const result = await compiler.compile(inputs);
    for (const { source, dependencies, awaited } of result.inputs)
      this.#read.set(source, [...dependencies, ...awaited]);
    return result;
  };

  /** Of a file that was up to date, the header knows. */
  #noteDependencies({ source, path, status }: Report): void {
    if (status !== "unchanged") return;
    const header = readHeader(readText(path) ?? "", path);
    if (header !== null) this.#read.set(source, header.dependencies);
  }

  #removeDeleted(last: State, now: State): readonly string[] {
    const gone = [...last.reports.values()].filter(({ source }) => !now.reports.has(source));
    for (const { source } of gone) this.#read.delete(source);
    return gone.flatMap((report) => removeEmitted(report, this.#io.cwd) ?? []);
  }

  /** The first and the last line of a run as `tsc --watch` writes them, for VS Code's `$tsc-watch`. */
  #announce(): void {
    if (!this.#command.isPretty) this.#line("File change detected. Starting incremental compilation...");
  }

  #conclude(): void {
    const errors = this.#last?.errors.length ?? 0;
    if (!this.#command.isPretty)
      this.#line(`Found ${String(errors)} error${errors === 1 ? "" : "s"}. Watching for file changes.`);
  }

  #line(text: string): void {
    const time = new Date().toTimeString().slice(0, 8);
    const { isPretty } = this.#command;
    this.#io.stderr.write(isPretty ? `${styleFor(this.#io)("dim", time)} ${text}\n` : `[${time}] ${text}\n`);
  }
}

function isNews(now: Report, before: Report | undefined): boolean {
  const isGood = (report: Report | undefined) =>
    report?.status === "written" || report?.status === "unchanged";
  if (now.status === "written") return true;
  return isGood(now) ? !isGood(before) : now.status !== before?.status || now.reason !== before.reason;
}
