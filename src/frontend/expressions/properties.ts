/** `p.x`, `w[0]`, `p?.x`: members of the library, functions kept in objects, and loads. */
import { isIndexName } from "../../support/index-names.js";
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { number } from "../../ir/builder.js";
import type { Atom, Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import * as steering from "../../ops/steering.js";
import { withChosenKeyed } from "../records/chosen-keyed.js";
import { wantRecord, wantTable } from "../types/dictionaries.js";
import { anyMember } from "../types/widening.js";
import { noteRead as noteClasses } from "../classes/known-classes.js";
import { type Context, poison, refuse, refuseExpression, unset } from "../context.js";
import { type ChosenField, chosenField, chosenMember, loadChosen } from "../records/dynamic-fields.js";
import { memberOfFunction } from "../functions/callable-objects.js";
import { chosenClass } from "../classes/chosen-classes.js";
import { isLooseTuple } from "../types/array-shapes.js";
import { asDeclared, isBoxed } from "./boxes.js";
import { numberOfText } from "./builtins.js";
import { lowerExpression } from "./expressions.js";
import { noteHoleTest } from "../arrays/holes.js";
import { cellShape, type Key, loadCell, lengthOf, loadElement, loadLength, loadRaw } from "../memory.js";
import { knownKey, libraryMember, lowerIdentifier } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { isKeyed } from "../../ir/shapes.js";
import { characterIfAny } from "./strings.js";
import { cellName, shapeOf } from "../types/shapes.js";
import { isKeyedRef, loadSize, lowerKeyedAccess } from "../records/keyed.js";
import { instanceMember, staticMember, superMember } from "../classes/class-members.js";
import { lowerClassOf } from "../classes/class-names.js";
import { listMember } from "../arrays/lists.js";
import { errorsMember } from "../classes/errors.js";
import { draftField } from "../classes/instances.js";
import { lowerNoted } from "../control/notes.js";
import { lowerWord } from "./surroundings.js";
import { followChain, openBase } from "./optional-chains.js";
import { moduleMember } from "./module-members.js";
import { memberOfMatch } from "./remembering-patterns.js";
import { lowerPartOfStep } from "../functions/first-step.js";
import { groupsOf } from "./text-patterns.js";
import { bare, holderOf } from "../syntax.js";
import { isDoubted, noteRead } from "../control/trust.js";
import { mayBeAbsent } from "./mixed.js";
import { cellAt, loadOfVariant } from "../types/variant-fields.js";
import {
  type RefValue,
  apply,
  atomOf,
  describeType,
  includesUndefined,
  isRef,
  mayBeNothing,
  narrowed,
  present,
} from "../values.js";

export type Access = ts.PropertyAccessExpression | ts.ElementAccessExpression;

/** Whether an element of an array may lie beyond its end: by its type, certainly not, or possibly. */
export type Presence = "typed" | "asserted" | "unchecked";

/** Lowers `a.b` or `a[b]`. */
export function lowerAccess(
  cx: Context,
  node: Access,
  hint: Hint | null,
  presence: Presence = "typed",
): Bound {
  const word = lowerWord(cx, node, hint);
  if (word !== null) return word;
  const base = openBase(cx, node);
  if (base !== null)
    return followChain(cx, node, base, hint, (inner, own) => lowerAccess(inner, node, own, presence));
  if (node.expression.kind === cx.ts.SyntaxKind.SuperKeyword) return superMember(cx, node, hint);
  const special =
    moduleMember(cx, node, hint) ??
    lowerClassOf(cx, node) ??
    lowerNoted(cx, node, hint) ??
    lowerPartOfStep(cx, node, hint, presence);
  if (special !== null) return special;
  const isSize = cx.ts.isPropertyAccessExpression(node) && node.name.text === "size";
  const size = isSize
    ? withChosenKeyed(cx, node.expression, hint, (ref) => loadSize(cx, ref, node, null))
    : null;
  if (size !== null) return size;
  return memberOf(cx, lowerExpression(cx, node.expression), node, hint, presence);
}

/** An expression whose value is tested for `undefined`: TypeScript may not know that it can be. */
export function lowerUnchecked(cx: Context, node: ts.Expression, hint: Hint | null = null): Bound {
  const inner = bare(cx.ts, node);
  // What was read under a key may have been missing there.
  if (cx.ts.isIdentifier(inner)) return lowerIdentifier(cx, inner);
  return cx.ts.isElementAccessExpression(inner) || cx.ts.isPropertyAccessExpression(inner)
    ? lowerAccess(cx, inner, hint, "unchecked")
    : lowerExpression(cx, node, hint);
}

/** The same for an expression whose truth is tested: what is under a key may be missing, whatever TypeScript says. */
export function lowerTested(cx: Context, node: ts.Expression, hint: Hint | null = null): Bound {
  const inner = bare(cx.ts, node);
  return cx.ts.isIdentifier(inner) || isRecordAccess(cx, inner) || isBehindCast(cx, inner)
    ? lowerUnchecked(cx, inner, hint)
    : lowerExpression(cx, node, hint);
}

/** `(shape as { r?: number }).r`: what is there, TypeScript does not know. */
function isBehindCast(cx: Context, node: ts.Node): boolean {
  if (!cx.ts.isPropertyAccessExpression(node)) return false;
  const { expression } = node;
  const base = cx.ts.isParenthesizedExpression(expression) ? expression.expression : expression;
  return cx.ts.isAsExpression(base) || cx.ts.isTypeAssertionExpression(base);
}

/** `record[key]`, `record.name`. */
function isRecordAccess(cx: Context, node: ts.Node): boolean {
  if (!cx.ts.isPropertyAccessExpression(node) && !cx.ts.isElementAccessExpression(node)) return false;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node.expression));
  const shape = shapeOf(type, node, cx.unit.project);
  return shape.kind !== "unsupported" && isKeyed(shape) && shape.storage === "Record";
}

