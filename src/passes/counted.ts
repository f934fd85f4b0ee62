/**
 * Recognises counted loops: a `while` over a number that every iteration moves by the same whole step, tested against a
 * bound that is fixed when the loop is entered. The number carries no derivative: `for (let x = a; x < b; x++) s += x`
 * stays a `while` where `a` varies.
 */
import { findActivity } from "../analysis/activity.js";
import { Builder, int, whole } from "../ir/builder.js";
import { findGrowing } from "../ir/growth.js";
import {
  countUses,
  forEachInstr,
  lastId,
  lastRegion,
  mapBlocks,
  outsOf,
  paramsOf,
  substitute,
} from "../ir/visit.js";
import type {
  Apply,
  Atom,
  Block,
  Carried,
  Func,
  Instr,
  Loop,
  LoopHead,
  RegionId,
  Value,
  ValueId,
} from "../ir/types.js";
import { add, ge, gt, le, lt, sub } from "../ops/scalar.js";
import { isLength, regionOf } from "../ir/places.js";

type Comparison = Extract<LoopHead, { kind: "counted" }>["comparison"];

export function recogniseCounted(func: Func): Func {
  const builder = new Builder(lastId(func) + 1, lastRegion(func) + 1);
  const made = new Map<ValueId, Apply>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "apply") made.set(instr.out.id, instr);
  });
  const read = countUses(func.body);
  const growing = findGrowing(func);
  const { active } = findActivity(withAnyVaried(func));
  /** Values that a loop begins with, which have the name of its index and are for nothing else. */
  const unnamed = new Map<ValueId, Value>();
  const body = visit(func.body);
  return { ...func, body: unnamed.size === 0 ? body : withoutNames(body, unnamed) };

  function visit(block: Block): Block {
    return {
      instrs: block.instrs.flatMap((instr) => {
        const inner = mapBlocks(instr, visit);
        return inner.kind === "loop" ? asCounted(inner) : [inner];
      }),
      end: block.end,
    };
  }

  function asCounted(loop: Loop): readonly Instr[] {
    const { head, body } = loop;
    if (head.kind !== "while" || body.end.kind !== "yield" || head.test.end.kind !== "yield") return [loop];
    const [test] = head.test.end.values;
    const comparison =
      test?.kind === "value" ? head.test.instrs.find((instr) => outsOf(instr)[0] === test) : undefined;
    if (comparison?.kind !== "apply") return [loop];
    for (const [position, carried] of loop.carried.entries()) {
      const shift = shiftOf(comparison, carried.param);
      const bound = boundOf(comparison, shift?.sum ?? carried.param);
      const yielded = body.end.values[position + 1];
      const step = yielded === undefined ? null : stepOf(carried.param, yielded);
      if (bound === null || step === null) continue;
      if (step > 0 !== (bound.comparison === "<" || bound.comparison === "<=")) continue;
      if (!isNumber(carried.init) || active.has(carried.param.id)) continue;
      if (shift !== null && !isWholeNumber(bound.to)) continue;
      const instrs = head.test.instrs.filter((instr) => instr !== shift?.made);
      const hoisted = hoistable(loop, { ...head.test, instrs }, comparison, bound.to, growing);
      if (hoisted === null) continue;
      const moved = shift === null ? [] : builder.detached(() => less(bound.to, shift.by));
      const [last] = moved;
      const to = last?.kind === "apply" ? last.out : bound.to;
      return [...hoisted, ...moved, count(loop, position, carried, { ...bound, to }, step)];
    }
    return [loop];
  }

  /** `i + 1` in a test, where it is for nothing else. */
  function shiftOf({ args }: Apply, param: Value): { sum: Value; by: number; made: Apply } | null {
    const [a] = args;
    const sum = a?.kind === "value" ? made.get(a.id) : undefined;
    if (a?.kind !== "value" || sum === undefined || read.get(a.id) !== 1) return null;
    const [index, offset] = sum.args;
    const sign = sum.op === add ? 1 : sum.op === sub ? -1 : 0;
    if (sign === 0 || index !== param || offset?.kind !== "literal") return null;
    return Number.isInteger(offset.value) ? { sum: a, by: sign * Number(offset.value), made: sum } : null;
  }

  /** What `i` is below where `i + by` is below `bound`. */
  function less(bound: Atom, by: number): void {
    builder.apply(by < 0 ? add : sub, [bound, whole(Math.abs(by))], {}, int);
  }

  function beginning(init: Atom, { hint }: Value): Atom {
    if (init.kind === "literal" || !made.has(init.id) || read.get(init.id) !== 1) return init;
    if (init.hint === null || init.hint.text !== hint?.text) return init;
    const plain = { ...init, hint: null };
    unnamed.set(init.id, plain);
    return plain;
  }

  function boundOf({ op, args }: Apply, index: Value): { comparison: Comparison; to: Atom } | null {
    const [a, b] = args;
    if (a === undefined || b === undefined) return null;
    const forward = comparisons.get(op);
    const turned = turnedComparisons.get(op);
    if (a === index && b !== index && forward !== undefined) return { comparison: forward, to: b };
    return b === index && a !== index && turned !== undefined ? { comparison: turned, to: a } : null;
  }

  function stepOf(param: Value, yielded: Atom): number | null {
    if (yielded.kind !== "value") return null;
    const instr = made.get(yielded.id);
    const [a, b] = instr?.args ?? [];
    const sign = instr?.op === add ? 1 : instr?.op === sub ? -1 : 0;
    if (sign === 0 || a !== param || b?.kind !== "literal" || typeof b.value !== "number") return null;
    return Number.isInteger(b.value) && b.value !== 0 ? sign * b.value : null;
  }

  function count(
    loop: Loop,
    position: number,
    carried: Carried,
    { comparison, to }: { readonly comparison: Comparison; readonly to: Atom },
    step: number,
  ): Loop {
    const { param, init } = carried;
    const index = builder.value(int, { hint: param.hint, statement: param.statement, span: param.span });
    const body = substitute(loop.body, (atom) => (atom === param ? index : atom));
    const head = { kind: "counted", index, from: beginning(init, param), comparison, to, step } as const;
    // What the index is after the loop is still asked for: it goes round as well.
    const isKept = read.has(carried.out.id);
    const keeps = (_: unknown, at: number): boolean => at !== position || isKept;
    const { end } = body;
    return {
      ...loop,
      head,
      carried: loop.carried.filter(keeps),
      body:
        end.kind === "yield"
          ? { ...body, end: { ...end, values: end.values.filter((_, at) => at === 0 || keeps(_, at - 1)) } }
          : body,
    };
  }
}

