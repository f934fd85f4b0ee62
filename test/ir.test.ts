/** The verifier, the printer and the interpreter, on functions built by hand. */
import { describe, expect, test } from "vitest";
import { bool, int, number, real } from "../src/ir/builder.js";
import { interpret, interpretDual, ThrownByProgram } from "../src/ir/interpret.js";
import { print } from "../src/ir/print.js";
import type { Atom, Block, End, Func, Instr, Value } from "../src/ir/types.js";
import { verify } from "../src/ir/verify.js";
import {
  atomsOf,
  blocksOf,
  endAtoms,
  forEachBlock,
  forEachInstr,
  outsOf,
  substitute,
} from "../src/ir/visit.js";
import * as ops from "../src/ops/scalar.js";
import { InternalError } from "../src/support/invariant.js";
import { huber, label, norm, pick, point, rotate, squareGradient, unaryFunc, value } from "./ir-functions.js";

describe("the verifier accepts", () => {
  test.each(
    [huber(), norm(), rotate(), pick(), squareGradient(), label()].map((func) => [func.name, func] as const),
  )("%s", (_name, func) => {
    expect(() => {
      verify(func, "test");
    }).not.toThrow();
  });

  test("a long block, in linear time and without deep recursion", () => {
    const func = unaryFunc("long", (b, x) => {
      let sum: Value = x;
      for (let i = 0; i < 50_000; i++) sum = b.apply(ops.add, [sum, x]);
      return [sum];
    });
    verify(func, "test");
    expect(interpretDual(func, [1], [1])).toEqual({ values: [50_001], tangents: [50_001] });
  });
});

describe("the verifier rejects", () => {
  const x = value(0, real);
  const y = value(1, real);
  const test0 = value(2, bool);
  const ref = value(3, { kind: "ref", shape: point, region: 0 });
  const sine: Instr = { kind: "apply", out: y, op: ops.sin, args: [x] };
  const leave: End = { kind: "return", values: [x], statement: null };
  const nothing: Block = { instrs: [], end: { kind: "yield", values: [] } };

  const cases: readonly [message: string, instrs: readonly Instr[], end?: End][] = [
    ["%1 (real) is bound twice", [sine, sine]],
    ["%0 (real) is bound twice", [{ ...sine, out: x }]],
    ["%1 (real) is used before it is bound", [{ ...sine, args: [y] }]],
    [
      "%1 (real) is used outside of the block that binds it",
      [
        {
          kind: "if",
          test: test0,
          consequent: { instrs: [sine], end: nothing.end },
          alternate: nothing,
          outs: [],
          statement: null,
        },
        { kind: "apply", out: value(5, real), op: ops.cos, args: [y] },
      ],
    ],
    ["an arm yields 0 values for 1", [choice([x], [], [y])]],
    ["%2 (bool) is yielded for %1 (real)", [choice([test0], [x], [y])]],
    ["%0 (real) is yielded for %6 (int)", [choice([x], [x], [value(6, int)])]],
    ["an arm of an if ends in a return", [{ ...choice([], [], []), consequent: { instrs: [], end: leave } }]],
    [
      "a block that must leave the function ends in a yield",
      [{ kind: "guard", test: test0, body: nothing, statement: null }],
    ],
    ["a block that must leave the function ends in a yield", [], nothing.end],
    ["2 values are returned for 1 results", [], { ...leave, values: [x, x] }],
    ["%2 (bool) is returned as `value`", [], { ...leave, values: [test0] }],
    ["`Math.sin` has 2 arguments instead of 1", [{ ...sine, args: [x, x] }]],
    ["`Math.sin` has the argument %3", [{ ...sine, args: [ref] }]],
    ["`Math.sin` makes real, not bool", [{ ...sine, out: value(7, bool) }]],
    ["`Math.sin` makes real, not int", [{ ...sine, out: value(7, int) }]],
    [
      "`select` makes int of %0 (real)",
      [{ kind: "apply", out: value(7, int), op: ops.select, args: [test0, x, x] }],
    ],
    ["%0 (real) is used as a reference", [load(x, { kind: "field", name: "x" })]],
    ["no field `z` in ref#0", [load(ref, { kind: "field", name: "z" })]],
    ["no element `0` in ref#0", [load(ref, { kind: "index", index: number(0) })]],
    ["a load of string gives real", [load(ref, { kind: "field", name: "label" })]],
    ["a store of %2 (bool) to a cell of real", [store(ref, test0)]],
    ["the condition of a guard is %0 (real)", [{ kind: "guard", test: x, body: nothing, statement: null }]],
  ];

  test.each(cases.map(([message, ...rest]) => ({ message, rest })))("$message", ({ message, rest }) => {
    const [instrs, end = leave] = rest;
    const params = [x, test0, ref].map((param) => ({
      value: param,
      name: `p${String(param.id)}`,
      wrt: false,
    }));
    const results = [{ name: "value", shape: real }];
    const func: Func = { name: "f", params, results, body: { instrs, end } };
    const error = thrown(() => {
      verify(func, "passes");
    });
    expect(error).toBeInstanceOf(InternalError);
    expect(String(error)).toContain(`internal error in passes: \`f\`: ${message}`);
  });

  function choice(
    first: readonly Atom[],
    second: readonly Atom[],
    outs: readonly Value[],
  ): Instr & { kind: "if" } {
    return {
      kind: "if",
      test: test0,
      consequent: { instrs: [], end: { kind: "yield", values: first } },
      alternate: { instrs: [], end: { kind: "yield", values: second } },
      outs,
      statement: null,
    };
  }

  function load(from: Value, step: Extract<Instr, { kind: "load" }>["place"]["step"]): Instr {
    return { kind: "load", out: y, place: { ref: from, step } };
  }

  function store(to: Value, stored: Atom): Instr {
    const place = { ref: to, step: { kind: "field", name: "x" } } as const;
    return { kind: "store", place, value: stored, statement: null, span: null, sweep: "forward" };
  }
});

