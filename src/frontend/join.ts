/**
 * Conditionals. An arm is lowered apart, with what it assigns on a layer of its own; a join makes one `if` of two arms
 * and binds anew each variable on which they disagree.
 */
import { boolean, number } from "../ir/builder.js";
import type { Atom, Hint, If, Instr, Literal, Type } from "../ir/types.js";
import { type Context, origin, poison, unset } from "./context.js";
import { joinTypes } from "./joined-types.js";
import type { Bound, Choice, Static, Unknown, Variable, Writes } from "./scope.js";
import { isAtom } from "./scope.js";
import { describeType } from "./values.js";
import type { ts } from "ts-morph";

/** A piece of code lowered apart. */
export interface Arm<T> {
  readonly result: T;
  readonly instrs: readonly Instr[];
  readonly writes: Writes;
}

/** Lowers apart what `fill` does. */
export function arm<T>(cx: Context, fill: () => T): Arm<T> {
  const { builder, environment } = cx.unit;
  const results: T[] = [];
  let instrs: readonly Instr[] = [];
  const writes = environment.layer(() => {
    const block = builder.block(() => {
      results.push(fill());
      return { kind: "yield", values: [] };
    });
    instrs = block.instrs;
  });
  return { result: results[0] as T, instrs, writes };
}

/** Puts the code of an arm here, without a condition. */
export function splice<T>(cx: Context, part: Arm<T>): T {
  for (const instr of part.instrs) cx.unit.builder.emit(instr);
  for (const [variable, bound] of part.writes) cx.unit.environment.set(variable, bound);
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
  const a = arm(cx, whenTrue);
  const b = arm(cx, whenFalse);
  return join(cx, node, test, a, b, { a: a.result, b: b.result, hint });
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
  const meeting = new Meeting(cx, node, test);
  const assigned = new Set<Variable>([...a.writes.keys(), ...b.writes.keys()]);
  const changes: [Variable, Bound][] = [];
  for (const variable of assigned) {
    const before = environment.get(variable);
    if (before === undefined) continue;
    const hint = variable.depth !== null && environment.depth > variable.depth ? null : variable.hint;
    const bound = meeting.meet(a.writes.get(variable) ?? before, b.writes.get(variable) ?? before, hint);
    changes.push([variable, bound]);
  }
  const joined = meeting.meet(result.a, result.b, result.hint);
  for (const [variable, bound] of changes) environment.set(variable, bound);
  const made = meeting.finish(a.instrs, b.instrs);
  if (made !== null) builder.emit(made);
  return joined;
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

  constructor(cx: Context, node: ts.Node, test: Atom) {
    this.#cx = cx;
    this.#node = node;
    this.#test = test;
  }

  /** What stands for `a` or `b` behind the `if`. */
  meet(a: Bound, b: Bound, hint: Hint | null): Bound {
    if (a === b) return a;
    if (a === poison || b === poison) return poison;
    if (!isAtom(a) || !isAtom(b)) return meetStatic(a, b, this.#test, this.#cx.unit.environment.depth);
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
      consequent: { instrs: consequent, end: { kind: "yield", values: this.#consequent } },
      alternate: { instrs: alternate, end: { kind: "yield", values: this.#alternate } },
      outs: this.#outs,
      statement: this.#cx.statement,
    };
  }

  #yield(a: Atom, b: Atom, hint: Hint | null): Bound {
    const type = joinTypes(this.#cx, a.type, b.type);
    if (type === null) return { kind: "unknown", untold: differing(a, b) };
    const out = this.#cx.unit.builder.value(type, origin(this.#cx, this.#node, hint));
    this.#outs.push(out);
    this.#consequent.push(a);
    this.#alternate.push(b);
    return out;
  }
}

function differing(a: Atom, b: Atom): Unknown["untold"] {
  const type = `${describeType(a.type)} or ${describeType(b.type)}`.replaceAll(/\ban? /gu, "");
  return { type, reason: "it is not the same kind of value on every path" };
}

function meetStatic(a: Bound, b: Bound, test: Atom, depth: number): Static {
  if (a.kind === "unknown") return a;
  if (b.kind === "unknown") return b;
  if (isAtom(a) || isAtom(b)) return { kind: "unknown", untold: null };
  if (sameStatic(a, b)) return a;
  if (!isCallable(a, depth) || !isCallable(b, depth)) return { kind: "unknown", untold: null };
  const choice: Choice = { kind: "choice", test, whenTrue: a, whenFalse: b, depth };
  return choice;
}

function sameStatic(a: Static, b: Static): boolean {
  if (a.kind === "closure" && b.kind === "closure")
    return a.node === b.node && a.scope === b.scope && a.self === b.self;
  if (a.kind === "builtin" && b.kind === "builtin") return a.name === b.name;
  if (a.kind === "ruled" && b.kind === "ruled") return a.rule === b.rule;
  if (a.kind === "class" && b.kind === "class") return a.node === b.node;
  if (a.kind === "draft" || b.kind === "draft") return a === b;
  if (a.kind === "namespace" && b.kind === "namespace") return a.name === b.name;
  return false;
}

/** The condition of a choice made inside an arm is not known behind it. */
function isCallable(bound: Static, depth: number): boolean {
  if (bound.kind === "choice") return bound.depth <= depth;
  return bound.kind === "closure" || bound.kind === "ruled" || bound.kind === "builtin";
}

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
    default:
      return unset;
  }
}
