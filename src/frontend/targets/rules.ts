/**
 * Derivatives that the user has given by hand: the functions tagged `@gradOf` in the source file, in what it imports,
 * and in the modules of the configuration. Each is checked against the function that it names.
 */
import type { ts } from "ts-morph";
import type { Diagnostics } from "../../diagnostics/collector.js";
import type { ObjectShape, Shape } from "../../ir/types.js";
import { dependenciesOf } from "../project/dependencies.js";
import type { FrontendProject } from "../project/project.js";
import { checkRule } from "./rule-checks.js";
import { type TaggedRule, taggedRules } from "./rule-tags.js";

/** A derivative by hand that fits its function. */
export interface UserRule extends TaggedRule {
  /** The parameters of the function, with the field of the rule's result that holds the cotangent of each. */
  readonly params: readonly RuleParam[];
  /** What the function returns. */
  readonly result: Shape;
  /** What the rule returns. */
  readonly shape: ObjectShape;
  /** What the rule calls the function's result. */
  readonly resultName: string;
}

export interface RuleParam {
  readonly name: string;
  /** Null for a parameter that is constant. */
  readonly field: string | null;
  readonly shape: Shape | null;
}

/** The rules that hold for a source file, by the functions that they are for. */
export type Rules = ReadonlyMap<ts.Symbol, UserRule>;

/** Finds the rules that hold for `sourceFile`, and reports those that cannot be used. */
export function findRules(
  project: FrontendProject,
  sourceFile: ts.SourceFile,
  diagnostics: Diagnostics,
): Rules {
  const rules = new Map<ts.Symbol, UserRule>();
  const files = [
    sourceFile,
    ...dependenciesOf(project, sourceFile).flatMap((path) => project.sourceFile(path) ?? []),
  ];
  for (const tagged of files.flatMap((file) => taggedRules(project, file, diagnostics))) {
    const known = rules.get(tagged.primal);
    const callee = tagged.callee.join(".");
    if (known !== undefined) {
      const notes = [diagnostics.note(known.at, "The other one is here.")];
      diagnostics.report("ruleTwice", tagged.at, { callee, other: known.name.text }, notes);
      continue;
    }
    const rule = checkRule(project, tagged, diagnostics);
    if (rule !== null) rules.set(tagged.primal, rule);
  }
  return rules;
}
