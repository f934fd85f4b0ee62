/**
 * Which function a value is. Where functions that lie in memory are compared, or looked for, there is one record for
 * each: that of a function of which there is one only is made ahead of all else, any other where the function is made.
 */
import type { ts } from "ts-morph";
import { boolean } from "../../ir/builder.js";
import type { Atom, Shape, Value } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Context, poison } from "../context.js";
import { branch } from "../control/join.js";
import { lowerAtEntry } from "../expressions/constants.js";
import { loadRaw } from "../memory.js";
import { stringLiteral } from "../names.js";
import { type Bound, type Closure, type Partially, type Static, type Variable, isAtom } from "../scope.js";
import { type RefValue, apply, atomOf, isRef, not, present } from "../values.js";
import type { FunctionRecords } from "./function-records.js";
import type { KeptText, Variation } from "./function-texts.js";
import { functionsIn } from "../types/function-shapes.js";
import { usesThis } from "./captures.js";
import { functionsIn as eachOf, overChoice, sameStatic } from "./functions.js";
import { keepMade, keepPartial, partialKey } from "./kept-functions.js";

/** There is one such function only: it belongs to a module, or to the library. */
export function isOnce(cx: Context, bound: Static | null): boolean {
  if (bound?.kind === "closure")
    return bound.scope === cx.unit.globals && (bound.self === undefined || !usesThis(cx, bound.node));
  return bound?.kind === "builtin" || bound?.kind === "ruled" || bound?.kind === "class";
}

/** Whether two values that are known while compiling are the very same function, whatever they are called of. */
function isSame(a: Static, b: Static): boolean {
  if (a.kind === "closure" && b.kind === "closure") return a.node === b.node && a.scope === b.scope;
  return sameStatic(a, b);
}

/** `f === g`, of functions that are known while compiling; null where one of them has to be made first. */
export function sameKnown(cx: Context, node: ts.Node, a: Static, b: Static, negated: boolean): Atom | null {
  const [one, single] = a.kind === "choice" ? [a, b] : [b, a];
  if (single.kind === "choice" || single.kind === "partial") return null;
  const found = amongKnown(cx, node, one, single, negated);
  return found === null ? null : atomOf(cx, found, node);
}

function amongKnown(cx: Context, node: ts.Node, one: Static, single: Static, negated: boolean): Bound | null {
  if (one.kind === "partial") return null;
  if (one.kind !== "choice") return boolean(isSame(one, single) !== negated);
  if (isOpen(one)) return null;
  const answers = eachOf(one).map((each) => isSame(each, single));
  if (answers.every((each) => each === answers[0])) return boolean((answers[0] === true) !== negated);
  const [only, ...others] = one.cases;
  if (only?.when.type.kind === "bool" && others.length === 0 && one.otherwise?.kind !== "choice") {
    if (only.then.kind !== "choice")
      return isSame(only.then, single) === negated ? not(cx, one.key, node) : one.key;
  }
  return overChoice(cx, one, node, (each) => amongKnown(cx, node, each, single, negated) ?? poison, null);
}

/** There may be no function, or one that is known only together with what it was given. */
function isOpen(bound: Static): boolean {
  if (bound.kind !== "choice") return bound.kind === "partial";
  return bound.otherwise === null || isOpen(bound.otherwise) || bound.cases.some(({ then }) => isOpen(then));
}

/** The function, or what stands for it in memory where it is compared there. */
export function asMade(cx: Context, closure: Closure): Bound {
  const { records } = cx.unit;
  const text = records.find(closure.node, closure.scope.types);
  if (text === null || isOnce(cx, closure) || !isIdentified(records, text)) return closure;
  const { self } = closure.scope;
  if (self?.kind === "draft" && self.made === null && usesThis(cx, closure.node)) {
    // What the constructor is about to make cannot be put into memory yet.
    records.makeFirst(self.node);
    return closure;
  }
  return keepMade(cx, closure, closure.node);
}

/** The same for `f.bind(…)`, which makes a new one. */
export function asBound(cx: Context, bound: Partially, node: ts.Node): Bound {
  const { records } = cx.unit;
  const text = records.find(partialKey(bound), new Map());
  return text === null || !isIdentified(records, text) ? bound : keepPartial(cx, bound, node, true);
}

/** Functions that may be where this one is are compared. */
export function isIdentified(records: FunctionRecords, text: KeptText): boolean {
  const shape = records.recordOf(text)?.shape;
  return shape !== undefined && records.variations(shape).some((each) => each.text.isIdentified);
}

