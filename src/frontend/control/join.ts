/**
 * Conditionals. An arm is lowered apart, with what it assigns on a layer of its own; a join makes one `if` of two arms
 * and binds anew each variable on which they disagree.
 */
import { tellFields } from "../types/told-fields.js";
import { tellEach } from "../types/widening.js";
import { areMixed, isEmptyArray, keepBoth, keepLists } from "./kept-arms.js";
import { boolean, number } from "../../ir/builder.js";
import type { Atom, Hint, If, Instr, Literal, Type, Value } from "../../ir/types.js";
import { outsOf } from "../../ir/visit.js";
import { notePresence } from "./joined-presence.js";
import { listType } from "../arrays/tuples-as-lists.js";
import { asTyped } from "../expressions/boxes.js";
import { type Context, type Exit, origin, poison, unset } from "../context.js";
import { usesThis } from "../functions/captures.js";
import { mayHaveMethod, tellLiteral } from "../classes/literal-instances.js";
import { type Closed, closingValue, openBehind, whereGiven } from "./openings.js";
import { isFollowed } from "../functions/functions.js";
import { capturedBy } from "../functions/known-parts.js";
import { lacking, meetFunctions } from "../functions/function-joins.js";
import { keep } from "../functions/kept-functions.js";
import { shapeOfType } from "../memory.js";
import { holdsFunctions } from "../types/function-shapes.js";
import { isSamePrivacy, joinTypes } from "../types/joined-types.js";
import { describeTypes } from "../types/told-apart.js";
import type { Writes } from "../environment.js";
import type { Bound, Static, Unknown, Variable } from "../scope.js";
import { nullLiteral } from "../names.js";
import { isAtom } from "../scope.js";
import { apply, not } from "../values.js";
import type { ts } from "ts-morph";

/** A piece of code lowered apart. */
export interface Arm<T> {
  readonly result: T;
  readonly instrs: readonly Instr[];
  readonly writes: Writes;
  /** What may have been thrown in it, and the type of its result where nothing was. */
  readonly raised?: readonly Exit[];
  readonly given?: Type | null;
}

/** Lowers apart what `fill` does. */
export function arm<T>(cx: Context, fill: () => T): Arm<T> {
  const { builder, environment } = cx.unit;
  const results: Closed<T>[] = [];
  let instrs: readonly Instr[] = [];
  const writes = environment.layer(() => {
    const block = builder.block(() => {
      results.push(closingValue(cx, fill));
      return { kind: "yield", values: [] };
    });
    instrs = block.instrs;
  });
  return { ...(results[0] as Closed<T>), instrs, writes };
}

/** Puts the code of an arm here, without a condition. */
export function splice<T>(cx: Context, part: Arm<T>): T {
  for (const instr of part.instrs) cx.unit.builder.emit(instr);
  for (const [variable, bound] of part.writes) cx.unit.environment.set(variable, bound);
  openBehind(cx, part.raised ?? []);
  return part.result;
}

/** `test ? whenTrue : whenFalse` for expressions. */
export function branch(
  cx: Context,
  node: ts.Node,
  test: Atom,
  whenTrue: () => Bound,
  whenFalse: () => Bound,
  hint: Hint | null,
): Bound {
  const constant = knownBoolean(cx, test);
  if (constant !== null) return constant ? whenTrue() : whenFalse();
  const isKept = cx.unit.records.isKeptMember(node, keptResult);
  const given = (give: () => Bound) => (): Bound => {
    const bound = give();
    return isKept && isFollowed(bound) ? keep(cx, bound, node) : bound;
  };
  const a = arm(cx, given(whenTrue));
  const b = arm(cx, given(whenFalse));
  const bound = join(cx, node, test, a, b, { a: a.result, b: b.result, hint });
  if (bound.kind === "unknown" && areMixed([a.result, b.result]))
    cx.unit.records.keepMember(node, keptResult);
  return bound;
}

/** What a conditional gives, among what lies in memory of its expression. */
const keptResult = "?:";

/** What was found, or `null`. */
export function orNull(cx: Context, node: ts.Node, isFound: Atom, found: Bound, hint: Hint | null): Bound {
  return branch(
    cx,
    node,
    isFound,
    () => found,
    () => nullLiteral,
    hint,
  );
}

