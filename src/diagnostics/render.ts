/** Diagnostics as text for a terminal: position, message, source frame, help, notes. Loads nothing. */
import { relative } from "node:path";
import { styleText } from "node:util";
import type { Diagnostic, RelatedNote } from "./diagnostic.js";

export interface RenderOptions {
  readonly color: boolean;
  /** The text of a file, for its frame; null if it cannot be read. */
  readonly readFile: (path: string) => string | null;
  /** Paths are shown relative to this folder, by default the current one. */
  readonly currentDirectory?: string;
}

/** Each diagnostic with its source line and what to do, separated by blank lines; the empty text for none. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  return diagnostics.map((diagnostic) => renderOne(diagnostic, options)).join("\n");
}

function renderOne(diagnostic: Diagnostic, options: RenderOptions): string {
  const { code, severity, message, help, notes } = diagnostic;
  const paint = painter(options);
  const kind = paint(severity === "error" ? "red" : "yellow", severity);
  const where = diagnostic.file === null ? "" : `${position(diagnostic, options)} - `;
  const advice = [
    ...(help === null ? [] : [`  ${paint("cyan", "help:")} ${help}\n`]),
    ...notes.map((note) => `  ${paint("cyan", "note:")} ${position(note, options)} - ${note.message}\n`),
  ];
  const head = `${where}${kind} ${paint("gray", `${code}:`)} ${message}\n`;
  const source = frame(diagnostic, options);
  const gap = source !== "" && advice.length > 0 ? "\n" : "";
  return [head, source, gap, ...advice].join("");
}

type Color = "red" | "yellow" | "gray" | "cyan" | "inverse";

function painter({ color }: RenderOptions): (name: Color, text: string) => string {
  // Whether the terminal has colours has been decided by the caller.
  return (name, text) => (color ? styleText(name, text, { validateStream: false }) : text);
}

function position({ file, line, column }: Diagnostic | RelatedNote, options: RenderOptions): string {
  const path = relative(options.currentDirectory ?? process.cwd(), file ?? "");
  const shown = path.startsWith("../../..") ? (file ?? "") : path;
  return `${painter(options)("cyan", shown)}:${String(line)}:${String(column)}`;
}

/** The first line of what is meant, underlined. */
function frame({ file, line, column, length, severity }: Diagnostic, options: RenderOptions): string {
  const text = file === null ? null : options.readFile(file);
  const source = text?.split(/\r\n|[\n\r\u2028\u2029]/u)[line - 1];
  if (source === undefined) return "";
  const paint = painter(options);
  const before = column - 1;
  const width = Math.max(1, Math.min(length, source.length - before));
  const number = String(line);
  // Tabs stay tabs, so that the marks stand below what they mark.
  const indent = source.slice(0, before).replace(/[^\t]/gu, " ");
  const marks = paint(severity === "error" ? "red" : "yellow", "~".repeat(width));
  const gutter = (label: string): string => paint("inverse", label);
  return `\n${gutter(number)} ${source}\n${gutter(" ".repeat(number.length))} ${indent}${marks}\n`;
}