/** A member of a value that is lowered already. */
export function memberOf(
  cx: Context,
  base: Bound,
  node: Access,
  hint: Hint | null,
  presence: Presence = "typed",
): Bound {
  if (base === poison) return poison;
  if (base.kind === "namespace" || base.kind === "builtin") {
    const key = keyOf(cx, node);
    if (key === null) return refuse(cx, "dynamicAccess", node, { code: excerpt(node) });
    return libraryMember(base.name === "globalThis" ? String(key) : `${base.name}.${String(key)}`);
  }
  if (base.kind === "unknown") return atomOf(cx, base, node.expression);
  if (base.kind === "draft" && base.made === null) return draftField(cx, base, node);
  if (base.kind === "draft") return memberOf(cx, base.made ?? poison, node, hint, presence);
  const ofError = errorsMember(cx, base, node);
  if (ofError !== null) return ofError;
  if (base.kind === "list") return listMember(cx, base, node, hint);
  if (base.kind === "generated") return refuse(cx, "generator", node, { name: excerpt(base.node) });
  const ofClass = chosenClass(cx, base, node, (one, own) => staticMember(cx, one, node, own), hint);
  if (ofClass !== null) return ofClass;
  const ofFunction = memberOfFunction(cx, base, node);
  if (ofFunction !== null) return ofFunction;
  if (!isAtom(base))
    return refuse(cx, "escapingFunction", node.expression, { name: excerpt(node.expression) });
  return memberOfAtom(cx, base, node, hint, presence);
}

