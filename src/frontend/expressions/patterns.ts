/** The patterns of declarations and parameters, which take objects and arrays apart. */
import type { ts } from "ts-morph";
import { eachError, isOfErrors } from "../classes/kept-errors.js";
import { excerpt } from "../../diagnostics/collector.js";
import type { Atom, Hint, Value } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Context, poison, refuse } from "../context.js";
import { assign, bindName, variableOf, withDefault } from "./declarations.js";
import { restOfFields } from "./rest-fields.js";
import { restOfArray } from "../arrays/rest-elements.js";
import { allocateElements } from "../arrays/elements.js";
import { computedMember, staticMember } from "../classes/class-members.js";
import { asDeclared, takenFromBox } from "./boxes.js";
import { mayBeAbsent } from "./mixed.js";
import { errorField } from "../classes/errors.js";
import { isKeyedRef, loadSize, lowerKey } from "../records/keyed.js";
import { propertyName } from "./literals.js";
import { type Key, lengthOf, loadElement, loadRaw } from "../memory.js";
import { isNamedPart, namedPart } from "./remembering-patterns.js";
import { libraryMember, undefinedLiteral } from "../names.js";
import { isPerhaps } from "../arrays/optional-elements.js";
import { listOfBounds } from "../functions/functions.js";
import { type Bound, type ErrorValue, type List, type Variable, isAtom } from "../scope.js";
import { countOf, takenApart } from "../functions/taken.js";
import { isTupleUnion } from "../types/tuple-shapes.js";
import { elementTypes } from "../types/tuple-variants.js";
import { isDoubted, noteRead } from "../control/trust.js";
import { type RefValue, apply, mayBeNothing, referenceOf, trusted } from "../values.js";
import { wantRecord } from "../types/dictionaries.js";
import { cellAt, cellOf } from "../types/variant-fields.js";

/** Takes apart an object or an array. */
export function bindPattern(cx: Context, pattern: ts.BindingPattern, given: Bound, node: ts.Node): void {
  const bound =
    takenFromBox(cx, given, cx.ts.isArrayBindingPattern(pattern), node) ??
    refusePattern(cx, pattern, "what it takes apart may be an object or an array");
  if (bound === poison) {
    poisonNames(cx, pattern);
    return;
  }
  if (bound.kind === "namespace" || bound.kind === "builtin") {
    bindLibraryMembers(cx, pattern, bound.name);
    return;
  }
  const isStatic = bound.kind === "class" || isOfErrors(cx, bound);
  if (isStatic && cx.ts.isObjectBindingPattern(pattern)) {
    for (const element of pattern.elements) bindStatic(cx, element, bound);
    return;
  }
  if (bound.kind === "list" && cx.ts.isArrayBindingPattern(pattern)) {
    bindListElements(cx, pattern, bound);
    return;
  }
  if (cx.ts.isObjectBindingPattern(pattern) && isAtom(bound) && bindMeasures(cx, pattern, bound)) return;
  const taken = cx.ts.isArrayBindingPattern(pattern)
    ? takenApart(cx, bound, node, countOf(cx, pattern))
    : bound;
  const ref =
    taken === poison
      ? null
      : referenceOf(cx, taken, node, cx.ts.isObjectBindingPattern(pattern) && isRecord(taken));
  if (ref === null) poisonNames(cx, pattern);
  else if (cx.ts.isArrayBindingPattern(pattern)) bindElements(cx, pattern, ref);
  else bindFields(cx, pattern, ref);
}

function isRecord(bound: Bound): boolean {
  return isKeyedRef(bound) && bound.type.shape.storage === "Record";
}

/** `const { size } = map`, `const { length } = text`; false for other patterns. */
function bindMeasures(cx: Context, pattern: ts.ObjectBindingPattern, bound: Atom): boolean {
  const isText = bound.type.kind === "string";
  if (!isText && (!isKeyedRef(bound) || bound.type.shape.storage === "Record")) return false;
  const wanted = isText ? "length" : "size";
  const isMeasure = (element: ts.BindingElement): boolean =>
    element.dotDotDotToken === undefined &&
    element.initializer === undefined &&
    keyOfElement(cx, element) === wanted;
  if (!pattern.elements.every(isMeasure)) return false;
  for (const element of pattern.elements) {
    const hint = variableIn(cx, element)?.hint ?? null;
    const measured = isKeyedRef(bound)
      ? loadSize(cx, bound, element, hint)
      : apply(cx, ops.stringLength, [bound], element, hint);
    bindName(cx, element.name, measured, element);
  }
  return true;
}

/** `const [f, g] = fs`. */
function bindListElements(cx: Context, pattern: ts.ArrayBindingPattern, { elements }: List): void {
  if (elements.some(isPerhaps)) {
    refuse(cx, "spreadLength", pattern, { code: excerpt(pattern) });
    poisonNames(cx, pattern);
    return;
  }
  pattern.elements.forEach((element, i) => {
    if (!cx.ts.isBindingElement(element)) return;
    const { dotDotDotToken, initializer, name } = element;
    const rest = elements.slice(i);
    let bound: Bound = elements[i] ?? undefinedLiteral;
    if (dotDotDotToken !== undefined)
      bound = listOfBounds(cx, rest) ?? allocateElements(cx, name, rest.filter(isAtom), null);
    else if (initializer !== undefined) bound = withDefault(cx, bound, initializer, null);
    bindName(cx, name, bound, element);
  });
}

