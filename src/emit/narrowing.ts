/** What the tests around a place have shown there: that a value is present, and which kind of object it is. */
import type { Op } from "../ir/op.js";
import { isLengthOf } from "../ir/gradient-shapes.js";
import { isKeyed, isMixed, kindOfValue } from "../ir/shapes.js";
import type { Absence, Apply, Atom, If, NamedType, Param, Value, ValueId, Variant } from "../ir/types.js";
import {
  copy,
  eq,
  isDefined,
  isNotNull,
  isNull,
  isNullish,
  isPresent,
  isUndefined,
  narrow,
  ne,
  not,
  or,
} from "../ops/scalar.js";
import { hasField as hasFieldOp, isArray, otherwise, typeOf } from "../ops/steering.js";
import { boxLoad, withBoxKind, withBoxLiteral } from "./boxes.js";
import type { Folding } from "./fold.js";
import type { FunctionKind } from "./host.js";
import { propertyOf } from "../ir/variant-cells.js";
import { isLiteral } from "./forms.js";

/** Facts that hold at one place. */
export interface Known {
  readonly present: ReadonlySet<ValueId>;
  /** Values of several kinds that are present, whichever they are of; in `present` those of the first kind. */
  readonly there: ReadonlySet<ValueId>;
  /** Values of several kinds that are of the other one: `"auto"` rather than a number. */
  readonly other: ReadonlySet<ValueId>;
  /** The variants that an object of a union may still be of, by their names. */
  readonly variants: ReadonlyMap<ValueId, ReadonlySet<string>>;
}

/** What the types of a function's parameters say. */
export function knownOf(params: readonly Param[]): Known {
  const variants = params.flatMap(({ value, variants: names }) =>
    names === undefined ? [] : [[value.id, new Set(names)] as const],
  );
  return { present: new Set(), there: new Set(), other: new Set(), variants: new Map(variants) };
}

export class Narrowing {
  readonly #folding: Folding;

  readonly #isReassigned: (id: ValueId) => boolean;

  constructor(folding: Folding, isReassigned: (id: ValueId) => boolean) {
    this.#folding = folding;
    this.#isReassigned = isReassigned;
  }

  /** What is known once a test has come out true or false. */
  after(known: Known, test: Atom, outcome: boolean): Known {
    const conditional = this.#conditional(test);
    if (conditional !== null) return this.#afterConditional(known, conditional, outcome);
    const instr = this.#folded(test);
    if (instr === null) return this.#afterKind(known, test, outcome, true);
    const [first, second] = instr.args;
    if (first === undefined) return known;
    if (instr.op === not) return this.after(known, first, !outcome);
    if (instr.op === or && second !== undefined) return this.#afterEither(known, first, second, outcome);
    if (instr.op === isArray && first.kind === "value") return withKind(known, first, outcome, "object");
    const tested = this.#mixedTest(first, second);
    if (tested !== null && (instr.op === eq || instr.op === ne))
      return withKind(known, tested.value, outcome === (instr.op === eq), tested.kind, tested.isWhole);
    const load = boxLoad(first, this.#folding);
    if (load !== null && (instr.op === eq || instr.op === ne) && second?.kind === "literal")
      return this.isFollowed(load.place.ref, known)
        ? withBoxLiteral(known, load, second, outcome === (instr.op === eq))
        : known;
    if ((instr.op === eq || instr.op === ne) && second?.kind === "literal")
      return this.#afterKind(known, first, outcome === (instr.op === eq), second.value);
    if (instr.op === hasFieldOp && first.kind === "literal" && second?.kind === "value")
      return this.#afterField(known, second, String(first.value), outcome);
    const { spelling, imports } = instr.op;
    if (imports !== undefined && spelling.kind === "binary" && first.kind === "value")
      return this.#afterInstance(known, first, spelling.right ?? "", outcome);
    if (load !== null && (instr.op === isDefined || instr.op === isUndefined))
      return this.isFollowed(load.place.ref, known)
        ? withBoxKind(known, load, outcome === (instr.op === isDefined))
        : known;
    if (first.kind !== "value" || !(outcome ? provesPresence : provesAbsence).includes(instr.op))
      return known;
    // Behind `=== null` it may still be undefined.
    if (!this.#tellsAll(instr.op, first)) return known;
    const set = isMixed(first.type) ? "there" : "present";
    return { ...known, [set]: new Set([...known[set], first.id]) };
  }

  /** The test is of all that there may be in place of the value. */
  #tellsAll(op: Op, value: Value): boolean {
    if (op === isPresent || op === isNullish) return true;
    return !this.#mayBe(op === isNull || op === isNotNull ? "undefined" : "null", value);
  }

  /** An arm gives that, where the types do not say which of the two it is. */
  #mayBe(none: Absence, atom: Atom): boolean {
    if (atom.kind === "literal") return atom.spelling === none;
    if (atom.type.kind !== "maybe") return false;
    if (atom.type.none !== undefined) return atom.type.none === none;
    const instr = this.#folding.instrOf.get(atom.id);
    // What a cell holds has the type of the cell.
    if (instr?.kind === "load") return true;
    if (instr?.kind === "apply" && instr.op === copy) return instr.args.some((arg) => this.#mayBe(none, arg));
    if (instr?.kind !== "if") return false;
    const at = instr.outs.findIndex(({ id }) => id === atom.id);
    return [instr.consequent, instr.alternate].some(({ end }) => {
      const given = end.kind === "yield" ? end.values[at] : undefined;
      return given !== undefined && this.#mayBe(none, given);
    });
  }

  /** `a && b` or `a || b`, written with a test of its own. */
  #conditional(test: Atom): If | null {
    if (test.kind !== "value" || !this.#folding.folded.has(test.id)) return null;
    const instr = this.#folding.instrOf.get(test.id);
    return instr?.kind === "if" ? instr : null;
  }

  #afterConditional(known: Known, { test, consequent, alternate }: If, outcome: boolean): Known {
    const [a, b] = [consequent, alternate].map(({ end }) =>
      end.kind === "yield" ? end.values[0] : undefined,
    );
    if (a === undefined || b === undefined) return known;
    const whenTrue = (): Known => this.after(this.after(known, test, true), a, outcome);
    const whenFalse = (): Known => this.after(this.after(known, test, false), b, outcome);
    if (isLiteral(b, !outcome)) return whenTrue();
    if (isLiteral(a, !outcome)) return whenFalse();
    return either(known, whenTrue(), whenFalse());
  }

