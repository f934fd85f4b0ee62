/** Declarations: variables, parameters and the patterns that take objects and arrays apart. */
import type { ts } from "ts-morph";
import { excerpt } from "../diagnostics/collector.js";
import { declared } from "../ir/builder.js";
import type { Hint } from "../ir/types.js";
import * as ops from "../ops/scalar.js";
import { type Context, onStatement, poison, refuse, unset } from "./context.js";
import { lowerExpression } from "./expressions.js";
import { branch } from "./join.js";
import { allocateElements, allocateObject, propertyName } from "./literals.js";
import { type Key, lengthOf, loadElement, loadLength, loadRaw } from "./memory.js";
import { libraryMember, undefinedLiteral } from "./names.js";
import { type Bound, type Scope, type Variable, isAtom } from "./scope.js";
import { bare, isBindingPattern } from "./syntax.js";
import {
  type RefValue,
  apply,
  includesNothing,
  mayBeNothing,
  named,
  present,
  referenceOf,
} from "./values.js";

/** `const a = 1, b = 2;`: each declaration is a line of its own. */
export function lowerDeclarationList(
  cx: Context,
  list: ts.VariableDeclarationList,
  statement: ts.Node,
): void {
  if ((list.flags & cx.ts.NodeFlags.Using) === cx.ts.NodeFlags.Using) {
    refuse(cx, "unsupportedStatement", statement, { what: "`using` declaration" });
    return;
  }
  const single = list.declarations.length === 1;
  const last = list.declarations.at(-1);
  for (const declaration of list.declarations) {
    const commented = declaration === last ? statement : declaration;
    bindDeclaration(onStatement(cx, single ? statement : declaration, commented), declaration);
  }
}

/** Lowers the initializer, and gives the names their values. */
export function bindDeclaration(cx: Context, declaration: ts.VariableDeclaration): void {
  const { name, initializer } = declaration;
  if (cx.ts.isIdentifier(name)) {
    const variable = variableOf(cx, name);
    if (initializer !== undefined)
      assign(cx, variable, lowerExpression(cx, initializer, variable.hint), initializer);
    else if (!isRedeclared(cx, declaration, variable)) cx.unit.environment.set(variable, initial(cx, name));
    return;
  }
  if (initializer === undefined) return;
  const literal = bare(cx.ts, initializer);
  if (
    cx.ts.isArrayBindingPattern(name) &&
    cx.ts.isArrayLiteralExpression(literal) &&
    isPlain(cx, name, literal)
  ) {
    bindPairwise(cx, name, literal);
    return;
  }
  bindPattern(cx, name, lowerExpression(cx, initializer), initializer);
}

/** `var x;` again leaves the value. */
function isRedeclared(cx: Context, declaration: ts.VariableDeclaration, variable: Variable): boolean {
  const isVar = (declaration.parent.flags & cx.ts.NodeFlags.BlockScoped) === 0;
  return isVar && cx.unit.environment.get(variable) !== undefined;
}

/** A variable without a value: where TypeScript does not let it be read, joins need not keep it. */
function initial(cx: Context, name: ts.Identifier): Bound {
  return includesNothing(cx, cx.checker.getTypeAtLocation(name)) ? undefinedLiteral : unset;
}

/** Declares the variable of a name in the innermost scope; a `var` has been declared before. */
export function variableOf(cx: Context, name: ts.Identifier): Variable {
  const symbol = cx.checker.getSymbolAtLocation(name);
  const known = symbol === undefined ? null : cx.scope.lookup(symbol);
  if (known !== null && isFunctionScoped(cx, name)) return known;
  return declareVariable(cx, cx.scope, symbol, name.text);
}

function isFunctionScoped(cx: Context, name: ts.Identifier): boolean {
  let node: ts.Node = name.parent;
  while (cx.ts.isBindingElement(node) || isBindingPattern(cx.ts, node)) node = node.parent;
  return cx.ts.isVariableDeclaration(node) && (node.parent.flags & cx.ts.NodeFlags.BlockScoped) === 0;
}

export function declareVariable(
  cx: Context,
  scope: Scope,
  symbol: ts.Symbol | undefined,
  name: string,
): Variable {
  const variable: Variable = { name, hint: declared(`${cx.frame.prefix}${name}`), depth: null };
  if (symbol !== undefined) scope.declare(symbol, variable);
  return variable;
}