/** A result on which two arms may disagree. */
export interface Result {
  readonly a: Bound;
  readonly b: Bound;
  readonly hint: Hint | null;
}

/** Emits the `if`, assigns the variables that the arms assigned, and gives the joined result. */
export function join(
  cx: Context,
  node: ts.Node,
  test: Atom,
  a: Arm<unknown>,
  b: Arm<unknown>,
  result: Result = { a: unset, b: unset, hint: null },
): Bound {
  const { builder, environment } = cx.unit;
  const meeting = new Meeting(cx, node, test, [a, b]);
  const assigned = new Set<Variable>([...a.writes.keys(), ...b.writes.keys()]);
  const changes: [Variable, Bound][] = [];
  for (const variable of assigned) {
    const before = environment.get(variable);
    if (before === undefined) continue;
    const hint = variable.depth !== null && environment.depth > variable.depth ? null : variable.hint;
    const bound = meeting.meet(a.writes.get(variable) ?? before, b.writes.get(variable) ?? before, hint);
    if (bound.kind === "unknown")
      keepBoth(
        cx,
        variable,
        [a, b].map(({ writes }) => writes.get(variable) ?? before),
      );
    changes.push([variable, bound]);
  }
  const joined = meeting.meet(result.a, result.b, result.hint);
  const inner = (variable: Variable): Bound | undefined =>
    environment.get(variable) === undefined ? (a.writes.get(variable) ?? b.writes.get(variable)) : undefined;
  // What a function that outlives its arm can see outlives it too.
  for (const variable of capturedBy(cx, [joined, ...changes.map(([, bound]) => bound)], inner)) {
    const bound = meeting.meet(
      a.writes.get(variable) ?? unset,
      b.writes.get(variable) ?? unset,
      variable.hint,
    );
    changes.push([variable, bound]);
  }
  for (const [variable, bound] of changes) environment.set(variable, bound);
  const made = meeting.finish(a.instrs, b.instrs);
  if (made !== null) builder.emit(made);
  if (joined.kind === "value")
    notePresence(cx, joined.id, test, [
      { bound: result.a, instrs: a.instrs },
      { bound: result.b, instrs: b.instrs },
    ]);
  const raised = [...(a.raised ?? []), ...(b.raised ?? [])];
  if (raised.length === 0) return joined;
  openBehind(cx, raised);
  return [a, b].every(({ given }) => given == null || given.kind === "ref")
    ? whereGiven(cx, joined, node)
    : joined;
}

export function isNothing(bound: Bound): boolean {
  return isAtom(bound) && bound.type.kind === "nothing";
}

/** The truth of a condition that is known while compiling; null where it is not. */
export function knownBoolean(cx: Context, test: Atom): boolean | null {
  const value = test.kind === "literal" ? test.value : cx.unit.known.get(test.id);
  return typeof value === "boolean" ? value : null;
}

/** Collects what the arms yield. */
class Meeting {
  readonly #cx: Context;
  readonly #node: ts.Node;
  readonly #test: Atom;
  readonly #outs: If["outs"][number][] = [];
  readonly #consequent: Atom[] = [];
  readonly #alternate: Atom[] = [];

  /** What puts values into boxes, behind the code of each arm. */
  readonly #boxes: readonly [Instr[], Instr[]] = [[], []];

  readonly #arms: readonly [Arm<unknown>, Arm<unknown>];

  constructor(cx: Context, node: ts.Node, test: Atom, arms: readonly [Arm<unknown>, Arm<unknown>]) {
    this.#cx = cx;
    this.#node = node;
    this.#test = test;
    this.#arms = arms;
  }

  /** What stands for `a` or `b` behind the `if`. */
  meet(a: Bound, b: Bound, hint: Hint | null): Bound {
    if (a === b) return a;
    if (a === poison || b === poison) return poison;
    if (!isAtom(a) || !isAtom(b)) return this.#meetFunctions(a, b);
    if (a.kind === "literal" && b.kind === "literal" && sameLiteral(a, b)) return a;
    if (a === unset) return this.#yield(placeholder(b.type), b, hint);
    if (b === unset) return this.#yield(a, placeholder(a.type), hint);
    return this.#yield(a, b, hint);
  }

