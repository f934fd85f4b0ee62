/** What is wrong with a module that is no matter of its code. */
import { relative } from "node:path";
import { catalog } from "../src/diagnostics/catalog.js";
import { lineAndColumn } from "../src/diagnostics/collector.js";
import type { Diagnostic } from "../src/index.js";

/** `./loss.grad` is imported, but its source has no targets. */
export function noGradient(source: string, path: string): Diagnostic {
  const args = { path: relative(process.cwd(), path), source: relative(process.cwd(), source) };
  return {
    code: catalog.noGradient.code,
    severity: "error",
    file: source,
    start: 0,
    length: 0,
    line: 1,
    column: 1,
    message: catalog.noGradient.message(args),
    help: catalog.noGradient.help(args),
    notes: [],
  };
}

/** A macro in a component or in JavaScript, at its import in `code`. */
export function macroInComponent(path: string, code: string): Diagnostic {
  const args = { path: relative(process.cwd(), path) };
  const start = Math.max(0, code.search(importPattern));
  return {
    code: catalog.macroInComponent.code,
    severity: "error",
    file: path,
    start,
    length: 1,
    ...lineAndColumn(code, start),
    message: catalog.macroInComponent.message(args),
    help: catalog.macroInComponent.help(args),
    notes: [],
  };
}

const importPattern = /["']tsad["']/;
