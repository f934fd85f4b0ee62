/** One test over the whole table of operations: every partial against differences, every convention against itself. */
import { runInThisContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { evaluateFormula } from "../src/ir/formula.js";
import type { Formula, FormulaArg, Op, Scalar } from "../src/ir/op.js";
import type { Kink, OpEntry, Range } from "../src/ops/entry.js";
import { arg, lit, result } from "../src/ops/formula.js";
import { renderCall } from "../src/ops/render.js";
import * as ops from "../src/ops/scalar.js";
import { binaryOperators, constants, mathFunctions, prefixOperators, table } from "../src/ops/table.js";

/** One way of calling an operation: for each argument a literal, or the range that it is drawn from. */
type Call = readonly (number | Range)[];

const points = 7;
const differentiable = table.filter((op) => op.partials !== null && op.arity !== 0);

describe.each(table.map((op) => [op.name, op] as const))("%s", (_name, op) => {
  test("takes the arguments that it says", () => {
    for (const call of callsOf(op)) {
      expect(call.length).toBe(op.arity ?? call.length);
      if (op.partials) expect(partials(op, call, true)).toHaveLength(call.length);
    }
    expect(op.argNames).toHaveLength(op.arity ?? 2);
  });

  test("is spelled as it evaluates", () => {
    const names = ["a", "b", "c", "d"].slice(0, op.arity ?? 2);
    const body = renderCall(op, names).replace(/!$/, "");
    const run = runInThisContext(`(${names.join(", ")}) => ${body}`) as Op["evaluate"];
    if (op.impure) return;
    for (const values of sampleValues(names.length, [-2.5, 0, 0.75, 3, NaN, Infinity, true, false])) {
      if (op === ops.select && typeof values[0] !== "boolean") continue;
      if ((op === ops.and || op === ops.or) && values.some((value) => typeof value !== "boolean")) continue;
      expect(op.evaluate(...values), String(values)).toBe(
        op === ops.stringLength ? String(values[0]).length : run(...values),
      );
    }
  });

  test("has formulas made of operations that can be differentiated", () => {
    const calls = [...callsOf(op), ...op.kinks.map(kinkCall)];
    for (const call of calls) for (const partial of partials(op, call, false)) checkClosed(partial, false);
  });
});

describe.each(differentiable.map((op) => [op.name, op] as const))("the partials of %s", (_name, op) => {
  test("agree with differences", () => {
    const calls = callsOf(op);
    const compared = calls.map((call) => compare(op, call));
    expect(compared.flatMap(({ failures }) => failures)).toEqual([]);
    for (const [i, { count }] of compared.entries())
      expect(count, String(calls[i])).toBeGreaterThanOrEqual(points);
    expect(calls.length + op.kinks.length).toBeGreaterThan(0);
  });

  test("are those chosen at the kinks", () => {
    for (const kink of op.kinks) expect(kinkFailures(op, kink), String(kink.at)).toEqual([]);
  });

  test("would be missed if altered", () => {
    for (const call of callsOf(op)) {
      for (const i of derivedArgs(call)) {
        expect(compare(altered(op, i, 1e-4), call).failures.length, String(call)).toBeGreaterThan(0);
        expect(compare(altered(op, i, NaN), call).failures.length, String(call)).toBeGreaterThan(0);
      }
    }
    for (const kink of op.kinks) {
      for (const i of derivedArgs(kinkCall(kink)).filter((index) => Number.isFinite(kink.partials[index]))) {
        expect(kinkFailures(altered(op, i, 1e-4), kink).length, String(kink.at)).toBeGreaterThan(0);
      }
    }
  });

  test("are infinite only where they say", () => {
    const arity = op.arity ?? 2;
    for (const values of sampleValues(arity, [-1000, -2, -1, -0.5, 0, 0.5, 1, 2, 1000])) {
      if (op === ops.select || op.singular === "finite") continue;
      const value = op.evaluate(...values);
      const call = values.map((): Range => [0, 1]);
      const slopes = partials(op, call, false).map((partial) =>
        Number(evaluateFormula(partial, values, value)),
      );
      // Only finite values oblige "infinite"; "none" always does, where the function is defined.
      if (!Number.isFinite(value)) continue;
      expect(slopes.every(Number.isFinite), `${String(values)}: ${String(slopes)}`).toBe(true);
    }
  });
});

test("an infinite argument with a finite result is absorbed", () => {
  const found = table.flatMap((op) => {
    const arity = op.arity ?? 2;
    const rest = op === ops.select ? [true, false] : [-2, -0.5, 0, 0.5, 2];
    return Array.from({ length: op.impure ? 0 : arity }, (_, i) => i).flatMap((i) =>
      sampleValues(arity, rest).flatMap((values) =>
        [-Infinity, Infinity].flatMap((infinite) => {
          const value = op.evaluate(...values.map((other, j) => (j === i ? infinite : other)));
          return typeof value === "number" && Number.isFinite(value) ? [{ op, i }] : [];
        }),
      ),
    );
  });
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter(({ op, i }) => !op.absorbs(i)).map(({ op, i }) => `${op.name} ${String(i)}`)).toEqual(
    [],
  );
});

