/** Constructors of table entries. An entry says what differs from the defaults here, and nothing else. */
import type { FormulaArg, FormulaResult, Op, Scalar, Spelling } from "../ir/op.js";
import { invariant } from "../support/invariant.js";
import type { Box, Kink, LiteralCase, OpEntry } from "./entry.js";
import { formula, zero, type Operand } from "./formula.js";

/** What every kind of entry may say. */
export interface Traits {
  readonly spelling?: Spelling;
  readonly result?: Op["result"];
  readonly singular?: Op["singular"];
  /** True for all arguments, or the indices of those that are absorbed. */
  readonly absorbs?: boolean | readonly number[];
  readonly impure?: boolean;
  readonly reads?: boolean;
  readonly cheap?: boolean;
  readonly losesDerivative?: boolean;
  readonly gate?: boolean;
  readonly domain?: readonly Box[];
  readonly kinks?: readonly Kink[];
  readonly literalCases?: readonly LiteralCase[];
  readonly argNames?: readonly string[];
  readonly note?: string;
}

export interface UnaryRule extends Traits {
  readonly partial: (x: FormulaArg, result: FormulaResult) => Operand;
}

export interface BinaryRule extends Traits {
  readonly partials: (x: FormulaArg, y: FormulaArg, result: FormulaResult) => readonly [Operand, Operand];
}

export interface VariadicRule extends Traits {
  readonly partials: (args: readonly FormulaArg[], result: FormulaResult) => readonly Operand[];
}

/** A differentiable function of one number; spelled as a call unless said otherwise. */
export function unary(name: string, evaluate: (x: number) => number, rule: UnaryRule): OpEntry {
  return entry(
    name,
    1,
    (x) => evaluate(x as number),
    rule,
    ([x], result) => {
      invariant(x, "ops", `\`${name}\` takes an argument`);
      return [formula(rule.partial(x, result))];
    },
  );
}

/** A differentiable function of two numbers. */
export function binary(name: string, evaluate: (x: number, y: number) => number, rule: BinaryRule): OpEntry {
  return entry(
    name,
    2,
    (x, y) => evaluate(x as number, y as number),
    rule,
    ([x, y], result) => {
      invariant(x && y, "ops", `\`${name}\` takes two arguments`);
      return rule.partials(x, y, result).map(formula);
    },
  );
}

/** A differentiable function of any number of arguments, or of a fixed number with types of their own. */
export function variadic(
  name: string,
  arity: number | null,
  evaluate: Op["evaluate"],
  rule: VariadicRule,
): OpEntry {
  return entry(name, arity, evaluate, rule, (args, result) => rule.partials(args, result).map(formula));
}

/** A number made of numbers with derivative zero wherever it has one: rounding, bit operations. */
export function stepwise(
  name: string,
  arity: 1 | 2,
  evaluate: (x: number, y: number) => number,
  traits: Traits = {},
): OpEntry {
  const defaults: Traits = { result: "int", losesDerivative: true };
  return entry(
    name,
    arity,
    (x, y) => evaluate(x as number, y as number),
    { ...defaults, ...traits },
    (args) => args.map(() => zero),
  );
}

/** A value without derivative: comparisons, tests, conversions. Boolean unless said otherwise. */
export function predicate(
  name: string,
  arity: number | null,
  evaluate: Op["evaluate"],
  traits: Traits = {},
): OpEntry {
  const defaults: Traits = { result: "bool", absorbs: true, cheap: true };
  return entry(name, arity, evaluate, { ...defaults, ...traits }, null);
}

/** The spelling `a operator b`. */
export function infix(operator: string): Spelling {
  return { kind: "binary", operator };
}

export function prefix(operator: string): Spelling {
  return { kind: "prefix", operator };
}

function entry(
  name: string,
  arity: number | null,
  evaluate: (...args: readonly Scalar[]) => Scalar,
  traits: Traits,
  partials: Op["partials"],
): OpEntry {
  const absorbs = traits.absorbs ?? false;
  return {
    name,
    spelling: traits.spelling ?? { kind: "call", callee: name },
    result: traits.result ?? "real",
    arity,
    evaluate,
    partials,
    singular: traits.singular ?? "none",
    absorbs: (index) => (typeof absorbs === "boolean" ? absorbs : absorbs.includes(index)),
    impure: traits.impure ?? false,
    reads: traits.reads ?? false,
    cheap: traits.cheap ?? false,
    losesDerivative: traits.losesDerivative ?? false,
    gate: traits.gate ?? false,
    domain: traits.domain ?? [],
    kinks: traits.kinks ?? [],
    literalCases: traits.literalCases ?? [],
    argNames: traits.argNames ?? ["x", "y"].slice(0, arity ?? 2),
    note: traits.note ?? "",
  };
}