function poisonNames(cx: Context, pattern: ts.BindingPattern): void {
  for (const element of pattern.elements) {
    if (!cx.ts.isBindingElement(element)) continue;
    if (cx.ts.isIdentifier(element.name)) cx.unit.environment.set(variableOf(cx, element.name), poison);
    else poisonNames(cx, element.name);
  }
}

/** `const { sin, cos } = Math`. */
function bindLibraryMembers(cx: Context, pattern: ts.BindingPattern, library: string): void {
  for (const element of pattern.elements) {
    if (!cx.ts.isBindingElement(element)) continue;
    const key = cx.ts.isArrayBindingPattern(pattern) ? null : keyOfElement(cx, element);
    if (key === null || element.dotDotDotToken !== undefined) {
      refusePattern(cx, element, "only members named one by one can be taken from a built-in object");
      continue;
    }
    bindName(cx, element.name, libraryMember(`${library}.${key}`), element);
  }
}

function bindFields(cx: Context, pattern: ts.ObjectBindingPattern, ref: RefValue): void {
  const taken = new Set<string>();
  const computed: Value[] = [];
  for (const element of pattern.elements) {
    if (element.dotDotDotToken !== undefined) {
      const hint = cx.ts.isIdentifier(element.name) ? variableOf(cx, element.name).hint : null;
      const rest = restOfFields(cx, pattern, element.name, ref, { names: taken, computed, hint });
      bindName(cx, element.name, rest, element);
      continue;
    }
    const key = keyOfElement(cx, element);
    const under = key === null ? computedKey(cx, element, ref) : null;
    if (under !== null) {
      computed.push(under);
      bindElement(cx, element, ref, under);
      continue;
    }
    if (key === null) {
      refusePattern(cx, element, "the name of the property is computed");
      poisonElement(cx, element);
      continue;
    }
    taken.add(key);
    const variable = variableIn(cx, element);
    if (bindComputed(cx, element, ref, variable)) continue;
    if (isMissing(cx, ref, key, element)) {
      refusePattern(cx, element, "the object has no such field of its own");
      poisonElement(cx, element);
      continue;
    }
    const { shape } = ref.type;
    const index =
      shape.kind === "object" ? cellAt(cx, shape, key, element) : /^\d+$/u.test(key) ? Number(key) : key;
    bindElement(cx, element, ref, index, variable);
  }
}

/** `{ [id]: removed, ...rest }` of a record; null where the object is none. */
function computedKey(cx: Context, { propertyName: name }: ts.BindingElement, ref: RefValue): Value | null {
  if (name === undefined || !cx.ts.isComputedPropertyName(name)) return null;
  if (!isKeyedRef(ref)) {
    wantRecord(cx, ref);
    return null;
  }
  const key = lowerKey(cx, ref, name.expression);
  return key.kind === "value" ? key : null;
}

/** True for what TypeScript sees in the type and the object's memory has not. */
function isMissing(
  cx: Context,
  { type: { shape } }: RefValue,
  key: string,
  element: ts.BindingElement,
): boolean {
  return (
    shape.kind === "object" &&
    !shape.fields.some(({ name }) => name === key) &&
    element.initializer === undefined &&
    !mayBeNothing(cx, element.name)
  );
}

/** What a getter gives, or a method; false for what is a field. */
function bindComputed(
  cx: Context,
  element: ts.BindingElement,
  ref: RefValue,
  variable: Variable | null,
): boolean {
  if (ref.type.shape.kind !== "object") return false;
  const { name, initializer } = element;
  const hint = variable?.hint ?? null;
  const found = computedMember(cx, ref, element, initializer === undefined ? hint : null);
  if (found === null) return false;
  const bound = initializer === undefined ? found : withDefault(cx, found, initializer, hint);
  if (variable !== null) assign(cx, variable, bound, element);
  else bindName(cx, name, bound, element);
  return true;
}

/** `const { EPSILON } = Vec2`, `const { message } = error`. */
function bindStatic(cx: Context, element: ts.BindingElement, base: Bound): void {
  const { name, initializer, dotDotDotToken } = element;
  if (dotDotDotToken !== undefined || initializer !== undefined) {
    refusePattern(cx, element, "only members named one by one can be taken from a class or an error");
    poisonElement(cx, element);
  } else if (base.kind === "class") bindName(cx, name, staticMember(cx, base, element, null), element);
  else {
    const ask = (error: ErrorValue): Bound => errorField(cx, error, keyOfElement(cx, element), element);
    bindName(cx, name, eachError(cx, base, element, ask) ?? poison, element);
  }
}

function keyOfElement(cx: Context, element: ts.BindingElement): string | null {
  if (element.propertyName !== undefined) return propertyName(cx, element.propertyName);
  return cx.ts.isIdentifier(element.name) ? element.name.text : null;
}

