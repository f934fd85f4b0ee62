/** The command line: `main` maps arguments to an exit code and touches the process only through `io`. */
import { existsSync } from "node:fs";
import { CommanderError } from "commander";
import type { Compile } from "./compile.js";
import { type Io, styleFor } from "./io.js";
import { type CompileCommand, makeProgram } from "./program.js";
import type { ExitCode } from "./report.js";
import { UsageError, requireOne } from "./usage.js";

/** Runs the command line. `compile` is for tests; by default the compiler is loaded when it is needed. */
export async function main(
  argv: readonly string[],
  io: Io,
  compile: Compile = loadAndCompile,
): Promise<ExitCode> {
  const results: ExitCode[] = [];
  const program = makeProgram(
    io,
    async (command) =>
      void results.push(
        await runCompile(command, io, compile, (error) => {
          reportBug(error, argv, io);
        }),
      ),
  );
  try {
    await program.parseAsync([...argv], { from: "user" });
    return results[0] ?? 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UsageError) io.stderr.write(`tsad: ${error.message}\n`);
    else reportBug(error, argv, io);
    return 2;
  }
}

const loadAndCompile: Compile = async (inputs, options) => {
  const compiler = await import("../src/index.js");
  return compiler.compile(inputs, options);
};

/** Everything heavier than the help text is imported from here on. */
async function runCompile(
  { args, request, json, pretty, watch: isWatching }: CompileCommand,
  io: Io,
  compile: Compile,
  reportError: (error: unknown) => void,
): Promise<ExitCode> {
  const { project } = request.flags;
  if (project !== undefined && !existsSync(project)) {
    throw new UsageError(`the project \`${project}\` does not exist`);
  }
  if (request.config !== null && !existsSync(request.config)) {
    throw new UsageError(`the configuration \`${request.config}\` does not exist`);
  }
  const isPretty = pretty ?? io.stderr.isTTY === true;
  if (isWatching) {
    const { watch } = await import("./watch.js");
    await watch({ args, request, isPretty }, io, reportError);
    return 0;
  }
  const { findInputs } = await import("./inputs.js");
  const { compileFiles } = await import("./compile.js");
  const report = await import("./report.js");
  const { inputs, problems } = await findInputs(args, io);
  requireOne(request.output, args, inputs);
  const result = await compileFiles(inputs, request, compile);
  const outcome = { ...result, diagnostics: [...problems, ...result.diagnostics] };

  if (json) io.stdout.write(report.toJson(outcome, request.mode === "print"));
  else if (request.mode === "print")
    io.stdout.write(outcome.reports.map(({ text }) => text ?? "").join("\n"));
  else if (request.mode === "dump")
    io.stdout.write(outcome.dumps.map((text) => `${text.trimEnd()}\n`).join("\n"));

  const style = styleFor(io);
  const { writeDiagnostics } = await import("./diagnostics.js");
  const texts = new Map(inputs.map(({ path, text }) => [path, text]));
  writeDiagnostics(outcome.diagnostics, texts, isPretty, io);
  for (const line of report.fileLines(outcome.reports, io.cwd, style)) io.stderr.write(`${line}\n`);
  const summary = report.summaryLine(outcome, style);
  if (summary !== null) io.stderr.write(`${summary}\n`);

  return report.exitCode(outcome);
}

/** Whatever is thrown is ours to mend; a stack helps only those who want to. */
function reportBug(error: unknown, argv: readonly string[], io: Io): void {
  const isVerbose = argv.includes("--verbose") || (io.env["TSAD_DEBUG"] ?? "") !== "";
  const message = error instanceof Error ? error.message : String(error);
  io.stderr.write(`tsad: ${message}\nThis is a bug in tsad.`);
  if (isVerbose && error instanceof Error) io.stderr.write(`\n${error.stack ?? ""}\n`);
  else io.stderr.write(" Run it again with --verbose to see where.\n");
}