/** Gives a variable a value, under its name. */
export function assign(cx: Context, variable: Variable, bound: Bound, node: ts.Node): Bound {
  const value = named(cx, bound, variable.hint, node);
  cx.unit.environment.set(variable, value);
  return value;
}

/** True if both sides have as many elements, and none is spread, left out or given a default. */
function isPlain(cx: Context, pattern: ts.ArrayBindingPattern, literal: ts.ArrayLiteralExpression): boolean {
  return (
    pattern.elements.length === literal.elements.length &&
    pattern.elements.every(
      (element) =>
        cx.ts.isBindingElement(element) &&
        element.dotDotDotToken === undefined &&
        element.initializer === undefined,
    ) &&
    literal.elements.every((each) => !cx.ts.isSpreadElement(each) && !cx.ts.isOmittedExpression(each))
  );
}

/** `const [a, b] = [1, 2];` needs no array. */
function bindPairwise(
  cx: Context,
  pattern: ts.ArrayBindingPattern,
  literal: ts.ArrayLiteralExpression,
): void {
  const targets = pattern.elements.filter((element) => cx.ts.isBindingElement(element));
  const variables = targets.map(({ name }) => (cx.ts.isIdentifier(name) ? variableOf(cx, name) : null));
  const values = literal.elements.map((element, i) =>
    lowerExpression(cx, element, variables[i]?.hint ?? null),
  );
  targets.forEach(({ name }, i) => {
    const variable = variables[i];
    const value = values[i] ?? poison;
    if (variable) assign(cx, variable, value, name);
    else if (!cx.ts.isIdentifier(name)) bindPattern(cx, name, value, name);
  });
}

/** Binds a name or a pattern of a parameter or declaration to a value that is there already. */
export function bindName(cx: Context, name: ts.BindingName, bound: Bound, node: ts.Node): void {
  if (cx.ts.isIdentifier(name)) assign(cx, variableOf(cx, name), bound, node);
  else bindPattern(cx, name, bound, node);
}

/** Takes apart an object or an array. */
export function bindPattern(cx: Context, pattern: ts.BindingPattern, bound: Bound, node: ts.Node): void {
  if (bound === poison) {
    poisonNames(cx, pattern);
    return;
  }
  if (bound.kind === "namespace" || bound.kind === "builtin") {
    bindLibraryMembers(cx, pattern, bound.name);
    return;
  }
  const ref = referenceOf(cx, bound, node);
  if (ref === null) poisonNames(cx, pattern);
  else if (cx.ts.isArrayBindingPattern(pattern)) bindElements(cx, pattern, ref);
  else bindFields(cx, pattern, ref);
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
  for (const element of pattern.elements) {
    if (element.dotDotDotToken !== undefined) {
      bindName(cx, element.name, remainingFields(cx, element.name, ref, taken), element);
      continue;
    }
    const key = keyOfElement(cx, element);
    if (key === null) {
      refusePattern(cx, element, "the name of the property is computed");
      poisonElement(cx, element);
      continue;
    }
    taken.add(key);
    const index = ref.type.shape.kind === "object" ? key : /^\d+$/u.test(key) ? Number(key) : key;
    bindElement(cx, element, ref, index);
  }
}

function keyOfElement(cx: Context, element: ts.BindingElement): string | null {
  if (element.propertyName !== undefined) return propertyName(cx, element.propertyName);
  return cx.ts.isIdentifier(element.name) ? element.name.text : null;
}

function remainingFields(
  cx: Context,
  name: ts.BindingName,
  ref: RefValue,
  taken: ReadonlySet<string>,
): Bound {
  const { shape } = ref.type;
  if (shape.kind !== "object")
    return refusePattern(cx, name, "the rest of an array is taken by `[a, ...rest]`");
  const cells = new Map<string, Bound>();
  for (const field of shape.fields) {
    if (taken.has(field.name)) continue;
    const member = cx.unit.members.get(ref.id)?.get(field.name);
    if (member === undefined && field.shape.kind === "opaque") continue;
    cells.set(field.name, member ?? loadRaw(cx, ref, field.name, name, null));
  }
  return allocateObject(cx, name, cells, cx.ts.isIdentifier(name) ? variableOf(cx, name).hint : null);
}

