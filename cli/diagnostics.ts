/** Diagnostics on standard error: with excerpts for people, as lines for programs. */
import { renderLines } from "../src/diagnostics/lines.js";
import { renderDiagnostics } from "../src/diagnostics/render.js";
import type { Diagnostic } from "../src/index.js";
import { type Io, wantsColor } from "./io.js";
import { readText } from "./read.js";

/** `texts` are those of the inputs, which need not be what is on disk. */
export function writeDiagnostics(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  isPretty: boolean,
  io: Io,
): void {
  if (diagnostics.length === 0) return;
  const currentDirectory = io.cwd;
  if (!isPretty) {
    // GitHub annotates a change with what its matcher recognises.
    const position = io.env["GITHUB_ACTIONS"] === "true" ? "parentheses" : "colons";
    io.stderr.write(renderLines(diagnostics, { currentDirectory, position }));
    return;
  }
  const readFile = (path: string) => texts.get(path) ?? readText(path);
  const text = renderDiagnostics(diagnostics, { color: wantsColor(io), readFile, currentDirectory });
  io.stderr.write(`${text.trimEnd()}\n\n`);
}
