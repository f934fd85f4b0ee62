/**
 * Tests of what the tests around have shown already: in a function written out where an object is known to be a circle,
 * it is no box. What they decide is decided, and TypeScript has no comparison of types without overlap to complain of.
 */
import { kindInCell } from "../ir/boxes.js";
import { boolean } from "../ir/builder.js";
import { isLengthOf, tagsOf } from "../ir/gradient-shapes.js";
import { namedType } from "../ir/shapes.js";
import { mapBlocks, outsOf, substituteAtoms, substituteEnd } from "../ir/visit.js";
import type { Apply, Atom, Block, Func, Guard, If, Instr, Place, Value, ValueId } from "../ir/types.js";
import { onSettled } from "./known-values.js";
import { PossibleTags } from "./possible-tags.js";
import { eq, isDefined, isUndefined, narrow, ne, not, or, select } from "../ops/scalar.js";

/** What a value is, or is not. */
interface Fact {
  readonly is?: unknown;
  readonly not: ReadonlySet<unknown>;
}

type Facts = ReadonlyMap<string, Fact>;

export function decideKinds(func: Func): Func {
  const made = new Map<ValueId, Instr>();
  const possible = new PossibleTags(made);
  const known = new Map<ValueId, Atom>();
  const resolve = (atom: Atom): Atom => (atom.kind === "value" ? (known.get(atom.id) ?? atom) : atom);
  return { ...func, body: visit(func.body, new Map()) };

  function visit(block: Block, before: Facts): Block {
    let facts = before;
    const instrs: Instr[] = [];
    for (const original of block.instrs) {
      const instr = substituteAtoms(original, resolve);
      for (const { id } of outsOf(instr)) made.set(id, instr);
      if (instr.kind === "loop") for (const { param } of instr.carried) made.set(param.id, instr);
      instrs.push(...visitInstr(instr, facts));
      if (instr.kind === "guard") facts = after(facts, instr.test, false);
    }
    return { instrs, end: substituteEnd(block.end, resolve) };
  }

  function visitInstr(instr: Instr, facts: Facts): readonly Instr[] {
    if (instr.kind === "apply") {
      const chosen = choiceOf(instr, facts);
      if (chosen !== undefined) {
        known.set(instr.out.id, chosen);
        return [];
      }
      const outcome = instr.out.hint?.declared === true ? null : decide(instr, facts);
      // A choice that has been made may have given what is certainly there, or nothing.
      const settled = outcome === null ? onSettled(instr) : boolean(outcome);
      if (settled === null) return [instr];
      known.set(instr.out.id, settled);
      return [];
    }
    if (instr.kind === "load" && instr.out.type.kind === "bool") {
      const fact = factOfMaking(instr.out);
      if (typeof fact?.is === "boolean") {
        known.set(instr.out.id, boolean(fact.is));
        return [];
      }
    }
    if (instr.kind === "if") return visitIf(instr, facts);
    if (instr.kind === "guard") return visitGuard(instr, facts);
    return [mapBlocks(instr, (block) => visit(block, facts))];
  }

  /** What `test ? yes : no` gives, where the test is known. */
  function choiceOf({ op, args: [test, yes, no], out }: Apply, facts: Facts): Atom | undefined {
    if (op !== select || test === undefined || out.hint?.declared === true) return undefined;
    const outcome = outcomeAt(test, facts);
    return outcome === null ? undefined : outcome ? yes : no;
  }

  function visitIf(instr: If, facts: Facts): readonly Instr[] {
    const [yes, no] = [instr.consequent, instr.alternate];
    const outcome = outcomeAt(instr.test, facts);
    const taken = outcome === null ? null : outcome ? yes : no;
    if (taken?.end.kind === "yield") {
      const { instrs, end } = visit(taken, facts);
      if (end.kind === "yield")
        instr.outs.forEach((out, i) => {
          const value = end.values[i];
          if (value !== undefined) known.set(out.id, value);
        });
      return instrs;
    }
    const consequent = visit(yes, after(facts, instr.test, true));
    const alternate = visit(no, after(facts, instr.test, false));
    return [{ ...instr, consequent, alternate }];
  }

  function visitGuard(instr: Guard, facts: Facts): readonly Instr[] {
    if (outcomeAt(instr.test, facts) === false) return [];
    return [{ ...instr, body: visit(instr.body, after(facts, instr.test, true)) }];
  }

  /** A test may have been made ahead of those around it, for another use of it. */
  function outcomeAt(test: Atom, facts: Facts): boolean | null {
    const outcome = outcomeOf(test, facts);
    const instr = test.kind === "value" ? made.get(test.id) : undefined;
    return outcome === null && instr?.kind === "apply" ? decide(instr, facts) : outcome;
  }

  function decide(instr: Apply, facts: Facts): boolean | null {
    const {
      op,
      args: [a, b],
    } = instr;
    const boxed = boxTest(instr);
    if (boxed !== null) {
      const outcome = isIn(facts.get(boxed.key), boxed.cell, boxed.cells);
      return outcome === null ? null : outcome === (op === isDefined);
    }
    if ((op !== eq && op !== ne) || a?.kind !== "value" || b?.kind !== "literal") return null;
    const fact = facts.get(keyOf(a)) ?? factOfMaking(a);
    if (fact === undefined) return null;
    if ("is" in fact) return (fact.is === b.value) === (op === eq);
    return fact.not.has(b.value) ? op === ne : null;
  }

  function after(before: Facts, test: Atom, outcome: boolean): Facts {
    if (test.kind !== "value") return before;
    const facts = new Map(before).set(String(test.id), { is: outcome, not: new Set() });
    const instr = made.get(test.id);
    if (instr?.kind === "if") return afterConditional(facts, instr, outcome);
    if (instr?.kind !== "apply") return facts;
    const boxed = boxTest(instr);
    if (boxed !== null) return withBox(facts, boxed, outcome === (instr.op === isDefined));
    const [a, b] = instr.args;
    if (instr.op === not && a !== undefined) return after(facts, a, !outcome);
    if (instr.op === or && a !== undefined && b !== undefined)
      return outcome ? facts : after(after(facts, a, false), b, false);
    if ((instr.op !== eq && instr.op !== ne) || a?.kind !== "value" || b?.kind !== "literal") return facts;
    const key = keyOf(a);
    const others = facts.get(key)?.not ?? [];
    const isEqual = outcome === (instr.op === eq);
    const fact: Fact = isEqual ? { is: b.value, not: new Set() } : { not: new Set([...others, b.value]) };
    return isEqual || !("is" in (facts.get(key) ?? {})) ? new Map(facts).set(key, fact) : facts;
  }

  /** Whether there is anything in a cell of a box. */
  function boxTest({ op, args: [a] }: Apply): BoxTest | null {
    if ((op !== isDefined && op !== isUndefined) || a?.kind !== "value") return null;
    const load = made.get(a.id);
    if (load?.kind !== "load" || kindInCell(load.place) === null) return null;
    const { ref, step } = load.place;
    const bare = ref.type.kind === "maybe" ? ref.type.type : ref.type;
    if (step.kind !== "field" || bare.kind !== "ref" || bare.shape.kind !== "object") return null;
    return {
      key: `${String(original(ref).id)} in`,
      cell: step.name,
      cells: bare.shape.fields.map(({ name }) => name),
    };
  }

  /** A box that may be missing, and the same box. */
  function original(ref: Value): Value {
    const instr = made.get(ref.id);
    const [source] = instr?.kind === "apply" && instr.op === narrow ? instr.args : [];
    return source?.kind === "value" ? original(source) : ref;
  }

  /** `a && b` that is true, `a || b` that is not. */
  function afterConditional(facts: Facts, { test, consequent, alternate }: If, outcome: boolean): Facts {
    const [a, b] = [consequent, alternate].map(({ end }) =>
      end.kind === "yield" && end.values.length === 1 ? end.values[0] : undefined,
    );
    if (a === undefined || b === undefined) return facts;
    if (b.kind === "literal" && b.value === !outcome) return after(after(facts, test, true), a, outcome);
    if (a.kind === "literal" && a.value === !outcome) return after(after(facts, test, false), b, outcome);
    return facts;
  }

  /** What the tag of an object is, and is not, as that was made. */
  function factOfMaking(value: Value): Fact | undefined {
    const load = made.get(value.id);
    if (load?.kind !== "load" || !isTag(load.place) || load.place.step.kind !== "field") return undefined;
    const { name } = load.place.step;
    const tags = possible.of(load.place.ref, name);
    if (tags === null || tags.size === 0) return undefined;
    const [only] = tags;
    if (tags.size === 1) return { is: only, not: new Set() };
    return { not: new Set(valuesOfTag(load.place, name).filter((each) => !tags.has(each))) };
  }

  /** What tells the kind of an object stays as it is: the object it is read from is the same. */
  function keyOf(value: Extract<Atom, { kind: "value" }>): string {
    const instr = made.get(value.id);
    return instr?.kind === "load" && isTag(instr.place) ? tagKey(instr.place) : String(value.id);
  }
}

