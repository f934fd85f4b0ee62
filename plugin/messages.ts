/** Diagnostics as the errors and warnings of bundlers. */
import type { UnpluginBuildContext, UnpluginContext } from "unplugin";
import { renderDiagnostics } from "../src/diagnostics/render.js";
import type { Diagnostic } from "../src/index.js";
import { readText } from "./gradients.js";

export type Context = UnpluginBuildContext & UnpluginContext;

/** A bundler's error or warning: what it knows how to show is apart from the text, which says everything. */
interface Message {
  readonly message: string;
  readonly id?: string;
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number };
}

/** Fails the build of the module `id` with all errors. Does not return, except where errors are collected. */
export function fail(
  context: Context,
  framework: string,
  id: string,
  diagnostics: readonly Diagnostic[],
): void {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (framework === "esbuild") {
    // It shows the line itself.
    for (const each of errors) context.error(toMessage(each, [each], null));
    return;
  }
  const [first] = errors;
  const { message, ...place } = toMessage(first, errors, readText);
  // Rolldown takes the position to be in the module at hand, whatever file it names.
  const shown = first?.file === id || framework === "rollup" ? place : {};
  // A stack would say where tsad noticed it, which helps nobody.
  const extra = { ...shown, stack: "", hideStack: true, plugin: "tsad", pluginCode: first?.code };
  throw Object.assign(new Error(message), extra);
}

/** Passes warnings on. */
export function warn(context: Context, diagnostics: readonly Diagnostic[]): void {
  for (const each of diagnostics.filter(({ severity }) => severity === "warning")) {
    context.warn(toMessage(each, [each], readText));
  }
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

function toMessage(
  first: Diagnostic | undefined,
  diagnostics: readonly Diagnostic[],
  readFile: ((path: string) => string | null) | null,
): Message {
  const options = { color: false, readFile: readFile ?? (() => null) };
  const message = renderDiagnostics(diagnostics, options).trimEnd();
  if (first?.file == null) return { message };
  const { file, line, column } = first;
  return { message, id: file, loc: { file, line, column: column - 1 } };
}