/** Wants each of the functions that what has the shape may be to have one record; false where that is nothing new. */
export function identify(cx: Context, shape: Shape): boolean {
  const { records } = cx.unit;
  const texts = records.variations(shape).map(({ text }) => text);
  if (texts.some((text) => text.isIdentified)) return false;
  for (const text of texts) records.identify(text);
  return texts.length > 0;
}

/** What functions in memory are compared with is known once that lies there as well; false where it is of no use. */
export function identifyFor(cx: Context, shape: Shape | null, other: Bound): boolean {
  if (shape === null || other.kind !== "unknown" || other.untold !== null) return false;
  return functionsIn(shape) !== null && identify(cx, shape);
}

/** The one record of a function of which there is one only. */
export function recordOnce(cx: Context, text: KeptText, node: ts.Node, make: (here: Context) => Atom): Atom {
  const { once } = cx.unit.records;
  const root = cx.unit.root();
  const known = once.get(text);
  const variable: Variable = known ?? { name: text.name ?? "callback", hint: null, depth: null };
  if (known === undefined) {
    once.set(text, variable);
    const declaration = typeof text.key === "object" && "getSourceFile" in text.key ? text.key : node;
    lowerAtEntry(cx, declaration as ts.Node, declaration as ts.Node, node, (here) => {
      root.environment.set(variable, make(here));
    });
  }
  return atomOf(cx, cx.unit.environment.get(variable) ?? boolean(false), node);
}

/** `h === fn`, of functions that lie in memory, both or one of them. */
export function sameFunction(cx: Context, node: ts.Node, a: Bound, b: Bound, negated: boolean): Atom {
  const [kept, other] = isAtom(a) ? [a, b] : [b, a];
  const isSame = compare(cx, node, atomOf(cx, kept, node), other);
  return negated ? not(cx, isSame, node) : isSame;
}

function compare(cx: Context, node: ts.Node, kept: Atom, other: Bound): Atom {
  if (isAtom(other)) return compareRecords(cx, node, kept, other);
  if (other.kind === "choice" && !isOpen(other) && eachOf(other).every((one) => isOnce(cx, one))) {
    const found = overChoice(cx, other, node, (one) => compare(cx, node, kept, one), null);
    return atomOf(cx, found, node);
  }
  const variations = variationsOf(cx, kept);
  const own = isOnce(cx, other) ? variations.find(({ text }) => isOf(text, other)) : undefined;
  if (!isOnce(cx, other)) return compareRecords(cx, node, kept, atomOf(cx, other, node));
  if (own === undefined) return boolean(false);
  return wherePresent(cx, node, kept, (record) => {
    if (own.word === null || variations.length === 1) return boolean(true);
    return apply(
      cx,
      ops.eq,
      [loadRaw(cx, record, own.tag, node, null) as Value, stringLiteral(own.word)],
      node,
    );
  });
}

/** The text is that of a function of which there is one only. */
function isOf({ key, plain }: KeptText, bound: Static): boolean {
  if (bound.kind === "closure") return key === bound.node;
  if (bound.kind === "builtin") return plain !== null && key === bound.name;
  return bound.kind === "ruled" && key === bound.rule;
}

function wherePresent(cx: Context, node: ts.Node, kept: Atom, test: (record: RefValue) => Atom): Atom {
  const tested = (): Atom => {
    const record = present(cx, kept, node);
    return isRef(record) ? test(record) : boolean(false);
  };
  if (kept.type.kind !== "maybe") return tested();
  const isMissing = apply(cx, ops.isNullish, [kept], node);
  return atomOf(
    cx,
    branch(cx, node, isMissing, () => boolean(false), tested, null),
    node,
  );
}

/** The records of two functions are the very same one. */
function compareRecords(cx: Context, node: ts.Node, a: Atom, b: Atom): Atom {
  const [one, other] = [variationsOf(cx, a), variationsOf(cx, b)];
  if (one[0]?.text !== other[0]?.text) return boolean(false);
  for (const { type } of [a, b]) {
    const whole = type.kind === "maybe" ? type.type : type;
    if (whole.kind === "ref") identify(cx, whole.shape);
  }
  if (a === b) return boolean(true);
  return apply(cx, ops.eq, [a, b], node);
}

function variationsOf(cx: Context, { type }: Atom): readonly Variation[] {
  const whole = type.kind === "maybe" ? type.type : type;
  return whole.kind === "ref" && functionsIn(whole.shape) !== null
    ? cx.unit.records.variations(whole.shape)
    : [];
}
