/**
 * Functions in one table that are for different things: `handlers[event]` of a typed event emitter. By their types, one
 * of another event is never called with what is emitted, but the call does not say so: that follows from the key.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { knownClasses } from "../classes/known-classes.js";
import type { Context } from "../context.js";
import { checkerWith } from "../project/type-arguments.js";
import { stringLiteral } from "../names.js";
import { type Bound, type Choice, type Kept, isAtom } from "../scope.js";
import { isRef } from "../values.js";
import { valueParameters } from "./inline.js";
import { isFunctionType } from "../types/function-shapes.js";

/** The choice without the functions that are not for these arguments: a call of one of them throws. */
export function withoutUnfit(cx: Context, choice: Choice, args: readonly Bound[], node: ts.Node): Choice {
  const last = choice.otherwise;
  const word = last?.kind === "kept" ? cx.unit.records.recordOf(last.text)?.variation.word : null;
  if (last === null || word == null) return choice;
  const all = [...choice.cases, { when: stringLiteral(word), then: last }];
  const cases = all.filter(({ then }) => then.kind !== "kept" || !isUnfit(cx, then, args));
  if (cases.length === all.length || cases.length === 0) return choice;
  return { ...choice, cases, otherwise: null, elsewhere: unfitCall(node) };
}

/** What is thrown where such a function is called nevertheless. */
export function unfitCall(node: ts.Node): string {
  return `${excerpt(node)} is given what it does not take`;
}

/** The function cannot be what is called: an argument is of another kind than its parameter is declared to be. */
export function isUnfit(cx: Context, { text }: Kept, args: readonly Bound[]): boolean {
  const node = text.key as ts.Node;
  if (typeof text.key === "string" || text.plain !== null || !cx.ts.isFunctionLike(node)) return false;
  const here = { ...cx, checker: checkerWith(cx.checker, text.types) };
  return valueParameters(cx, node.parameters).some((parameter, i) => {
    const bound = args[i];
    if (bound === undefined || parameter.dotDotDotToken !== undefined) return false;
    return parameter.initializer === undefined && lacks(here, bound, parameter);
  });
}

function lacks(cx: Context, bound: Bound, parameter: ts.ParameterDeclaration): boolean {
  if (!isAtom(bound)) return false;
  const type = cx.checker.getTypeAtLocation(parameter);
  const { kind } = bound.type;
  const { NumberLike, StringLike, Object: ObjectLike } = cx.ts.TypeFlags;
  const isNumber = kind === "real" || kind === "int";
  if ((type.flags & NumberLike) !== 0) return kind === "string" || isPlainObject(cx, bound);
  if ((type.flags & StringLike) !== 0) return isNumber || isPlainObject(cx, bound);
  if ((type.flags & ObjectLike) === 0) return false;
  const needed = cx.checker.getPropertiesOfType(type).filter((property) => isNeeded(cx, property, parameter));
  if (isNumber || kind === "string") return needed.length > 0;
  if (!isPlainObject(cx, bound) || !isRef(bound) || bound.type.shape.kind !== "object") return false;
  const { fields } = bound.type.shape;
  return needed.some((property) => !fields.some(({ name }) => name === property.name));
}

/** An object whose fields are all there is to it: no instance, no function, and no value of several kinds. */
function isPlainObject(cx: Context, bound: Bound): boolean {
  if (!isAtom(bound) || !isRef(bound) || bound.type.shape.kind !== "object") return false;
  const { named, functions, isBox, owner } = bound.type.shape;
  const isOther = functions !== undefined || isBox === true || owner !== undefined || named !== undefined;
  return !isOther && knownClasses(cx, bound) === null;
}

/** A field that lies in memory, and is there in any case: nothing that holds functions does for certain. */
function isNeeded(cx: Context, property: ts.Symbol, at: ts.Node): boolean {
  const { NumberLike, StringLike, BooleanLike, Object: ObjectLike } = cx.ts.TypeFlags;
  if ((property.flags & cx.ts.SymbolFlags.Optional) !== 0 || !isSignature(cx, property)) return false;
  const type = cx.checker.getTypeOfSymbolAtLocation(property, at);
  const parts = type.isUnion() ? type.types : [type];
  if (parts.every(({ flags }) => (flags & (NumberLike | StringLike | BooleanLike)) !== 0)) return true;
  if ((type.flags & ObjectLike) === 0 || isFunctionType(type)) return false;
  const fields = cx.checker.getPropertiesOfType(type);
  return fields.length > 0 && fields.every((each) => isSignature(cx, each));
}

function isSignature({ ts: tsc }: Context, { declarations }: ts.Symbol): boolean {
  return declarations?.every((each) => tsc.isPropertySignature(each)) === true;
}
