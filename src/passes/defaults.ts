/**
 * What is read of an object that may be missing, or an empty one in its place, is chosen one by one: `groups.get(key) ?? []`
 * and its shadow, the fields of `options`. Each is then a `??`, a `?.` or a conditional on one line.
 */
import { Builder } from "../ir/builder.js";
import { isKeyed } from "../ir/shapes.js";
import type { Apply, Atom, Block, Func, If, Instr, Load, ValueId } from "../ir/types.js";
import { atomsOf, lastId, lastRegion, mapBlocks, substitute } from "../ir/visit.js";
import { testedForAbsence } from "../ops/absence.js";
import { narrow } from "../ops/scalar.js";

export function splitDefaults(func: Func): Func {
  /** What is asked for, by the outcome of the test. */
  const asked = new Map<ValueId, Atom>();
  const builder = new Builder(lastId(func) + 1, lastRegion(func) + 1);
  return { ...func, body: visit(func.body) };

  function visit(block: Block): Block {
    const instrs = block.instrs.flatMap((original): readonly Instr[] => {
      const instr = mapBlocks(original, visit);
      const source = instr.kind === "apply" ? testedForAbsence(instr) : undefined;
      if (instr.kind === "apply" && source !== undefined) asked.set(instr.out.id, source);
      return instr.kind === "if" && isDefault(instr) ? oneByOne(instr, builder) : [instr];
    });
    return { ...block, instrs };
  }

  function isDefault({ test, consequent, alternate, outs }: If): boolean {
    const source = test.kind === "value" ? asked.get(test.id) : undefined;
    if (source === undefined || outs.length < 2 || !alternate.instrs.every(isLook)) return false;
    // A shadow beside it would be asked for by what it is the shadow of.
    if (isNothing(consequent)) return isAllOf(alternate.instrs, source);
    return consequent.instrs.length === outs.length && consequent.instrs.every(isEmpty);
  }
}

/** An `if` for each result; the whole where something made in it is for more than one of them. */
function oneByOne(instr: If, builder: Builder): readonly If[] {
  const parts = instr.outs.map((out, index) => ({
    ...instr,
    outs: [out],
    consequent: partFor(instr.consequent, index),
    alternate: withOwnNarrows(partFor(instr.alternate, index), builder),
  }));
  const count = (each: If): number =>
    [each.consequent, each.alternate].flatMap(({ instrs }) => instrs.filter((one) => !isNarrow(one))).length;
  const isApart = parts.reduce((sum, part) => sum + count(part), 0) === count(instr);
  return isApart ? parts : [instr];
}

/** Several results may come from one narrowing. */
function withOwnNarrows(arm: Block, builder: Builder): Block {
  const own = new Map(
    arm.instrs
      .filter((instr) => isNarrow(instr))
      .map(({ out }) => [out.id, builder.value(out.type, { hint: out.hint, span: out.span })] as const),
  );
  const to = (atom: Atom): Atom => (atom.kind === "value" && own.get(atom.id)) || atom;
  const { instrs, end } = substitute(arm, to);
  return {
    instrs: instrs.map((instr) =>
      isNarrow(instr) ? { ...instr, out: own.get(instr.out.id) ?? instr.out } : instr,
    ),
    end,
  };
}

/** What the arm does for one of its results. */
function partFor(arm: Block, index: number): Block {
  const { end } = arm;
  const value = end.kind === "yield" ? end.values[index] : undefined;
  if (end.kind !== "yield" || value === undefined) return arm;
  const wanted = new Set<Atom>([value]);
  const instrs = arm.instrs.toReversed().filter((instr) => {
    const isWanted = "out" in instr && instr.out !== null && wanted.has(instr.out);
    if (isWanted) for (const atom of atomsOf(instr)) wanted.add(atom);
    return isWanted;
  });
  return { instrs: instrs.toReversed(), end: { ...end, values: [value] } };
}

function isNothing({ instrs, end }: Block): boolean {
  const isUndefined = (atom: Atom): boolean => atom.kind === "literal" && atom.value === undefined;
  return instrs.length === 0 && end.kind === "yield" && end.values.every(isUndefined);
}

/** `[]`, `new Map()`. */
function isEmpty(instr: Instr): boolean {
  if (instr.kind !== "alloc" || instr.out.type.kind !== "ref") return false;
  const { init } = instr;
  if (init.kind === "elements") return init.elements.length === 0;
  return init.kind === "object" && init.entries.length === 0 && isKeyed(instr.out.type.shape);
}

/** All that is looked at is the object, or lies in it. */
function isAllOf(instrs: readonly Instr[], source: Atom): boolean {
  const within = new Set(source.kind === "value" ? [source.id] : []);
  return instrs.every((instr) => {
    if (!isLook(instr)) return false;
    const from = instr.kind === "load" ? instr.place.ref : instr.args[0];
    if (from?.kind === "value" && within.has(from.id)) within.add(instr.out.id);
    return within.has(instr.out.id);
  });
}

/** It only looks at what is there. */
function isLook(instr: Instr): instr is Load | Apply {
  return instr.kind === "load" || isNarrow(instr);
}

function isNarrow(instr: Instr): instr is Apply {
  return instr.kind === "apply" && instr.op === narrow;
}