interface BoxTest {
  readonly key: string;
  readonly cell: string;
  readonly cells: readonly string[];
}

/** Whether the box holds what is in the cell, as far as it is known. */
function isIn(fact: Fact | undefined, cell: string, cells: readonly string[]): boolean | null {
  if (fact === undefined) return null;
  if ("is" in fact) return fact.is === cell;
  if (fact.not.has(cell)) return false;
  return cells.every((each) => each === cell || fact.not.has(each)) ? true : null;
}

function withBox(facts: Map<string, Fact>, { key, cell }: BoxTest, isThere: boolean): Facts {
  const before = facts.get(key);
  if (before !== undefined && "is" in before) return facts;
  const fact: Fact = isThere
    ? { is: cell, not: new Set() }
    : { not: new Set([...(before?.not ?? []), cell]) };
  return facts.set(key, fact);
}

/** Whether a test is known to come out true or false. */
function outcomeOf(test: Atom, facts: Facts): boolean | null {
  const value = test.kind === "literal" ? test.value : facts.get(String(test.id))?.is;
  return typeof value === "boolean" ? value : null;
}

/** All values that the tag has in the kinds of the object. */
function valuesOfTag({ ref: { type } }: Place, field: string): readonly unknown[] {
  const bare = type.kind === "maybe" ? type.type : type;
  const named = bare.kind === "ref" ? namedType(bare.shape) : null;
  return (named?.variants ?? []).flatMap(({ test }) =>
    test.kind === "tag" && test.field === field ? test.values : [],
  );
}

function tagKey({ ref, step }: Place): string {
  return `${String(ref.id)}.${step.kind === "field" ? step.name : ""}`;
}

function isTag({ ref: { type }, step }: Place): boolean {
  const bare = type.kind === "maybe" ? type.type : type;
  const named = bare.kind === "ref" ? namedType(bare.shape) : null;
  return named !== null && step.kind === "field" && (tagsOf(named).has(step.name) || isLengthOf(named, step));
}
