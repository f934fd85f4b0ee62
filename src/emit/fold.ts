/**
 * Which values get a line of their own, and which are written where they are used. What the user declared has its own
 * line; a value that is used once, a read of a parameter, and a single cheap operation on names do not.
 */
import { isBoxType } from "../ir/boxes.js";
import {
  atomsOf,
  blocksOf,
  countUses,
  endAtoms,
  forEachBlock,
  forEachInstr,
  initAtoms,
  outsOf,
  paramsOf,
} from "../ir/visit.js";
import { isKeyed, isOneOfSeveral } from "../ir/shapes.js";
import { narrow } from "../ops/scalar.js";
import { findMisplaced } from "./placement.js";
import { isPresence, regionOf } from "../ir/places.js";
import { unwrittenSets } from "./unwritten-sets.js";
import type {
  Alloc,
  Apply,
  Atom,
  Block,
  Call,
  Foreign,
  Func,
  If,
  Instr,
  Load,
  Place,
  Value,
  ValueId,
} from "../ir/types.js";

export interface Folding {
  /** The instruction that makes each value. */
  readonly instrOf: ReadonlyMap<ValueId, Instr>;
  /** Values that are written at their uses. */
  readonly folded: ReadonlySet<ValueId>;
  /** `if`s that are written as a conditional expression. */
  readonly conditionals: ReadonlySet<If>;
  /** Names for values that have none of the user's: those that are returned. */
  readonly resultNames: ReadonlyMap<ValueId, string>;
  /** Something reads the value. */
  readonly isRead: (id: ValueId) => boolean;
}

/** A conditional expression with more operations than this reads better as a statement. */
const mostOperations = 14;

/** So does one nested deeper than this. */
const deepestConditional = 3;