  #afterEither(known: Known, a: Atom, b: Atom, outcome: boolean): Known {
    if (!outcome) return this.after(this.after(known, a, false), b, false);
    return either(known, this.after(known, a, true), this.after(this.after(known, a, false), b, true));
  }

  /** `typeof x === "number"`, `x === "auto"`: what that tells of a value of several kinds. */
  #mixedTest(
    first: Atom,
    second: Atom | undefined,
  ): { readonly value: Value; readonly kind: string; readonly isWhole: boolean } | null {
    if (first.kind !== "value" || second?.kind !== "literal") return null;
    if (isMixed(first.type)) {
      const { other } = first.type;
      const isWhole = "literals" in other && other.literals === second.spelling;
      return { value: first, kind: typeof second.value, isWhole };
    }
    const instr = this.#folded(first);
    const [value] = instr?.op === typeOf ? instr.args : [];
    return value?.kind === "value" ? { value, kind: String(second.value), isWhole: true } : null;
  }

  /** After `object.kind === value`. */
  #afterKind(known: Known, tag: Atom, isEqual: boolean, value: unknown): Known {
    if (tag.kind !== "value" || !this.#folding.folded.has(tag.id)) return known;
    const load = this.#folding.instrOf.get(tag.id);
    if (load?.kind !== "load" || load.place.step.kind !== "field") return known;
    const { ref, step } = load.place;
    const named = namedOf(ref);
    if (named === null || !this.isFollowed(ref, known)) return known;
    return withVariants(known, ref, named, ({ test, fields }) => {
      if (isLengthOf(named, step)) return (fields.length - 1 === value) === isEqual;
      if (test.kind !== "tag" || test.field !== step.name) return true;
      const values: readonly unknown[] = test.values;
      return isEqual ? values.includes(value) : values.length > 1 || values[0] !== value;
    });
  }

  /** After `"field" in object`. */
  #afterField(known: Known, ref: Value, field: string, outcome: boolean): Known {
    const named = namedOf(ref);
    if (named === null || !this.isFollowed(ref, known)) return known;
    return withVariants(known, ref, named, ({ fields }) => {
      const own = fields.find(({ name }) => propertyOf(name) === field);
      return outcome ? own !== undefined : own === undefined || own.shape.kind === "maybe";
    });
  }

  /** After `object instanceof Class`: what it is not, TypeScript knows of unions only. */
  #afterInstance(known: Known, ref: Value, text: string, outcome: boolean): Known {
    const named = namedOf(ref);
    const isTested = ({ test }: Variant): boolean => test.kind === "instance" && test.text === text;
    if (named?.variants.some(isTested) !== true || !this.isFollowed(ref, known)) return known;
    if (!outcome && named.declared !== undefined && !known.variants.has(ref.id)) return known;
    return withVariants(known, ref, named, (variant) => isTested(variant) === outcome);
  }

  /** TypeScript follows tests of variables and of fields, not of elements by a variable index. */
  isFollowed(value: Value, known: Known): boolean {
    const instr = this.#folding.folded.has(value.id) ? this.#folding.instrOf.get(value.id) : undefined;
    if (instr?.kind === "apply" && !this.#isTold(instr, known)) return false;
    if (instr?.kind === "apply")
      return instr.args.every((arg) => arg.kind === "literal" || this.isFollowed(arg, known));
    if (instr?.kind !== "load") return true;
    const { ref, step } = instr.place;
    // A cast keeps it from following.
    if (step.kind === "field" && !hasField(ref, step.name, known)) return false;
    if (ref.type.kind === "ref" && isKeyed(ref.type.shape)) return false;
    return (step.kind === "field" || step.index.kind === "literal") && this.isFollowed(ref, known);
  }

  /** What is taken of a value of several kinds is written as it is, without a cast. */
  #isTold({ op, args: [source], out }: Apply, known: Known): boolean {
    if ((op !== narrow && op !== otherwise) || source?.kind !== "value") return true;
    if (isMixed(source.type)) return toldOf(known, op, out).has(source.id);
    const load = op === narrow ? boxLoad(source, this.#folding) : null;
    if (load === null) return true;
    const left = known.variants.get(load.place.ref.id);
    return left?.size === 1 && load.place.step.kind === "field" && left.has(load.place.step.name);
  }

  /**
   * What is known in a function of variables, and not of what is read where it is used; in one that runs before all has, of
   * those alone that keep their value.
   */
  inFunction({ present, there, other, variants }: Known, kind: FunctionKind): Known {
    const isVariable = (id: ValueId): boolean =>
      !(kind === "here" && this.#isReassigned(id)) &&
      (!this.#folding.folded.has(id) || this.#folding.instrOf.get(id)?.kind !== "load");
    return {
      present: new Set([...present].filter(isVariable)),
      there: new Set([...there].filter(isVariable)),
      other: new Set([...other].filter(isVariable)),
      variants: new Map([...variants].filter(([id]) => isVariable(id))),
    };
  }

  #folded(atom: Atom): Apply | null {
    if (atom.kind !== "value" || !this.#folding.folded.has(atom.id)) return null;
    const instr = this.#folding.instrOf.get(atom.id);
    return instr?.kind === "apply" ? instr : null;
  }
}

/** The values that may be written as they are for what is taken of them. */
export function toldOf(known: Known, op: Op, { type }: Value): ReadonlySet<ValueId> {
  if (op !== narrow) return known.other;
  return isMixed(type) ? known.there : known.present;
}

/** Every kind of object that the reference may still be to has the field. */
function hasField(ref: Value, name: string, known: Known): boolean {
  const named = namedOf(ref);
  const left = known.variants.get(ref.id);
  if (named === null) return true;
  if (left === undefined && named.declared !== undefined) return named.declared.includes(name);
  return named.variants.every(
    (variant) =>
      (left !== undefined && !left.has(variant.name)) || variant.fields.some((field) => field.name === name),
  );
}

/** The union that an object is of; null for what is of no union. */
export function namedOf({ type }: Value): NamedType | null {
  const bare = type.kind === "maybe" ? type.type : type;
  return bare.kind === "ref" && bare.shape.kind === "object" ? (bare.shape.named ?? null) : null;
}

/** After a test for a kind of value; `isWhole`: where it fails, the value is of the other kind. */
function withKind(known: Known, value: Value, outcome: boolean, kind: string, isWhole = true): Known {
  if (!isMixed(value.type)) return known;
  const isThere = value.type.none === "never" || known.there.has(value.id);
  if (!outcome && !(isWhole && isThere)) return known;
  const isOther = (kindOfValue(value.type.other) === kind) === outcome;
  const set = isOther ? "other" : "present";
  const there = outcome ? new Set([...known.there, value.id]) : known.there;
  return { ...known, there, [set]: new Set([...known[set], value.id]) };
}

function withVariants(
  known: Known,
  ref: Value,
  named: NamedType,
  isPossible: (variant: Variant) => boolean,
): Known {
  const before = known.variants.get(ref.id);
  const left = named.variants.filter(
    (variant) => (before === undefined || before.has(variant.name)) && isPossible(variant),
  );
  return { ...known, variants: new Map(known.variants).set(ref.id, new Set(left.map(({ name }) => name))) };
}

/** What is known where one or the other is. */
function either(before: Known, a: Known, b: Known): Known {
  const present = new Set([...a.present].filter((id) => b.present.has(id)));
  const variants = new Map(before.variants);
  for (const [id, names] of a.variants) {
    const others = b.variants.get(id);
    if (others !== undefined) variants.set(id, new Set([...names, ...others]));
  }
  const other = new Set([...a.other].filter((id) => b.other.has(id)));
  const there = new Set([...a.there].filter((id) => b.there.has(id)));
  return { present, there, other, variants };
}

const provesPresence: readonly Op[] = [isDefined, isNotNull, isPresent];
const provesAbsence: readonly Op[] = [isUndefined, isNull, isNullish];
