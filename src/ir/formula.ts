/** The numeric value of a formula. */
import { invariant } from "../support/invariant.js";
import type { Formula, FormulaArg, Op, Scalar } from "./op.js";
import type { Atom } from "./types.js";

/** The value of `formula` where the operation's arguments and result have the given values. */
export function evaluateFormula(formula: Formula, args: readonly Scalar[], result: Scalar): Scalar {
  switch (formula.kind) {
    case "literal":
      return formula.value;
    case "result":
      return result;
    case "arg":
      invariant(formula.index < args.length, "formula", `no argument ${String(formula.index)}`);
      return args[formula.index];
    case "apply":
      return formula.op.evaluate(...formula.args.map((arg) => evaluateFormula(arg, args, result)));
  }
}

/** The operation's partials for these arguments, as formulas over them; literals are handed over as such. */
export function partialsOf(op: Op, args: readonly Atom[], named: boolean): readonly Formula[] {
  if (op.partials === null) return args.map(() => ({ kind: "literal", value: 0 }));
  return op.partials(args.map(formulaArg), { kind: "result", named });
}

/** How an argument looks to a formula. */
export function formulaArg(atom: Atom, index: number): FormulaArg {
  if (atom.kind === "value") return { kind: "arg", index };
  const { value, spelling } = atom;
  if (typeof value !== "number" && typeof value !== "boolean") return { kind: "arg", index };
  return { kind: "literal", value, spelling };
}
