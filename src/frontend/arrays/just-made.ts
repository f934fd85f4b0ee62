/** What is known of an array that has just been made, in the block that is being lowered. */
import { isSeveral } from "../../ir/containers.js";
import type { Atom, Instr, Loop, Value } from "../../ir/types.js";
import { isLength } from "../../ir/places.js";
import { isKeyed } from "../../ir/shapes.js";
import { blocksOf } from "../../ir/visit.js";
import * as ops from "../../ops/scalar.js";
import type { Context } from "../context.js";
import { type RefValue, isRef } from "../values.js";

/**
 * The array that `ref` lists the indices of, in their order: `xs` for `[...xs.keys()]`; itself where there is no other, as in
 * `Array.from({ length: n }, (_, i) => i)`. Null where it holds something else.
 */
export function whoseIndices(cx: Context, ref: RefValue): RefValue | null {
  const before = cx.unit.builder.peek();
  const at = before.findIndex((instr) => instr.kind === "alloc" && instr.out === ref);
  const made = before[at];
  if (made?.kind !== "alloc") return null;
  const { init } = made;
  const since = before.slice(at + 1);
  if (init.kind === "slice") {
    const isWhole = init.from === null && init.to === null && since.every(isReading);
    return isWhole && isRef(init.of) ? whoseIndices(cx, init.of) : null;
  }
  if (init.kind !== "filled") return null;
  const loops = since.filter((instr) => !isReading(instr));
  const [loop] = loops;
  if (loop?.kind !== "loop" || loops.length > 1) return null;
  const lengths = new Lengths(before, loop);
  return fillsWithIndices(loop, ref, (to) => lengths.areSame(to, init.length, ref))
    ? (lengths.of(init.length) ?? ref)
    : null;
}

/** `for (let i = 0; i < to; i++) ref[i] = i`. */
function fillsWithIndices({ head, carried, body }: Loop, ref: Value, isEnd: (to: Atom) => boolean): boolean {
  const [one, ...more] = carried;
  if (head.kind !== "while" || one === undefined || more.length > 0 || body.end.kind !== "yield")
    return false;
  const index = one.param;
  const [test] = head.test.instrs;
  const isUpTo =
    head.test.instrs.length === 1 &&
    test?.kind === "apply" &&
    test.op === ops.lt &&
    test.args[0] === index &&
    test.args[1] !== undefined &&
    isEnd(test.args[1]);
  const [store, ...others] = body.instrs.filter((instr) => !isReading(instr));
  const isStored =
    others.length === 0 &&
    store?.kind === "store" &&
    store.place.ref === ref &&
    store.value === index &&
    store.place.step.kind === "index" &&
    store.place.step.index === index;
  const [again, next] = body.end.values;
  const step = body.instrs.find((instr) => instr.kind === "apply" && instr.out === next);
  const isCounting =
    isLiteral(one.init, 0) &&
    isLiteral(again, true) &&
    step?.kind === "apply" &&
    step.op === ops.add &&
    step.args[0] === index &&
    isLiteral(step.args[1], 1);
  return isUpTo && isStored && isCounting;
}

function isLiteral(atom: Atom | undefined, value: number | boolean): boolean {
  return atom?.kind === "literal" && atom.value === value;
}

/** Which numbers are lengths of which arrays, as they are still. */
class Lengths {
  readonly #instrs: readonly Instr[];

  /** `loop` is known to change none. */
  constructor(instrs: readonly Instr[], loop: Loop) {
    this.#instrs = instrs.filter((instr) => instr !== loop);
  }

  of(length: Atom): RefValue | null {
    const at = this.#instrs.findIndex((instr) => instr.kind === "load" && instr.out === length);
    const load = this.#instrs[at];
    if (load?.kind !== "load" || !isLength(load.place)) return null;
    if (!this.#instrs.slice(at).every(isReading)) return null;
    const { ref } = load.place;
    if (!isRef(ref) || ref.type.shape.kind !== "array") return null;
    // What is only like an array has no `keys`.
    return isKeyed(ref.type.shape) || isSeveral(ref.type.shape) ? null : ref;
  }

  areSame(a: Atom, b: Atom, made: RefValue): boolean {
    const [one, other] = [this.of(a), this.of(b)];
    return a === b || one === made || (one !== null && one === other);
  }
}

/** Nothing is written to, here or elsewhere. */
export function isReading(instr: Instr): boolean {
  switch (instr.kind) {
    case "apply":
    case "load":
    case "alloc":
    case "order":
      return true;
    case "if":
      return blocksOf(instr).every((block) => block.instrs.every(isReading));
    default:
      return false;
  }
}
