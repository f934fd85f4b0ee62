/** All operations, and how the source names them. */
import type { Op } from "../ir/op.js";
import type { OpEntry } from "./entry.js";
import * as arithmetic from "./arithmetic.js";
import * as exponential from "./exponential.js";
import * as gates from "./gates.js";
import * as integer from "./integer.js";
import * as logic from "./logic.js";
import * as number from "./number.js";
import * as piecewise from "./piecewise.js";
import * as power from "./power.js";
import * as root from "./root.js";
import * as text from "./text.js";
import * as trigonometry from "./trigonometry.js";

type Module = Readonly<Record<string, OpEntry>>;

const modules: readonly Module[] = [
  arithmetic,
  power,
  root,
  exponential,
  trigonometry,
  piecewise,
  gates,
  integer,
  number,
  logic,
  text,
];

/** Every operation: whatever the modules export, by module and name. */
export const table: readonly OpEntry[] = modules.flatMap((module) =>
  Object.keys(module)
    .sort()
    .flatMap((name) => module[name] ?? []),
);

/** By the callee as the source writes it: `Math.tanh`, `Number.isFinite`, `parseFloat`. */
export const mathFunctions: ReadonlyMap<string, Op> = new Map<string, Op>([
  ...table.flatMap((op): [string, Op][] => (op.spelling.kind === "call" ? [[op.spelling.callee, op]] : [])),
  ["Number.parseFloat", number.parseFloat],
  ["Number.parseInt", number.parseInt],
]);

/**
 * By the operator. Without `&&` and `||`, whose right operand may not be evaluated: `and` and `or` are for operands
 * known to be harmless.
 */
export const binaryOperators: ReadonlyMap<string, Op> = new Map<string, Op>(
  table.flatMap((op): [string, Op][] =>
    op.spelling.kind === "binary" && op.spelling.right === undefined && op !== logic.and && op !== logic.or
      ? [[op.spelling.operator, op]]
      : [],
  ),
);

/** By the operator: `-x`, `+x`, `!x`, `~x`. */
export const prefixOperators: ReadonlyMap<string, Op> = new Map<string, Op>(
  table.flatMap((op): [string, Op][] => (op.spelling.kind === "prefix" ? [[op.spelling.operator, op]] : [])),
);

/** Named numbers that keep their spelling as literals. */
export const constants: ReadonlyMap<string, number> = new Map([
  ["Math.E", Math.E],
  ["Math.LN10", Math.LN10],
  ["Math.LN2", Math.LN2],
  ["Math.LOG10E", Math.LOG10E],
  ["Math.LOG2E", Math.LOG2E],
  ["Math.PI", Math.PI],
  ["Math.SQRT1_2", Math.SQRT1_2],
  ["Math.SQRT2", Math.SQRT2],
  ["Number.EPSILON", Number.EPSILON],
  ["Number.MAX_SAFE_INTEGER", Number.MAX_SAFE_INTEGER],
  ["Number.MAX_VALUE", Number.MAX_VALUE],
  ["Number.MIN_SAFE_INTEGER", Number.MIN_SAFE_INTEGER],
  ["Number.MIN_VALUE", Number.MIN_VALUE],
  ["Number.NaN", NaN],
  ["Number.NEGATIVE_INFINITY", -Infinity],
  ["Number.POSITIVE_INFINITY", Infinity],
  ["Infinity", Infinity],
  ["NaN", NaN],
]);
