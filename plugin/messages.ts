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

/** Fails the build with all errors, at the place of the first. Does not return, except in bundlers that collect. */
export function fail(context: Context, framework: string, diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (framework === "esbuild") {
    for (const each of errors) context.error(toMessage(each, [each]));
    return;
  }
  const [first] = errors;
  const { message, ...place } = toMessage(first, errors);
  const error = Object.assign(new Error(message), place, {
    plugin: "tsad",
    pluginCode: first?.code,
    hideStack: true,
  });
  // A stack says where tsad noticed it, which helps nobody.
  error.stack = message;
  throw error;
}

/** Passes warnings on. */
export function warn(context: Context, diagnostics: readonly Diagnostic[]): void {
  for (const each of diagnostics.filter(({ severity }) => severity === "warning")) {
    context.warn(toMessage(each, [each]));
  }
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

function toMessage(first: Diagnostic | undefined, diagnostics: readonly Diagnostic[]): Message {
  const message = renderDiagnostics(diagnostics, { color: false, readFile: readText }).trimEnd();
  if (first?.file == null) return { message };
  const { file, line, column } = first;
  return { message, id: file, loc: { file, line, column: column - 1 } };
}