function memberOfAtom(cx: Context, base: Atom, node: Access, hint: Hint | null, presence: Presence): Bound {
  if (base === unset || isMissingObject(cx, base, node.expression))
    return isNumberLike(cx, node) ? number(NaN) : unset;
  const found = present(cx, base, node.expression);
  // Behind `?.`, what is there is of one kind.
  const ref = isBoxed(found)
    ? asDeclared(cx, found, cx.checker.getTypeAtLocation(node.expression), node.expression)
    : found;
  if (ref === poison || !isAtom(ref)) return poison;
  if (ref.type.kind === "string" && cx.ts.isPropertyAccessExpression(node) && node.name.text === "length") {
    return apply(cx, ops.stringLength, [ref], node, hint);
  }
  if (ref.type.kind === "string" && cx.ts.isElementAccessExpression(node)) {
    const at = atomOf(cx, lowerExpression(cx, node.argumentExpression), node.argumentExpression);
    const mayMiss = presence === "unchecked" || isDoubted(cx, node) || mayFindNothing(cx, node);
    const found =
      mayMiss && presence !== "asserted"
        ? characterIfAny(cx, ref, at, node, hint)
        : apply(cx, steering.character, [ref, at], node, hint);
    noteRead(cx, found, node);
    return found;
  }
  if (!isRef(ref)) return refuseExpression(cx, node, `property of ${describeType(ref.type)}`);
  if (isKeyedRef(ref)) {
    const isTold = presence !== "unchecked" && !mayBeNothing(cx, node) && !isDoubted(cx, node);
    const under = lowerKeyedAccess(cx, ref, node, isTold ? null : hint);
    if (presence === "unchecked") return under;
    const kept = narrowed(cx, under, node, hint);
    noteRead(cx, kept, node);
    return kept;
  }
  const { shape } = ref.type;
  if (shape.kind === "object") {
    const member = instanceMember(cx, ref, node, hint);
    if (member !== null) return member;
    const field = chosenMember(cx, ref, node) ?? fieldOf(cx, ref, node);
    if (typeof field === "object" && field !== null && "kind" in field) return field;
    if (field === null) {
      wantRecord(cx, ref);
      cx.unit.unknownMembers.push({ region: ref.type.region, name: anyMember });
      return refuseKey(cx, node);
    }
    // No field of the object is optional: a key that is none of them is asked for.
    if (typeof field !== "string" && presence === "unchecked" && !mayBeNothing(cx, node)) wantRecord(cx, ref);
    if (typeof field !== "string") return narrowed(cx, loadChosen(cx, ref, field, node, hint), node, hint);
    if (presence !== "unchecked") {
      const value = loadCell(cx, ref, field, node, hint);
      noteClasses(cx, ref, field, value, node);
      return value;
    }
    const behindCast = isBehindCast(cx, node) ? loadOfVariant(cx, ref, field, node, hint) : null;
    return behindCast ?? loadRaw(cx, ref, field, node, hint);
  }
  const key = elementKey(cx, node);
  if (key === null) return refuseKey(cx, node);
  if (key === "length") return loadLength(cx, ref, node, hint);
  const groups = key === "groups" ? groupsOf(cx, ref, node, hint) : null;
  if (groups !== null) return groups;
  const ofMatch = typeof key === "string" ? memberOfMatch(cx, ref.id, key, node) : null;
  if (ofMatch !== null) return ofMatch;
  if (typeof key === "string") return refuse(cx, "arrayMethod", memberName(cx, node), { method: key });
  if (typeof key === "number" && (!Number.isInteger(key) || key < 0))
    return refuse(cx, "dynamicIndex", node, { code: excerpt(node) });
  if (presence === "unchecked" || isDoubted(cx, node)) noteHoleTest(cx, ref.type, node);
  const checked =
    presence === "unchecked" || isDoubted(cx, node) || (presence === "typed" && mayFindNothing(cx, node));
  const isOpen = shape.kind === "array" || typeof key === "object";
  const cell = cellShape(shape, key);
  const isLoose = isOfLooseTuple(cx, node) && mayFindNothing(cx, node);
  if (isOpen && checked && (cell === null || !mayBeAbsent(cell) || isLoose)) {
    const element = loadElement(cx, ref, key, node, hint);
    noteRead(cx, element, node);
    return element;
  }
  const element = narrowed(cx, loadCell(cx, ref, key, node, hint), node, hint);
  if (isOpen && !isWithin(cx, ref, key)) noteRead(cx, element, node);
  return element;
}

/**
 * What tests have found to be an object may be no more than a number that is missing: `typeof a === "number"` leaves
 * nothing of `Vec2 | number` else. Then the source throws.
 */
function isMissingObject(cx: Context, { type }: Atom, node: ts.Expression): boolean {
  if (type.kind !== "real" || !cx.ts.isIdentifier(node)) return false;
  return (cx.checker.getTypeAtLocation(node).flags & cx.ts.TypeFlags.Object) !== 0;
}

function isNumberLike(cx: Context, node: ts.Node): boolean {
  return (cx.checker.getTypeAtLocation(node).flags & cx.ts.TypeFlags.NumberLike) !== 0;
}

