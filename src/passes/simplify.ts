/**
 * Arithmetic of the reverse sweep as one would write it: factors of 1 vanish, constants meet in front, `x + x` is
 * `2 * x`, what is known while compiling is not asked again. The forward sweep stays as the user wrote it, to the last
 * bit.
 */
import { Builder, number } from "../ir/builder.js";
import { countUses, lastId, lastRegion, mapBlocks, substituteAtoms, substituteEnd } from "../ir/visit.js";
import type { Apply, Atom, Block, Func, If, Instr, Literal, ValueId } from "../ir/types.js";
import { type NumberLiteral, isDigits } from "./constants.js";
import { neg } from "../ops/arithmetic.js";
import { add, copy, div, eq, mul, ne, select, sub } from "../ops/scalar.js";

export function simplifyCotangents(func: Func): Func {
  const builder = new Builder(lastId(func) + 1, lastRegion(func) + 1);
  const uses = countUses(func.body);
  const made = new Map<ValueId, Apply>();
  const known = new Map<ValueId, Atom>();
  /** What the block that is being visited has made itself: nothing may move into a loop. */
  let own = new Set<ValueId>();
  const resolve = (atom: Atom): Atom => (atom.kind === "value" ? (known.get(atom.id) ?? atom) : atom);
  return { ...func, body: visit(func.body) };

  function visit(block: Block): Block {
    const instrs: Instr[] = [];
    const outer = own;
    own = new Set();
    for (const original of block.instrs) {
      const instr = substituteAtoms(original, resolve);
      for (const simple of instr.kind === "apply" ? simplify(instr) : [instr]) {
        if (simple.kind === "apply") {
          made.set(simple.out.id, simple);
          own.add(simple.out.id);
        }
        const visited = mapBlocks(simple, visit);
        const taken = visited.kind === "if" ? takenArm(visited) : null;
        if (visited.kind === "if" && taken === null) noteSameOutcomes(visited);
        instrs.push(...(taken ?? [visited]));
      }
    }
    own = outer;
    return { instrs, end: substituteEnd(block.end, resolve) };
  }

  /** What runs of an `if` whose outcome has turned out; null where it is open. */
  function takenArm({ test, outs, consequent, alternate }: If): readonly Instr[] | null {
    if (test.kind !== "literal") return null;
    const { instrs, end } = test.value === true ? consequent : alternate;
    if (end.kind !== "yield") return null;
    for (const [i, out] of outs.entries()) known.set(out.id, end.values[i] ?? out);
    return instrs;
  }

  /** What both arms give is known whichever runs. */
  function noteSameOutcomes({ outs, consequent, alternate }: If): void {
    if (consequent.end.kind !== "yield" || alternate.end.kind !== "yield") return;
    for (const [i, out] of outs.entries()) {
      const [a, b] = [consequent.end.values[i], alternate.end.values[i]].map(named);
      if (out.sweep !== "backward" || a?.kind !== "literal" || b?.kind !== "literal") continue;
      if (Object.is(a.value, b.value)) known.set(out.id, a);
    }
  }

  /** A literal, also where a line gives it a name. */
  function named(atom: Atom | undefined): Atom | undefined {
    const instr = atom?.kind === "value" ? made.get(atom.id) : undefined;
    return instr?.op === copy ? instr.args[0] : atom;
  }

  function simplify(instr: Apply): readonly Instr[] {
    if (instr.out.sweep !== "backward") return [instr];
    const before: Instr[] = [];
    const simple = rewrite(instr, before);
    const [same] = simple.op === copy ? simple.args : [];
    if (same === undefined || simple.out.hint?.declared === true) return [...before, simple];
    known.set(simple.out.id, same);
    return before;
  }

  function rewrite(instr: Apply, before: Instr[]): Apply {
    const [a, b] = instr.args;
    if (a === undefined || b === undefined) return instr;
    const as = (op: Apply["op"], ...args: readonly Atom[]): Apply => ({ ...instr, op, args });
    switch (instr.op) {
      case mul:
        // A cotangent of 0 stays 0, whatever it meets.
        if (instr.out.again === undefined && (isLiteral(a, 0) || isLiteral(b, 0))) return as(copy, number(0));
        if (isLiteral(a, 1)) return as(copy, b);
        if (isLiteral(b, 1)) return as(copy, a);
        return timesReciprocal(instr, a, b) ?? joinConstants(instr, a, b, before);
      case div:
        return isLiteral(b, 1) ? as(copy, a) : instr;
      case add:
        if (isLiteral(a, 0)) return as(copy, b);
        if (isLiteral(b, 0)) return as(copy, a);
        return a.kind === "value" && a === b ? as(mul, number(2), a) : instr;
      case sub: {
        const difference = fold(instr);
        if (difference !== null) return as(copy, difference);
        if (isLiteral(a, 0)) return as(neg, b);
        return isLiteral(b, 0) ? as(copy, a) : instr;
      }
      case eq:
      case ne: {
        const outcome = fold(instr);
        return outcome === null ? instr : as(copy, outcome);
      }
      case select: {
        const [test, yes, no] = instr.args;
        const chosen = test?.kind === "literal" ? (test.value === true ? yes : no) : undefined;
        if (chosen === undefined && isWhatItTests(test, yes, no) && no !== undefined) return as(copy, no);
        const inner = no?.kind === "value" ? made.get(no.id) : undefined;
        const [same, , rest] = inner?.op === select ? inner.args : [];
        // The same test within its own other outcome.
        if (same?.kind === "value" && same === test && yes !== undefined && rest !== undefined)
          return as(select, test, yes, rest);
        return chosen === undefined ? instr : as(copy, chosen);
      }
      default:
        return instr;
    }
  }

  /** `x === 0 ? 0 : x`. */
  function isWhatItTests(test: Atom | undefined, yes: Atom | undefined, no: Atom | undefined): boolean {
    const equal = test?.kind === "value" ? made.get(test.id) : undefined;
    const [a, b] = equal?.op === eq ? equal.args : [];
    const isZero = (atom: Atom | undefined): boolean => atom !== undefined && isLiteral(atom, 0);
    return a !== undefined && a === no && isZero(b) && isZero(yes);
  }

  /** `x * (1 / y)` is `x / y`. */
  function timesReciprocal(instr: Apply, a: Atom, b: Atom): Apply | null {
    const inner = b.kind === "value" ? made.get(b.id) : undefined;
    if (inner?.op !== div || uses.get(inner.out.id) !== 1 || !isMadeUp(inner)) return null;
    if (!own.has(inner.out.id)) return null;
    const [numerator, divisor] = inner.args;
    if (numerator === undefined || divisor === undefined || !isLiteral(numerator, 1)) return null;
    return { ...instr, op: div, args: [a, divisor] };
  }

  /** `x * (c * y)` is `c * x * y`. */
  function bringForward(instr: Apply, x: Atom, product: Atom, before: Instr[]): Apply {
    const right = product.kind === "value" ? leading(product) : null;
    if (right?.rest == null || (x.kind === "value" && made.get(x.id)?.op === mul)) return instr;
    const { statement, span } = instr.out;
    const out = builder.value(instr.out.type, { statement, span, sweep: "backward" });
    before.push({ kind: "apply", out, op: mul, args: [right.constant, x] });
    return { ...instr, args: [out, right.rest] };
  }

  function isMadeUp({ out }: Apply): boolean {
    return out.sweep === "backward" && out.hint?.declared !== true;
  }

  /** `(c * x) * (d * y)`, where the inner products are for nothing else, is `(c * d) * x * y`. */
  function joinConstants(instr: Apply, a: Atom, b: Atom, before: Instr[]): Apply {
    const [left, right] = [leading(a), leading(b)];
    if (left === null || right === null) return bringForward(instr, a, b, before);
    const product = left.constant.value * right.constant.value;
    const longest = Math.max(left.constant.spelling.length, right.constant.spelling.length);
    if (String(product).length > longest) return instr;
    const factors = [left.rest, right.rest].filter((rest) => rest !== null);
    if (product !== 1) factors.unshift(number(product));
    const [first = number(product), second, third] = factors;
    if (second === undefined) return { ...instr, op: copy, args: [first] };
    if (third === undefined) return { ...instr, args: [first, second] };
    const { statement, span } = instr.out;
    const out = builder.value(instr.out.type, { statement, span, sweep: "backward" });
    before.push({ kind: "apply", out, op: mul, args: [first, second] });
    return { ...instr, args: [out, third] };
  }

  /** A product as the constant in front of it and the rest; null where there is none that may be taken out. */
  function leading(atom: Atom): { readonly constant: NumberLiteral; readonly rest: Atom | null } | null {
    if (atom.kind === "literal") return isDigits(atom) ? { constant: atom, rest: null } : null;
    const inner = made.get(atom.id);
    if (inner?.op !== mul || !isMadeUp(inner)) return null;
    const [first, rest] = inner.args;
    if (uses.get(atom.id) !== 1 || first?.kind !== "literal" || !isDigits(first)) return null;
    return rest === undefined ? null : { constant: first, rest };
  }

  /** What the operation gives if all that it is made of is written in digits; null if not. */
  function fold(instr: Apply): Literal | null {
    const values = instr.args.map(valueOf);
    if (values.some((value) => value === null)) return null;
    const result = instr.op.evaluate(...values);
    if (typeof result === "number" && String(result).length <= 4) return number(result);
    if (typeof result !== "boolean") return null;
    return { kind: "literal", type: { kind: "bool" }, value: result, spelling: String(result) };
  }

  function valueOf(atom: Atom): number | null {
    if (atom.kind === "literal") return isDigits(atom) ? atom.value : null;
    const instr = made.get(atom.id);
    if (instr === undefined || !instr.op.cheap || instr.op.result === "bool") return null;
    const values = instr.args.map(valueOf);
    const result = values.some((value) => value === null) ? null : instr.op.evaluate(...values);
    return typeof result === "number" ? result : null;
  }
}

function isLiteral(atom: Atom, value: number): boolean {
  return atom.kind === "literal" && atom.value === value;
}