  finish(consequent: readonly Instr[], alternate: readonly Instr[]): If | null {
    if (this.#outs.length === 0 && consequent.length === 0 && alternate.length === 0) return null;
    return {
      kind: "if",
      test: this.#test,
      consequent: {
        instrs: [...consequent, ...this.#boxes[0]],
        end: { kind: "yield", values: this.#consequent },
      },
      alternate: {
        instrs: [...alternate, ...this.#boxes[1]],
        end: { kind: "yield", values: this.#alternate },
      },
      outs: this.#outs,
      statement: this.#cx.statement,
    };
  }

  /** In a box, where the other arm gives a value of another kind. */
  #fitting(atom: Atom, type: Type, side: 0 | 1): Atom {
    const made: Atom[] = [];
    const instrs = this.#cx.unit.builder.detached(() => {
      made.push(asTyped(this.#cx, atom, type, this.#node));
    });
    this.#boxes[side].push(...instrs);
    return made[0] ?? atom;
  }

  #meetFunctions(a: Bound, b: Bound): Bound {
    const depth = this.#cx.unit.environment.depth;
    const met = meetFunctions(a, b, {
      test: this.#test,
      negated: () => not(this.#cx, this.#test, this.#node),
      depth,
      meet: (x, y) => this.meet(x, y, null),
      isEmpty: (array) => this.#arms.some(({ instrs }) => isEmptyArray(instrs.at(-1), array)),
      isOfArm: (value, isFirst) =>
        this.#arms[isFirst ? 0 : 1].instrs.some((each) => outsOf(each).includes(value)),
      again: (key, isFirst) => repeated(this.#cx, key, isFirst ? this.#arms[0] : this.#arms[1], this.#node),
    });
    if (met.kind === "unknown") keepLists(this.#cx, [a, b]);
    return met;
  }

  /** What functions are kept in fields of one object or the other. */
  #meetMembers(out: Value, a: Atom, b: Atom): void {
    const { members } = this.#cx.unit;
    const inA = a.kind === "value" ? members.get(a.id) : undefined;
    const inB = b.kind === "value" ? members.get(b.id) : undefined;
    if (inA === undefined && inB === undefined) return;
    // The function that is chosen would not know which object it is called of.
    const own = [...(inA?.values() ?? []), ...(inB?.values() ?? [])];
    if (own.some((each) => each.kind === "closure" && usesThis(this.#cx, each.node)))
      this.#tellLiterals(a, b);
    const met = this.#meetNamed(inA, inB, a, b);
    if (met.size > 0) members.set(out.id, met);
  }

  /** What assignments to a field of one object or the other do. */
  #meetSetters(out: Value, a: Atom, b: Atom): void {
    const { setters } = this.#cx.unit;
    const [inA, inB] = [a, b].map((each) => (each.kind === "value" ? setters.get(each.id) : undefined));
    if ((inA?.size ?? 0) + (inB?.size ?? 0) > 0) setters.set(out.id, this.#meetNamed(inA, inB, a, b));
  }

  #meetNamed(inA: Named | undefined, inB: Named | undefined, a: Atom, b: Atom): Named {
    const met = new Map<string, Static>();
    for (const name of new Set([...(inA?.keys() ?? []), ...(inB?.keys() ?? [])])) {
      const side = (each: Atom, own: Named | undefined, other: Named | undefined): Bound => {
        // Where there is no object there is no function either, and none that is asked for.
        if (each === unset || isNothing(each)) return unset;
        return own?.get(name) ?? lacking(this.#cx, each, name, other?.get(name));
      };
      const bound = this.#meetFunctions(side(a, inA, inB), side(b, inB, inA));
      // What is not known of one of them is looked for in memory.
      if (!isAtom(bound) && bound.kind !== "unknown") met.set(name, bound);
    }
    return met;
  }

  #tellLiterals(a: Atom, b: Atom): void {
    tellLiteral(this.#cx, a, b);
    tellLiteral(this.#cx, b, a);
  }

  #yield(a: Atom, b: Atom, hint: Hint | null): Bound {
    if (hint === null && a.kind === "literal" && b.kind === "literal") {
      if (a.value === true && b.value === false) return this.#test;
      if (a.value === false && b.value === true) return not(this.#cx, this.#test, this.#node);
    }
    // What one of them says of functions in it is not to be lost.
    if (holdsFunctions(shapeOfType(a.type)) !== holdsFunctions(shapeOfType(b.type)))
      tellEach(this.#cx, a.type, b.type);
    tellFields(this.#cx, a.type, b.type);
    const type = joinTypes(this.#cx, a.type, b.type) ?? listType(this.#cx, a.type, b.type);
    if (type === null) {
      this.#tellLiterals(a, b);
      tellEach(this.#cx, a.type, b.type);
      return { kind: "unknown", untold: differing(this.#cx, a, b) };
    }
    if (isLiteralOrInstance(this.#cx, a, b) || isLiteralOrInstance(this.#cx, b, a)) {
      this.#tellLiterals(a, b);
      return { kind: "unknown", untold: literalOrInstance };
    }
    const out = this.#cx.unit.builder.value(type, origin(this.#cx, this.#node, hint));
    this.#outs.push(out);
    this.#consequent.push(this.#fitting(a, type, 0));
    this.#alternate.push(this.#fitting(b, type, 1));
    if (type.kind !== "ref" && type.kind !== "maybe") return out;
    this.#meetMembers(out, a, b);
    this.#meetSetters(out, a, b);
    return out;
  }
}

type Named = ReadonlyMap<string, Static>;

/** A literal with functions of its own, and an instance that has these from a class that is not known here. */
function isLiteralOrInstance(cx: Context, literal: Atom, other: Atom): boolean {
  const { members, classes } = cx.unit;
  const own = literal.kind === "value" ? members.get(literal.id) : undefined;
  if (own === undefined || other.kind !== "value" || members.has(other.id) || classes.has(other.id))
    return false;
  const shape = shapeOfType(other.type);
  return [...own.keys()].some((name) => mayHaveMethod(cx, shape, name));
}

/** The condition of an arm, made anew outside of it from what was there before it; null where it needs more. */
function repeated(cx: Context, key: Atom, { instrs }: Arm<unknown>, node: ts.Node): Atom | null {
  if (key.kind === "literal") return key;
  const own = new Set(instrs.flatMap(outsOf));
  if (!own.has(key)) return null;
  const maker = instrs.find((instr) => outsOf(instr).includes(key));
  if (
    maker?.kind !== "apply" ||
    maker.op.impure ||
    maker.args.some((arg) => arg.kind === "value" && own.has(arg))
  )
    return null;
  return apply(cx, maker.op, maker.args, node, null, key.type);
}

function differing(cx: Context, a: Atom, b: Atom): Unknown["untold"] {
  const type = describeTypes(cx, a.type, b.type);
  const shapes = [a, b].map((atom) => (atom.type.kind === "ref" ? atom.type.shape : null));
  const [x, y] = shapes;
  const isHidden = x?.kind === "object" && y?.kind === "object" && !isSamePrivacy(x, y);
  const reason = isHidden
    ? "it is an instance with private fields from outside on one path, and one that is made here on another"
    : "it is not the same kind of value on every path";
  return { type, reason };
}

const literalOrInstance: Unknown["untold"] = {
  type: "object literal or instance",
  reason: "it is an object literal with functions on one path, and an instance of a class on another",
};

function sameLiteral(a: Literal, b: Literal): boolean {
  return a.type.kind === b.type.kind && Object.is(a.value, b.value);
}

/** Something of a type to yield where the value is not read. */
export function placeholder(type: Type): Literal {
  switch (type.kind) {
    case "real":
    case "int":
      return number(0);
    case "bool":
      return boolean(false);
    case "string":
      return { kind: "literal", type, value: "", spelling: '""' };
    case "maybe":
    case "nothing":
      return type.none === "null" ? nullLiteral : unset;
    default:
      return unset;
  }
}