/** The instructions of the test that make its bound, if it is fixed in the loop; null if it is not. */
function hoistable(
  loop: Loop,
  test: Block,
  comparison: Apply,
  to: Atom,
  growing: Growing,
): readonly Instr[] | null {
  const inside = new Set<ValueId>(paramsOf(loop).map(({ id }) => id));
  forEachInstr(loop.body, (instr) => {
    for (const value of [...outsOf(instr), ...paramsOf(instr)]) inside.add(value.id);
  });
  const makers = new Map<ValueId, Instr>();
  for (const instr of test.instrs) for (const out of outsOf(instr)) makers.set(out.id, instr);
  const wanted = new Set<Instr>();
  const isFixed = (atom: Atom): boolean => {
    if (atom.kind === "literal") return true;
    if (inside.has(atom.id)) return false;
    const maker = makers.get(atom.id);
    if (maker === undefined) return true;
    wanted.add(maker);
    if (maker.kind === "apply") return !maker.op.impure && maker.args.every(isFixed);
    return (
      maker.kind === "load" &&
      isFixed(maker.place.ref) &&
      isStill(loop, maker, growing) &&
      (maker.place.step.kind === "field" || isFixed(maker.place.step.index))
    );
  };
  if (!isFixed(to)) return null;
  // Nothing else may happen in the test.
  const rest = test.instrs.filter((instr) => instr !== comparison && !wanted.has(instr));
  return rest.length === 0 ? test.instrs.filter((instr) => wanted.has(instr)) : null;
}

/** Nothing in the loop writes to what the load reads. */
function isStill(loop: Loop, { place }: Extract<Instr, { kind: "load" }>, growing: Growing): boolean {
  const region = regionOf(place.ref);
  let still = true;
  forEachInstr(loop.body, (instr) => {
    if (instr.kind === "call" && region !== null) {
      const changed = isLength(place) ? instr.resizes : instr.writes;
      still &&= !changed.includes(region);
    }
    if (instr.kind === "push" || instr.kind === "pop") still &&= regionOf(instr.ref) !== region;
    if (instr.kind !== "store" || regionOf(instr.place.ref) !== region) return;
    still &&= isLength(place) && region !== null && !growing.has(region);
  });
  return still;
}

/** Regions of arrays that a store makes longer. */
type Growing = ReadonlySet<RegionId>;

function withoutNames(block: Block, unnamed: ReadonlyMap<ValueId, Value>): Block {
  const rename = (inner: Block): Block => ({
    instrs: inner.instrs.map((instr) => {
      const mapped = mapBlocks(instr, rename);
      const plain = mapped.kind === "apply" ? unnamed.get(mapped.out.id) : undefined;
      return plain === undefined || mapped.kind !== "apply" ? mapped : { ...mapped, out: plain };
    }),
    end: inner.end,
  });
  return rename(block);
}

function isWholeNumber(atom: Atom): boolean {
  return atom.kind === "literal" ? Number.isInteger(atom.value) : atom.type.kind === "int";
}

function isNumber(atom: Atom): boolean {
  if (atom.kind === "literal") return typeof atom.value === "number" && Number.isInteger(atom.value);
  return atom.type.kind === "int" || atom.type.kind === "real";
}

const comparisons = new Map<Apply["op"], Comparison>([
  [lt, "<"],
  [le, "<="],
  [gt, ">"],
  [ge, ">="],
]);

/** With the bound on the left. */
const turnedComparisons = new Map<Apply["op"], Comparison>([
  [gt, "<"],
  [ge, "<="],
  [lt, ">"],
  [le, ">="],
]);

/** Of a function that is called it is not known yet which of its parameters vary: any of them may. */
function withAnyVaried(func: Func): Func {
  if (func.params.some(({ wrt }) => wrt)) return func;
  return { ...func, params: func.params.map((param) => ({ ...param, wrt: true })) };
}