describe("the printer", () => {
  test("shows guards, hints, statements and literals", () => {
    expect(print(huber())).toBe(`func huber(wrt r %0 "r": real, delta %1 "delta": real) -> (value: real)
  %2 "a": real = Math.abs(%0) ; 1
  %3: bool = <=(%2, %1) ; 2
  guard %3 ; 2
    %4: real = *(0.5, %2) ; 3
    %5: real = *(%4, %2) ; 3
    return %5 ; 3
  %6: real = *(0.5, %1) ; 4
  %7: real = -(%2, %6) ; 4
  %8: real = *(%1, %7) ; 4
  return %8 ; 4
`);
  });

  test("shows memory", () => {
    expect(print(rotate()))
      .toBe(`func rotate(wrt p %0: ref#0 { x: real, y: real, label: string }) -> (value: { x: real, y: real, label: string })
  %1: real = load %0.x
  %2: real = load %0.y
  %3: real = neg(%2)
  %4: ref#1 { x: real, y: real, label: string } = alloc { x: %3, y: %1, label: "turned" }
  %5: ref#2 real[] = alloc [%1, Math.PI=3.141592653589793]
  %6: real = load %5[1]
  store %4.y = %6
  return %4
`);
  });
});

describe("the interpreter", () => {
  test("takes early exits", () => {
    expect(interpret(huber(), [-3, 1])).toEqual([2.5]);
    expect(interpret(huber(), [0.5, 1])).toEqual([0.125]);
  });

  test("keeps aliases: a store through one name is seen through the other", () => {
    expect(interpret(pick(), [[1, 2], [10, 20], true])).toEqual([[-1, 2], -1]);
    expect(interpret(pick(), [[1, 2], [10, 20], false])).toEqual([[-1, 20], 1]);
  });

  test("runs gradient functions: several results, fresh zeros, stores", () => {
    const x = Float64Array.of(1, -2, 3);
    expect(interpret(squareGradient(), [x])).toEqual([4, Float64Array.of(0, -4, 0)]);
    expect(x).toEqual(Float64Array.of(1, -2, 3));
  });

  test("throws what the program throws", () => {
    expect(() => interpret(label(), [-1])).toThrow(new ThrownByProgram('new RangeError("x is " + -1)'));
    expect(interpret(label(), [4])).toEqual([2]);
  });

  test("refuses a value that is missing and a condition that is not boolean", () => {
    expect(() => interpret(huber(), [1])).toThrow(InternalError);
    const func = unaryFunc("bad", (b, x) => [b.apply(ops.add, [x, value(99, real)])]);
    expect(() => interpret(func, [1])).toThrow("%99 has no value");
    expect(() => interpret(pick(), [[1], [2], 1])).toThrow(InternalError);
  });
});

