/** The two leaves of every formula: a literal, and an operation applied. Folding constructors are in `./expr.ts`. */
import type { Formula, FormulaApply, FormulaArg, FormulaResult, Op } from "../ir/op.js";

/** What formula constructors take. */
export type Operand = Formula | number;

export type FormulaLiteral = Extract<FormulaArg, { kind: "literal" }>;

export const zero: FormulaLiteral = { kind: "literal", value: 0 };

/** A literal; `spelling` where it is not written as its digits (`Math.LN2`). */
export function lit(value: number, spelling?: string): FormulaLiteral {
  return spelling === undefined ? { kind: "literal", value } : { kind: "literal", value, spelling };
}

/** The argument at `index`, as a formula. */
export function arg(index: number): FormulaArg {
  return { kind: "arg", index };
}

/** The operation's own result. */
export function result(named: boolean): FormulaResult {
  return { kind: "result", named };
}

/** `op(args)`, nothing folded. */
export function call(op: Op, ...args: readonly Operand[]): FormulaApply {
  return { kind: "apply", op, args: args.map(formula) };
}

export function formula(operand: Operand): Formula {
  return typeof operand === "number" ? lit(operand) : operand;
}

/** The value of a literal number; null for anything else. */
export function literalValue(operand: Operand): number | null {
  if (typeof operand === "number") return operand;
  return operand.kind === "literal" && typeof operand.value === "number" ? operand.value : null;
}

/** The literal with the opposite sign; null for anything else. Zero has no sign here. */
export function negatedLiteral(operand: Operand): FormulaLiteral | null {
  const value = literalValue(operand);
  if (value === null) return null;
  if (value === 0) return zero;
  const spelling = typeof operand === "object" && operand.kind === "literal" ? operand.spelling : undefined;
  if (spelling === undefined) return lit(-value);
  return lit(-value, spelling.startsWith("-") ? spelling.slice(1) : `-${spelling}`);
}
