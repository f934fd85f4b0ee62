/**
 * Diagnostics as lines, in the form of `tsc`, so that what reads its output reads this too: VS Code's `$tsc` takes both
 * positions, GitHub's matcher only the one in parentheses. They ask for a code `TS` and digits, so that `TSAD1021` has
 * the alias `TS991021`.
 */
import { relative } from "node:path";
import type { Diagnostic, RelatedNote } from "./diagnostic.js";

export interface LineOptions {
  /** Paths are shown relative to this folder. */
  readonly currentDirectory: string;
  /** `src/loss.ts:3:7 - error …` or `src/loss.ts(3,7): error …`. */
  readonly position: "colons" | "parentheses";
}

/** One line for each, and indented ones for its notes. */
export function renderLines(diagnostics: readonly Diagnostic[], options: LineOptions): string {
  return diagnostics.flatMap((each) => linesOf(each, options)).join("");
}

function linesOf(diagnostic: Diagnostic, options: LineOptions): readonly string[] {
  const { code, severity, message, help, notes, file } = diagnostic;
  const text = onOneLine(help === null ? message : `${message} help: ${help}`);
  const what = `${severity} ${file === null ? "" : alias(code)}${code}: ${text}`;
  return [
    file === null ? `${what}\n` : `${at({ ...diagnostic, file }, options)}${what}\n`,
    ...notes.map((note) => `  ${at(note, options)}note: ${onOneLine(note.message)}\n`),
  ];
}

function alias(code: string): string {
  const digits = /^TSAD(\d+)$/.exec(code)?.[1];
  return digits === undefined ? "" : `TS99${digits}: `;
}

function at(
  { file, line, column }: Pick<RelatedNote, "file" | "line" | "column">,
  { currentDirectory, position }: LineOptions,
): string {
  const path = relative(currentDirectory, file).replaceAll("\\", "/");
  const shown = path.startsWith("../../..") ? file : path;
  return position === "colons"
    ? `${shown}:${String(line)}:${String(column)} - `
    : `${shown}(${String(line)},${String(column)}): `;
}

function onOneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").trim();
}
