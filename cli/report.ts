/** What people and programs read about a run. */
import { relative } from "node:path";
import { catalog } from "../src/diagnostics/catalog.js";
import type { Diagnostic } from "../src/index.js";
import type { Outcome, Report } from "./compile.js";
import type { Style } from "./io.js";

/** One line per file; those that a pattern found and that have no `@grad` are counted together. */
export function fileLines(reports: readonly Report[], cwd: string, style: Style): readonly string[] {
  const isQuiet = ({ status, reason, named }: Report) =>
    status === "no-targets" && reason === undefined && !named;
  const quiet = reports.filter(isQuiet).length;
  const lines = reports.filter((report) => !isQuiet(report)).map((report) => fileLine(report, cwd, style));
  return quiet === 0 ? lines : [...lines, style("dim", `${count(quiet, "other file")} without @grad`)];
}

/** The last line: the time for several files, and what is wrong, in numbers; null where there is nothing to say. */
export function summaryLine({ reports, diagnostics, milliseconds }: Outcome, style: Style): string | null {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const compiled = reports.filter(({ status }) => status === "written" || status === "printed").length;
  const stale = reports.filter(({ status }) => status === "stale").length;
  const parts = [
    ...(compiled > 1 ? [`${count(compiled, "file")} compiled in ${Math.round(milliseconds)} ms`] : []),
    ...(errors > 0 ? [style("red", count(errors, "error"))] : []),
    ...(warnings > 0 ? [style("yellow", count(warnings, "warning"))] : []),
    ...(stale > 0 ? [style("red", count(stale, "stale file"))] : []),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}

/** The run as data. */
export function toJson({ reports, diagnostics }: Outcome, withText: boolean): string {
  const files = reports.map(({ source, path, status, reason, targets, text }) => ({
    source,
    path,
    status,
    ...(reason === undefined ? {} : { reason }),
    targets: targets ?? [],
    ...(withText && text !== undefined ? { text } : {}),
  }));
  return `${JSON.stringify({ files, diagnostics }, null, 2)}\n`;
}

/** 0: done. 1: errors in the code, or stale files. 2: usage, configuration, or a bug in tsad. */
export type ExitCode = 0 | 1 | 2;

/** The exit code that says how it went. */
export function exitCode({ reports, diagnostics }: Outcome): ExitCode {
  if (diagnostics.some(isConfigProblem)) return 2;
  const hasErrors = diagnostics.some(({ severity }) => severity === "error");
  return hasErrors || reports.some(({ status }) => status === "stale" || status === "failed") ? 1 : 0;
}

/** About files and settings, not about code. A foreign file counts as code: someone wrote it where ours would go. */
function isConfigProblem({ code, severity }: Diagnostic): boolean {
  return severity === "error" && code.startsWith("TSAD3") && code !== catalog.foreignFile.code;
}

function fileLine({ source, path, status, reason, milliseconds }: Report, cwd: string, style: Style): string {
  const from = shortPath(source, cwd);
  const arrow = `${from} ${style("dim", "→")} ${shortPath(path, cwd)}`;
  const time = milliseconds === undefined ? "" : `  ${style("dim", `${Math.round(milliseconds)} ms`)}`;
  switch (status) {
    case "written":
      return `${arrow}${time}`;
    case "unchanged":
      return `${arrow}  ${style("dim", "unchanged")}`;
    case "stale":
      return `${arrow}  ${style("red", "stale")}: ${reason ?? "its source has changed"}`;
    case "printed":
      return `${from}${time}`;
    case "no-targets":
      return reason === undefined ? `${from}  no @grad` : `${arrow}  ${style("yellow", reason)}`;
    case "failed":
      return `${from}  ${style("red", "failed")}${time}`;
  }
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

/** A path as people write it: relative to the current folder where that is short. */
export function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return (short.startsWith("../../..") ? path : short).replaceAll("\\", "/");
}
