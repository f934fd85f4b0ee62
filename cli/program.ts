/** The command line's grammar and help. */
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { type Stage, stages } from "../src/options.js";
import { version } from "../src/version.js";
import type { Request } from "./compile.js";
import type { Io } from "./io.js";
import { UsageError } from "./usage.js";

/** What `tsad compile` was asked to do. */
export interface CompileCommand {
  readonly args: readonly string[];
  readonly request: Request;
  readonly json: boolean;
  /** Diagnostics with excerpts; null where the terminal decides. */
  readonly pretty: boolean | null;
  readonly watch: boolean;
}

interface Flags {
  readonly output?: string;
  readonly stdout?: true;
  readonly check?: true;
  readonly watch?: true;
  readonly json?: true;
  readonly pretty?: boolean;
  readonly project?: string;
  readonly config?: string;
  readonly sourceMap?: true;
  readonly dump?: string;
}

const help = `
Examples:
  tsad compile src/loss.ts            write src/loss.grad.ts
  tsad compile "src/**/*.ts"          every file with @grad in it
  tsad compile "src/**/*.ts" --watch  again after every change
  tsad compile src --check            for CI: exit 1 if an emitted file is out of date
  tsad compile - --stdout < loss.ts   from standard input to standard output

Exit codes: 0 done, 1 errors in the code or stale files, 2 usage, configuration, or a bug in tsad.`;

/** The parser; `run` is called with a `compile` command that makes sense. */
export function makeProgram(io: Io, run: (command: CompileCommand) => Promise<void>): Command {
  const program = new Command("tsad")
    .description("Differentiates the TypeScript functions marked @grad, into plain TypeScript beside them.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    });
  program
    .command("compile")
    .description("write the gradients of the @grad functions in these files")
    .argument("<files...>", "files, folders, glob patterns, or - for standard input")
    .option("-o, --output <file>", "write to this file, not to the sibling NAME.grad.ts")
    .option("--stdout", "print the code, write no file")
    .option("--check", "write no file; list those that are out of date")
    .option("-w, --watch", "compile again what changes, until Ctrl-C")
    .option("--json", "print what was done as JSON")
    .option("--project <tsconfig>", "the TypeScript project (default: the nearest tsconfig.json)")
    .option("--config <file>", "the configuration (default: the nearest tsad.config.ts, .mts, .mjs or .js)")
    .option("--source-map", "write NAME.grad.ts.map too: from each line to the one that it differentiates")
    .option("--pretty", "show errors with the code they are about (default: on a terminal)")
    .option("--no-pretty", "show each error on one line, in the form of tsc")
    .addOption(
      new Option("--dump <stage>", "print the code after this stage of the compiler").choices(stages),
    )
    .option("--verbose", "show where a bug in tsad happened")
    .addHelpText("after", help)
    .action((args: string[], flags: Flags) => run(toCommand(args, flags, io.cwd)));
  return program;
}

function toCommand(args: readonly string[], flags: Flags, cwd: string): CompileCommand {
  const { stdout, check, watch, json, output, project, config, sourceMap, pretty, dump } = flags;
  const stdin = args.includes("-");
  forbid(["--stdout", stdout], ["--check", check]);
  forbid(["--stdout", stdout], ["--output", output]);
  forbid(["--stdout", stdout], ["--source-map", sourceMap]);
  forbid(["--dump", dump], ["--check", check]);
  forbid(["--dump", dump], ["--json", json]);
  forbid(["--dump", dump], ["--output", output]);
  forbid(["--dump", dump], ["--stdout", stdout]);
  forbid(["--watch", watch], ["--check", check]);
  forbid(["--watch", watch], ["--stdout", stdout]);
  forbid(["--watch", watch], ["--json", json]);
  forbid(["--watch", watch], ["--dump", dump]);
  if (stdin && watch === true) throw new UsageError("`--watch` takes files, not standard input");
  if (stdin && check === true && output === undefined) {
    throw new UsageError("`--check` needs a file to compare standard input with: name it with `--output`");
  }
  const prints = stdout === true || (stdin && output === undefined);
  return {
    args,
    request: {
      mode: dump !== undefined ? "dump" : check === true ? "check" : prints ? "print" : "write",
      output: output === undefined ? null : resolve(cwd, output),
      config: config === undefined ? null : resolve(cwd, config),
      flags: {
        ...(project === undefined ? {} : { project: resolve(cwd, project) }),
        ...(sourceMap === undefined ? {} : { sourceMap }),
      },
      dump: (dump ?? null) as Stage | null,
    },
    json: json === true,
    pretty: pretty ?? null,
    watch: watch === true,
  };
}

function forbid(...[[one, first], [other, second]]: readonly [Flag, Flag]): void {
  if (first !== undefined && second !== undefined)
    throw new UsageError(`${one} and ${other} exclude each other`);
}

type Flag = readonly [name: string, value: string | true | undefined];