function bindElements(cx: Context, pattern: ts.ArrayBindingPattern, ref: RefValue): void {
  pattern.elements.forEach((element, i) => {
    if (!cx.ts.isBindingElement(element)) return;
    const { shape } = ref.type;
    if (element.dotDotDotToken === undefined)
      bindElement(cx, element, ref, isTupleUnion(shape) ? cellAt(cx, shape, String(i), element) : i);
    else bindName(cx, element.name, remainingElements(cx, element, ref, i), element);
  });
}

function remainingElements(cx: Context, element: ts.BindingElement, ref: RefValue, from: number): Bound {
  if (isTupleUnion(ref.type.shape)) return restOfVariant(cx, element.name, ref, from);
  const length = lengthOf(cx, ref);
  if (length === null) {
    const name = cx.ts.isIdentifier(element.name) ? variableOf(cx, element.name).hint : null;
    return restOfArray(cx, ref, from, cx.checker.getTypeAtLocation(element.name), element, name);
  }
  const values = Array.from({ length: Math.max(0, length - from) }, (_, i) =>
    loadRaw(cx, ref, from + i, element, null),
  );
  const hint = cx.ts.isIdentifier(element.name) ? variableOf(cx, element.name).hint : null;
  return allocateElements(cx, element.name, values.filter(isAtom), hint);
}

/** The rest of a tuple of a union, where TypeScript knows which one it is. */
function restOfVariant(cx: Context, name: ts.BindingName, ref: RefValue, from: number): Bound {
  const left = elementTypes(cx, cx.checker.getTypeAtLocation(name));
  const keys = (left ?? []).map((type, i) => cellOf(cx, ref.type.shape, String(from + i), type, name));
  if (left === null) return refusePattern(cx, name, "what is left depends on which tuple of a union it is");
  const values = keys.map((key) => loadRaw(cx, ref, key, name, null));
  const hint = cx.ts.isIdentifier(name) ? variableOf(cx, name).hint : null;
  return allocateElements(cx, name, values.filter(isAtom), hint);
}

/** The variable that an element gives a value, unless it is a pattern itself. */
function variableIn(cx: Context, { name }: ts.BindingElement): Variable | null {
  return cx.ts.isIdentifier(name) ? variableOf(cx, name) : null;
}

/** One name of a pattern, with its default. */
function bindElement(
  cx: Context,
  element: ts.BindingElement,
  ref: RefValue,
  key: Key,
  variable = variableIn(cx, element),
): void {
  const { name, initializer } = element;
  const hint = variable?.hint ?? null;
  const isOpen = initializer === undefined && isDoubted(cx, element);
  const unchecked =
    ref.type.shape.kind === "array" && (initializer !== undefined || isOpen || mayBeNothing(cx, name));
  const load = (given: Hint | null): Bound => {
    if (isNamedPart(ref, key))
      return (
        namedPart(cx, ref, key, name, given) ??
        refusePattern(cx, element, `\`${key}\` of an array cannot be taken`)
      );
    const loaded =
      unchecked && typeof key === "number"
        ? loadElement(cx, ref, key, element, given)
        : loadRaw(cx, ref, key, element, given);
    if (ref.type.shape.kind !== "array") return loaded;
    const isSure = initializer === undefined && !unchecked;
    const found =
      isSure && isAtom(loaded) && mayBeAbsent(loaded.type) ? trusted(cx, loaded, element) : loaded;
    return asDeclared(cx, found, cx.checker.getTypeAtLocation(name), element);
  };
  let bound: Bound;
  if (initializer !== undefined) bound = withDefault(cx, load(null), initializer, hint);
  else bound = load(isAbsentable(ref, key) && !isOpen ? null : hint);
  if (isAtom(bound) && bound.type.kind === "maybe" && !mayBeNothing(cx, name) && !isOpen)
    bound = trusted(cx, bound, element, hint);
  if (ref.type.shape.kind === "array" && !isNamedPart(ref, key)) noteRead(cx, bound, element);
  if (variable !== null) assign(cx, variable, bound, element);
  else bindName(cx, name, bound, element);
}

/** True where the load is `maybe`, so that the name goes to what takes that off. */
function isAbsentable(ref: RefValue, key: Key): boolean {
  const { shape } = ref.type;
  if (shape.kind === "object")
    return shape.fields.some((field) => field.name === key && field.shape.kind === "maybe");
  if (isKeyedRef(ref)) return true;
  if (shape.kind === "array") return shape.element.kind === "maybe";
  return shape.elements[Number(key)]?.kind === "maybe";
}

function poisonElement(cx: Context, element: ts.BindingElement): void {
  if (cx.ts.isIdentifier(element.name)) cx.unit.environment.set(variableOf(cx, element.name), poison);
  else poisonNames(cx, element.name);
}

function refusePattern(cx: Context, node: ts.Node, reason: string): Bound {
  return refuse(cx, "unsupportedPattern", node, { code: excerpt(node), reason });
}