export function planFolding(func: Func): Folding {
  const instrOf = new Map<ValueId, Instr>();
  const folded = new Set<ValueId>();
  const conditionals = new Set<If>();
  const sizes = new Map<ValueId, number>();
  const depths = new Map<ValueId, number>();
  const uses = countUses(func.body);
  const resultNames = nameResults(func);
  const bases = findBases(func);
  const inBoxes = new Set<Atom>();
  visit(func.body);
  for (const value of findMisplaced(func, { instrOf, folded, conditionals })) folded.delete(value);
  for (const id of unwrittenSets(func.body))
    if (["apply", "load"].includes(instrOf.get(id)?.kind ?? "")) folded.add(id);
  // An inner one comes before those around it.
  for (const instr of [...conditionals]) {
    if (isStillPlain(instr)) continue;
    conditionals.delete(instr);
    for (const out of instr.outs) folded.delete(out.id);
  }
  return { instrOf, folded, conditionals, resultNames, isRead: (id) => uses.has(id) };

  function visit(block: Block): void {
    const last = block.instrs.findLastIndex((instr) => isForward(instr));
    const first = block.instrs.findIndex((instr) => !isForward(instr));
    const ends = new Set(endAtoms(block.end));
    block.instrs.forEach((instr, index) => {
      for (const inner of blocksOf(instr)) visit(inner);
      decide(instr);
      // In a fused loop, what the iteration yields is written before its reverse begins.
      if (instr.kind === "apply" && first > last && index < first && ends.has(instr.out))
        folded.delete(instr.out.id);
    });
    block.instrs.forEach((instr, index) => {
      if (instr.kind === "call" && foldsCall(instr, block, index))
        for (const { id } of instr.outs) folded.add(id);
    });
  }

  /** What it gives is read by the next line that does anything, and there in any case. */
  function foldsCall({ outs, fields }: Call, block: Block, index: number): boolean {
    const [out] = outs;
    if (out === undefined || fields !== null || hasOwnLine(out) || !isUsedOnce(out)) return false;
    for (const next of block.instrs.slice(index + 1)) {
      const isReader = atomsOf(next).includes(out);
      if (next.kind === "call") return isReader;
      if (next.kind !== "apply" || next.op.impure) return next.kind === "lambda" && !isReader;
      if (isReader) return next.op.spelling.kind === "binary" && !folded.has(next.out.id);
    }
    return endAtoms(block.end).includes(out);
  }

  function decide(instr: Instr): void {
    switch (instr.kind) {
      case "apply":
        instrOf.set(instr.out.id, instr);
        measure(instr.out, instr.args);
        if (foldsApply(instr)) folded.add(instr.out.id);
        return;
      case "load":
        instrOf.set(instr.out.id, instr);
        if (
          !hasOwnLine(instr.out) &&
          !isRepeatedRecall(instr) &&
          !isWorthName(instr.out, instr.place) &&
          !repeatsCall(instr) &&
          (!isPresence(instr.place) || isOfObject(instr.place) || isUsedOnce(instr.out))
        )
          folded.add(instr.out.id);
        return;
      case "alloc":
        instrOf.set(instr.out.id, instr);
        if (isBoxType(instr.out.type)) for (const atom of initAtoms(instr.init)) inBoxes.add(atom);
        if (!hasOwnLine(instr.out) && isUsedOnce(instr.out) && !bases.has(instr.out.id))
          folded.add(instr.out.id);
        return;
      case "if":
        for (const out of instr.outs) instrOf.set(out.id, instr);
        decideIf(instr);
        return;
      case "pop":
        instrOf.set(instr.out.id, instr);
        return;
      case "call":
        for (const out of instr.outs) instrOf.set(out.id, instr);
        return;
      case "lambda":
        for (const value of [instr.out, ...instr.params]) instrOf.set(value.id, instr);
        // It is written into what is returned.
        folded.add(instr.out.id);
        return;
      case "loop":
      case "order":
        for (const value of [...paramsOf(instr), ...outsOf(instr)]) instrOf.set(value.id, instr);
        return;
      case "foreign":
        if (instr.out === null) return;
        instrOf.set(instr.out.id, instr);
        if (
          instr.sweep === "backward" &&
          !hasOwnLine(instr.out) &&
          isUsedOnce(instr.out) &&
          takesNumbers(instr)
        )
          folded.add(instr.out.id);
        return;
      case "guard":
      case "store":
      case "push":
        return;
    }
  }

  function isStillPlain(instr: If): boolean {
    return [instr.consequent, instr.alternate].every((arm) => arm.instrs.every(isWrittenInPlace));
  }

  function foldsApply(instr: Apply): boolean {
    const { out, op } = instr;
    if (op.impure || hasOwnLine(out)) return false;
    return isUsedOnce(out) || (op.cheap && !isUsers(out) && instr.args.every(isLeaf));
  }

  /** What the user gave a name, computed again. */
  function isUsers({ again, hint }: Value): boolean {
    const source = again === undefined ? undefined : instrOf.get(again);
    return hint !== null && source !== undefined && outsOf(source).some((out) => out.hint?.declared === true);
  }

  function decideIf(instr: If): void {
    const [out, ...more] = instr.outs;
    if (out === undefined || more.length > 0) return;
    const arms = [instr.consequent, instr.alternate];
    const plain = arms.every((arm) => arm.end.kind === "yield" && arm.instrs.every(isWrittenInPlace));
    if (!plain) return;
    const ends = arms.flatMap((arm) => endAtoms(arm.end));
    measure(out, [instr.test, ...ends]);
    const depth =
      1 + Math.max(0, ...ends.map((atom) => (atom.kind === "value" ? (depths.get(atom.id) ?? 0) : 0)));
    if ((sizes.get(out.id) ?? 0) > mostOperations || depth > deepestConditional) return;
    depths.set(out.id, depth);
    conditionals.add(instr);
    if (!hasOwnLine(out) && isUsedOnce(out)) folded.add(out.id);
  }

  function isWrittenInPlace(instr: Instr): boolean {
    if (instr.kind === "if") return conditionals.has(instr) && instr.outs.every((out) => folded.has(out.id));
    if (instr.kind === "apply" || instr.kind === "load") return folded.has(instr.out.id);
    if (instr.kind !== "alloc" || !folded.has(instr.out.id)) return false;
    // A box is what lies in it.
    return (
      isLiteralOf(instr) || instr.init.kind === "zeros" || isBoxType(instr.out.type) || inBoxes.has(instr.out)
    );
  }

  function measure(out: Value, args: readonly Atom[]): void {
    const inner = args.map((arg) =>
      arg.kind === "value" && folded.has(arg.id) ? (sizes.get(arg.id) ?? 0) : 0,
    );
    sizes.set(
      out.id,
      inner.reduce((sum, size) => sum + size, 1),
    );
  }

  function isLeaf(atom: Atom): boolean {
    if (atom.kind === "literal" || !folded.has(atom.id)) return true;
    const instr = instrOf.get(atom.id);
    return (
      instr?.kind === "load" || (instr?.kind === "apply" && instr.op === narrow && instr.args.every(isLeaf))
    );
  }

  /** The shadow of what the user gave a name, where more than one cell of it is added to. */
  function isWorthName(value: Value, { ref, step }: Load["place"]): boolean {
    const { id, type, hint, sweep } = value;
    // TypeScript follows what kind of object it is only where it has a name.
    const isOpen =
      sweep === "forward" && ((type.kind === "ref" && isOneOfSeveral(type.shape)) || isBoxType(type));
    const isLost = (step.kind === "index" && step.index.kind === "value") || isOneOfSeveralRef(ref);
    if (isOpen && isLost && !isUsedOnce(value)) return true;
    return sweep === "backward" && type.kind === "ref" && hint !== null && (uses.get(id) ?? 0) > 2;
  }

  /** What is read from a tape more than once is read into a variable. */
  function isRepeatedRecall({ out, place }: Load): boolean {
    const isTape = place.ref.hint?.text.endsWith("_tape") === true && out.again !== undefined;
    return isTape && !isUsedOnce(out);
  }

  /** A call is made once, however often a part of its result is used. */
  function repeatsCall({ out, place }: Load): boolean {
    return folded.has(place.ref.id) && instrOf.get(place.ref.id)?.kind === "foreign" && !isUsedOnce(out);
  }

  function isUsedOnce(value: Value): boolean {
    return uses.get(value.id) === 1;
  }

  function hasOwnLine(value: Value): boolean {
    return value.hint?.declared === true || resultNames.has(value.id);
  }
}

