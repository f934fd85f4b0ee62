/** Diagnostics as reports of a rule of ESLint's. */
import { relative, resolve } from "node:path";
import type { AST, Rule, SourceCode } from "eslint";
import type { Config, Diagnostic, Fix } from "../src/index.js";
import type { Checkers } from "./checkers.js";

/** A rule that reports all diagnostics of a severity. */
export function gradientRule(
  severity: Diagnostic["severity"],
  description: string,
  check: Checkers,
): Rule.RuleModule {
  return {
    meta: {
      type: "problem",
      docs: { description },
      fixable: "code",
      hasSuggestions: true,
      // The configuration of tsad, which is checked there.
      schema: [{ type: "object" }],
      defaultOptions: [{}],
    },
    create: (context) => ({
      Program: () => {
        const { sourceCode, cwd } = context;
        if (!sourceCode.text.includes("@grad")) return;
        const path = resolve(cwd, context.filename);
        const config = (context.options[0] ?? {}) as Config;
        for (const diagnostic of check(path, sourceCode, config)) {
          // TypeScript's own errors are shown by TypeScript.
          if (diagnostic.severity !== severity || !diagnostic.code.startsWith("TSAD")) continue;
          context.report(reportOf(diagnostic, path, context));
        }
      },
    }),
  };
}

function reportOf(diagnostic: Diagnostic, path: string, context: Rule.RuleContext): Rule.ReportDescriptor {
  const { sourceCode, cwd } = context;
  const { code, message, help, file, start, length } = diagnostic;
  const text = `${message}${help === null ? "" : ` ${help}`} (${code})`;
  if (file === null || resolve(file) !== path) {
    // The cause is in a helper: the tag is what asks for it.
    const at = sourceCode.text.indexOf("@grad");
    const where = file === null ? "" : `${relative(cwd, file)}:${String(diagnostic.line)}: `;
    return { loc: locate(sourceCode, at, at + 5), message: `${where}${text}` };
  }
  const [first, ...others] = diagnostic.fixes ?? [];
  const loc = locate(sourceCode, start, start + length);
  if (first === undefined) return { loc, message: text };
  if (first.isSafe && others.length === 0) return { loc, message: text, fix: apply(first) };
  return {
    loc,
    message: text,
    suggest: [first, ...others].map((fix) => ({ desc: fix.title, fix: apply(fix) })),
  };
}

function apply({ start, end, text }: Fix): Rule.ReportFixer {
  return (fixer) => fixer.replaceTextRange([start, end], text);
}

function locate(sourceCode: SourceCode, start: number, end: number): AST.SourceLocation {
  return { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) };
}