describe("dual numbers", () => {
  test.each([
    [-3, 1],
    [0.4, 1],
    [2, 0.7],
  ])("agree with differences: huber(%d, %d)", (r, delta) => {
    const h = 1e-5;
    const at = (t: number): number => Number(interpret(huber(), [r + 0.3 * t, delta - 0.8 * t])[0]);
    const { values, tangents } = interpretDual(huber(), [r, delta], [0.3, -0.8]);
    expect(values).toEqual([at(0)]);
    expect(tangents[0]).toBeCloseTo((at(h) - at(-h)) / (2 * h), 8);
  });

  test("agree with differences through memory", () => {
    const h = 1e-5;
    const at = (t: number): number => Number(interpret(norm(), [[3 + t, 4 - 2 * t]])[0]);
    const { values, tangents } = interpretDual(norm(), [[3, 4]], [[1, -2]]);
    expect(values).toEqual([5]);
    expect(tangents[0]).toBeCloseTo((at(h) - at(-h)) / (2 * h), 8);
  });

  test("a norm at the origin has derivative 0, not NaN", () => {
    expect(interpretDual(norm(), [[0, 0]], [[1, -2]]).tangents).toEqual([0]);
  });

  test("shadows mirror references, stores and aliases", () => {
    const taken = interpretDual(pick(), [[1, 2], [10, 20], true], [[5, 6], [7, 8], 0]);
    expect(taken.tangents).toEqual([[-5, 6], -5]);
    const other = interpretDual(pick(), [[1, 2], [10, 20], false], [[5, 6], [7, 8], 0]);
    expect(other.tangents).toEqual([[-5, 8], 5]);
  });

  test("results are objects with tangents of the same structure; strings carry none", () => {
    const { values, tangents } = interpretDual(rotate(), [{ x: 1, y: 2, label: "p" }], [{ x: 3, y: 4 }]);
    expect(values).toEqual([{ x: -2, y: Math.PI, label: "turned" }]);
    expect(tangents).toEqual([{ x: -4, y: 0, label: 0 }]);
  });

  test("differentiate a gradient: the Hessian in one direction", () => {
    const { tangents } = interpretDual(
      squareGradient(),
      [Float64Array.of(1, -2, 3)],
      [Float64Array.of(1, 0.5, 0)],
    );
    expect(tangents).toEqual([-2, Float64Array.of(0, 1, 0)]);
  });

  test("an int carries no tangent", () => {
    const func = unaryFunc("floored", (b, x) => [b.apply(ops.mul, [x, b.apply(ops.floor, [x])])]);
    expect(interpretDual(func, [2.5], [1])).toEqual({ values: [5], tangents: [2] });
  });
});

describe("walkers", () => {
  test("visit every instruction, outer ones first, and every block", () => {
    const names: string[] = [];
    forEachInstr(huber().body, (instr) => names.push(instr.kind === "apply" ? instr.op.name : instr.kind));
    expect(names).toEqual(["Math.abs", "<=", "guard", "*", "*", "*", "-", "*"]);
    let blocks = 0;
    forEachBlock(huber().body, () => blocks++);
    expect(blocks).toBe(2);
  });

  test("substitution reaches every atom that is read, and nothing that is bound", () => {
    for (const func of [huber(), norm(), rotate(), pick(), squareGradient(), label()]) {
      const renamed = substitute(func.body, (atom) =>
        atom.kind === "value" ? { ...atom, id: atom.id + 1000 } : atom,
      );
      expect(idsRead(renamed)).toEqual(idsRead(func.body).map((id) => id + 1000));
      expect(idsBound(renamed)).toEqual(idsBound(func.body));
      expect(idsRead(func.body).length).toBeGreaterThan(0);
    }
  });

  test("a reference does not become a literal", () => {
    expect(() => substitute(norm().body, () => number(1))).toThrow(InternalError);
  });
});

function idsRead(block: Block): readonly number[] {
  const ofInstrs = block.instrs.flatMap((instr) => [
    ...ids(atomsOf(instr)),
    ...blocksOf(instr).flatMap(idsRead),
  ]);
  return [...ofInstrs, ...ids(endAtoms(block.end))];
}

function idsBound(block: Block): readonly number[] {
  return block.instrs.flatMap((instr) => [...ids(outsOf(instr)), ...blocksOf(instr).flatMap(idsBound)]);
}

function ids(atoms: readonly Atom[]): readonly number[] {
  return atoms.flatMap((atom) => (atom.kind === "value" ? [atom.id] : []));
}

function thrown(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return null;
}
