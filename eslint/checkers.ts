/** The compiler behind the rules: loaded at the first file with a tag, one for each configuration, asked once a file. */
import type { SourceCode } from "eslint";
import { createChecker } from "../src/session.js";
import type { Checker, Config, Diagnostic } from "../src/index.js";

/** Gives the diagnostics of the file at an absolute path, with the text that ESLint has of it. */
export type Checkers = (path: string, source: SourceCode, config: Config) => readonly Diagnostic[];

export function makeCheckers(): Checkers {
  const checkers = new Map<string, Checker>();
  // Both rules ask about the same object.
  const results = new WeakMap<SourceCode, readonly Diagnostic[]>();
  return (path, source, config) => {
    const known = results.get(source);
    if (known !== undefined) return known;
    const key = JSON.stringify(config);
    const checker = checkers.get(key) ?? createChecker(config);
    checkers.set(key, checker);
    const diagnostics = checker.check({ path, text: source.text });
    results.set(source, diagnostics);
    return diagnostics;
  };
}