function bindElements(cx: Context, pattern: ts.ArrayBindingPattern, ref: RefValue): void {
  pattern.elements.forEach((element, i) => {
    if (!cx.ts.isBindingElement(element)) return;
    if (element.dotDotDotToken === undefined) bindElement(cx, element, ref, i);
    else bindName(cx, element.name, remainingElements(cx, element, ref, i), element);
  });
}

function remainingElements(cx: Context, element: ts.BindingElement, ref: RefValue, from: number): Bound {
  const length = lengthOf(cx, ref);
  if (length === null) return refuse(cx, "spreadLength", element, { code: excerpt(element) });
  const values = Array.from({ length: Math.max(0, length - from) }, (_, i) =>
    loadRaw(cx, ref, from + i, element, null),
  );
  const hint = cx.ts.isIdentifier(element.name) ? variableOf(cx, element.name).hint : null;
  return allocateElements(cx, element.name, values.filter(isAtom), hint);
}

/** One name of a pattern, with its default. */
function bindElement(cx: Context, element: ts.BindingElement, ref: RefValue, key: Key): void {
  const { name, initializer } = element;
  const variable = cx.ts.isIdentifier(name) ? variableOf(cx, name) : null;
  const hint = variable?.hint ?? null;
  const unchecked = ref.type.shape.kind === "array" && (initializer !== undefined || mayBeNothing(cx, name));
  const load = (given: Hint | null): Bound => {
    if (key === "length" && ref.type.shape.kind !== "object") return loadLength(cx, ref, element, given);
    return unchecked && typeof key === "number"
      ? loadElement(cx, ref, key, element, given)
      : loadRaw(cx, ref, key, element, given);
  };
  let bound: Bound;
  if (initializer !== undefined) bound = withDefault(cx, load(null), initializer, hint);
  else bound = load(isAbsentable(ref, key) ? null : hint);
  if (isAtom(bound) && bound.type.kind === "maybe" && !mayBeNothing(cx, name))
    bound = present(cx, bound, element, hint);
  if (variable !== null) assign(cx, variable, bound, element);
  else bindName(cx, name, bound, element);
}

/** True where the load is `maybe`, so that the name goes to what takes that off. */
function isAbsentable(ref: RefValue, key: Key): boolean {
  const { shape } = ref.type;
  if (shape.kind === "object")
    return shape.fields.some((field) => field.name === key && field.shape.kind === "maybe");
  return shape.kind === "tuple" && shape.elements[Number(key)]?.kind === "maybe";
}

/** A value, or the default where it is `undefined`. */
export function withDefault(cx: Context, bound: Bound, initializer: ts.Expression, hint: Hint | null): Bound {
  if (!isAtom(bound) || bound === poison) return bound;
  if (bound.type.kind === "nothing" && bound.kind === "literal") {
    return bound.value === undefined ? lowerExpression(cx, initializer, hint) : bound;
  }
  if (bound.type.kind !== "maybe") return bound;
  const absent = apply(cx, ops.isUndefined, [bound], initializer);
  return branch(
    cx,
    initializer,
    absent,
    () => lowerExpression(cx, initializer),
    () => presentUnlessNull(cx, bound, initializer),
    hint,
  );
}

/** A default does not replace `null`. */
function presentUnlessNull(cx: Context, bound: Bound, initializer: ts.Expression): Bound {
  const { parent } = initializer;
  const name = cx.ts.isBindingElement(parent) || cx.ts.isParameter(parent) ? parent.name : null;
  return isAtom(bound) && (name === null || !mayBeNothing(cx, name))
    ? present(cx, bound, initializer)
    : bound;
}

function poisonElement(cx: Context, element: ts.BindingElement): void {
  if (cx.ts.isIdentifier(element.name)) cx.unit.environment.set(variableOf(cx, element.name), poison);
  else poisonNames(cx, element.name);
}

function refusePattern(cx: Context, node: ts.Node, reason: string): Bound {
  return refuse(cx, "unsupportedPattern", node, { code: excerpt(node), reason });
}