/** An element of a tuple that may be left out. */
function isOfLooseTuple(cx: Context, { expression }: Access): boolean {
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(expression));
  return isLooseTuple(type, cx.unit.project);
}

function isWithin(cx: Context, ref: RefValue, key: Key): boolean {
  const length = lengthOf(cx, ref);
  return length !== null && typeof key === "number" && key < length;
}

/**
 * By its type. An element of type `any`, as in `new Array(n)`, is as good as a number, and one that is `null` at times is
 * there.
 */
function mayFindNothing(cx: Context, node: Access): boolean {
  const type = cx.checker.getTypeAtLocation(node);
  if ((type.flags & cx.ts.TypeFlags.Any) !== 0) return false;
  return includesUndefined(cx, type) || isOptionalResult(cx, node);
}

/** `(i): number | undefined => (i < 0 ? undefined : xs[i])`: what is returned may be missing, as its function says. */
function isOptionalResult(cx: Context, node: Access): boolean {
  const tsc = cx.ts;
  let holder = holderOf(tsc, node);
  while (tsc.isConditionalExpression(holder)) holder = holderOf(tsc, holder);
  if (!tsc.isReturnStatement(holder) && !tsc.isArrowFunction(holder)) return false;
  const type = cx.checker.getContextualType(node);
  const { Any, Unknown } = tsc.TypeFlags;
  return type !== undefined && (type.flags & (Any | Unknown)) === 0 && includesUndefined(cx, type);
}

function memberName(cx: Context, node: Access): ts.Node {
  return cx.ts.isPropertyAccessExpression(node) ? node.name : node;
}

/** The name or the index that is accessed, where it is known while compiling. */
export function keyOf(cx: Context, node: Access): string | number | null {
  if (cx.ts.isPropertyAccessExpression(node)) return node.name.text;
  const { argumentExpression } = node;
  if (cx.ts.isStringLiteralLike(argumentExpression)) return numericKey(argumentExpression.text);
  const key = knownKey(cx, lowerExpression(cx, argumentExpression));
  return typeof key === "string" ? numericKey(key) : key;
}

/** The field of an object, or several that only the call can choose from. */
export function fieldOf(cx: Context, ref: RefValue, node: Access): string | ChosenField | null {
  const { shape } = ref.type;
  if (cx.ts.isPropertyAccessExpression(node)) return cellAt(cx, shape, cellName(node.name.text), node);
  const { argumentExpression } = node;
  if (cx.ts.isStringLiteralLike(argumentExpression)) return cellAt(cx, shape, argumentExpression.text, node);
  const field = chosenField(cx, ref, argumentExpression);
  if (field !== null && typeof field !== "string") wantTable(cx, ref, node.expression);
  return typeof field === "string" ? cellAt(cx, shape, field, node) : field;
}

/** The same for an array or a tuple, where only the call may know the index. */
export function elementKey(cx: Context, node: Access): Key | null {
  if (cx.ts.isPropertyAccessExpression(node)) return node.name.text;
  const { argumentExpression } = node;
  if (cx.ts.isStringLiteralLike(argumentExpression)) return numericKey(argumentExpression.text);
  const bound = lowerExpression(cx, argumentExpression);
  // Refused already; any index will do.
  if (bound === poison) return 0;
  const key = knownKey(cx, bound);
  if (key !== null) return typeof key === "string" ? numericKey(key) : key;
  if (!isAtom(bound) || bound.kind !== "value") return null;
  const index = bound.type.kind === "string" ? numberOfText(cx, bound, argumentExpression) : bound;
  return index.kind === "value" && isNumber(index) ? index : null;
}

function isNumber({ type }: Atom): boolean {
  return type.kind === "int" || type.kind === "real";
}

function numericKey(text: string): string | number {
  return isIndexName(text) ? Number(text) : text;
}

function refuseKey(cx: Context, node: Access): Bound {
  const argument = cx.ts.isElementAccessExpression(node) ? node.argumentExpression : node;
  const { flags } = cx.checker.getBaseTypeOfLiteralType(cx.checker.getTypeAtLocation(argument));
  const isIndex = (flags & cx.ts.TypeFlags.NumberLike) !== 0;
  return refuse(cx, isIndex ? "dynamicIndex" : "dynamicAccess", node, { code: excerpt(node) });
}