test("the table has each name once, and everything that it is asked for", () => {
  expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
  expect(new Set(table)).toEqual(new Set(Object.values(ops)));
  const functions = Object.getOwnPropertyNames(Math).filter(
    (name) => typeof Math[name as keyof Math] === "function" && !["f16round", "sumPrecise"].includes(name),
  );
  for (const name of functions) expect(mathFunctions.has(`Math.${name}`), name).toBe(true);
  const operators = "+ - * / % ** < <= > >= == != === !== & | ^ << >> >>>".split(" ");
  expect([...binaryOperators.keys()].sort()).toEqual(operators.sort());
  expect([...prefixOperators.keys()].sort()).toEqual(["!", "+", "-", "~"]);
});

test.each([...constants])("%s is itself", (text, value) => {
  expect(runInThisContext(text)).toBe(value);
});

/** Every form of call that the entry describes. */
function callsOf(op: OpEntry): readonly Call[] {
  return [...op.domain, ...op.literalCases];
}

function kinkCall(kink: Kink): Call {
  return kink.at.map((value, i) => (kink.literal?.includes(i) ? value : [value, value]));
}

/** The arguments with a partial to check: numbers that are not literal. */
function derivedArgs(call: Call): readonly number[] {
  return call.flatMap((part, i) =>
    typeof part === "number" || part === "bool" || isFixed(part, call) ? [] : [i],
  );
}

/** A range of one point inside a box holds an argument that is not varied. */
function isFixed(range: Range, call: Call): boolean {
  return range[0] === range[1] && call.some((part) => Array.isArray(part) && part[0] !== part[1]);
}

function partials(op: Op, call: Call, named: boolean): readonly Formula[] {
  const args = call.map((part, i): FormulaArg => (typeof part === "number" ? lit(part) : arg(i)));
  return op.partials?.(args, result(named)) ?? [];
}

interface Comparison {
  readonly failures: readonly string[];
  readonly count: number;
}

/** The partials at points of the call's ranges against central differences, whether the result is named or not. */
function compare(op: Op, call: Call): Comparison {
  const failures: string[] = [];
  let count = 0;
  for (let k = 0; k < points; k++) {
    const values = call.map((part, i) => draw(part, i, k));
    const value = op.evaluate(...values);
    for (const i of derivedArgs(call)) {
      const expected = difference(op, values, i);
      for (const named of [true, false]) {
        const partial = partials(op, call, named)[i];
        const actual = partial === undefined ? NaN : evaluateFormula(partial, values, value);
        count++;
        // Written so that NaN on either side fails.
        const close = Math.abs(Number(actual) - expected) <= 1e-7 * Math.max(1, Math.abs(expected));
        if (!close)
          failures.push(
            `by argument ${String(i)} at ${String(values)}: ${String(actual)}, not ${String(expected)}`,
          );
      }
    }
  }
  return { failures, count };
}

function kinkFailures(op: Op, kink: Kink): readonly string[] {
  const call = kinkCall(kink);
  const value = op.evaluate(...kink.at);
  return derivedArgs(call).flatMap((i) => {
    const partial = partials(op, call, false)[i];
    const actual = partial === undefined ? NaN : evaluateFormula(partial, kink.at, value);
    const expected = kink.partials[i];
    return actual === expected
      ? []
      : [`by argument ${String(i)}: ${String(actual)}, not ${String(expected)}`];
  });
}

/** A spread of points inside the range, the same at every run. */
function draw(part: number | Range, dimension: number, k: number): number | boolean {
  if (typeof part === "number") return part;
  if (part === "bool") return k % 2 === 0;
  const [low, high] = part;
  const step = [Math.SQRT2, Math.sqrt(3), Math.sqrt(5)][dimension] ?? Math.sqrt(7);
  return low + (high - low) * (0.02 + 0.96 * (((k + 1) * step) % 1));
}

/** Fourth-order central difference. */
function difference(op: Op, values: readonly Scalar[], index: number): number {
  const h = 5e-4;
  const at = (offset: number): number =>
    Number(op.evaluate(...values.map((value, i) => (i === index ? Number(value) + offset : value))));
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

/** The operation with something added to one of its partials. */
function altered(op: OpEntry, index: number, by: number): OpEntry {
  return {
    ...op,
    partials: (args, r) =>
      (op.partials?.(args, r) ?? []).map((partial, i) =>
        i === index ? { kind: "apply", op: ops.add, args: [partial, lit(by)] } : partial,
      ),
  };
}

/** Every operation of a formula is in the table and has partials, unless it is the test of a selection. */
function checkClosed(formula: Formula, isTest: boolean): void {
  if (formula.kind !== "apply") return;
  const { op, args } = formula;
  expect(table).toContain(op);
  expect(args).toHaveLength(op.arity ?? args.length);
  if (isTest) expect(op.result).toBe("bool");
  else expect(op.partials, op.name).not.toBeNull();
  args.forEach((inner, i) => {
    checkClosed(inner, op === ops.select && i === 0);
  });
}

/** All combinations of these values. */
function sampleValues(arity: number, values: readonly Scalar[]): readonly (readonly Scalar[])[] {
  const start: readonly (readonly Scalar[])[] = [[]];
  return Array.from({ length: arity }).reduce<readonly (readonly Scalar[])[]>(
    (rows) => rows.flatMap((row) => values.map((value) => [...row, value])),
    start,
  );
}