function isOneOfSeveralRef({ type }: Value): boolean {
  return type.kind === "ref" && isOneOfSeveral(type.shape);
}

/** `[a, b]` or `{ x, y }`, that nothing else is put into, or a map with nothing in it. */
function isLiteralOf({ init, out: { type } }: Alloc): boolean {
  if (type.kind !== "ref") return false;
  if (init.kind === "object") return !isKeyed(type.shape) || init.entries.length === 0;
  return init.kind === "elements" && !isKeyed(type.shape);
}

/** A field of an object, which is asked for as briefly as it is read. */
function isOfObject({ ref: { type } }: Place): boolean {
  return type.kind === "ref" && type.shape.kind === "object";
}

/** Nothing that the call reads can change before it is written down. */
function takesNumbers({ args }: Foreign): boolean {
  return args.every((arg) => regionOf(arg) === null);
}

/** Memory that is written to, or that references are read from: it is one, and has to stay so. */
function findBases(func: Func): ReadonlySet<ValueId> {
  const bases = new Set<ValueId>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "store") bases.add(instr.place.ref.id);
    if (instr.kind === "load" && regionOf(instr.out) !== null) bases.add(instr.place.ref.id);
    if (instr.kind === "push" || instr.kind === "pop") bases.add(instr.ref.id);
  });
  return bases;
}

/** Nothing of the reverse sweep is in it. */
function isForward(instr: Instr): boolean {
  if (
    instr.kind === "store" ||
    instr.kind === "push" ||
    instr.kind === "loop" ||
    instr.kind === "call" ||
    instr.kind === "foreign"
  )
    return instr.sweep === "forward";
  return outsOf(instr).every((out) => out.sweep === "forward");
}

/** What is returned under a name gets that name, unless it has one of the user's; literals need none. */
function nameResults(func: Func): ReadonlyMap<ValueId, string> {
  const names = new Map<ValueId, string>();
  // One result alone is returned without a name.
  if (func.results.length === 1) return names;
  const params = new Set(func.params.map((param) => param.value.id));
  forEachBlock(func.body, ({ end }) => {
    if (end.kind !== "return") return;
    end.values.forEach((atom, index) => {
      if (atom.kind !== "value" || atom.hint?.declared === true || params.has(atom.id)) return;
      if (atom.type.kind === "ref") return;
      const name = func.results[index]?.name;
      if (name !== undefined && !names.has(atom.id)) names.set(atom.id, name);
    });
  });
  return names;
}
