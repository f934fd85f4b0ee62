/** Assignments as expressions: `x = e`, `p.x += e`, `x++`, `x ??= e`, `[a, b] = [b, a]`. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { number, suggested } from "../../ir/builder.js";
import { isKeyed, isMemory, unfolded } from "../../ir/shapes.js";
import type { Hint } from "../../ir/types.js";
import { type KeyedRef, isKeyedRef, recordKey } from "../records/keyed.js";
import { setterOf, staticVariable, superSetter } from "../classes/class-members.js";
import { noteEmptying } from "../control/emptied.js";
import { lowerNoteValue } from "../control/notes.js";
import { counterVariable } from "../control/counters.js";
import { type Context, poison, refuse } from "../context.js";
import { assignPattern, isDestructuring } from "./destructuring.js";
import { assign } from "./declarations.js";
import { type ChosenField, loadChosen, storeChosen } from "../records/dynamic-fields.js";
import { lowerExpression } from "./expressions.js";
import { giveField } from "../functions/given-fields.js";
import { shorten } from "../arrays/array-growth.js";
import { type Key, loadCell, loadElement, loadLength, loadRaw } from "../memory.js";
import { noteResizing, storeElement } from "../arrays/appending.js";
import { symbolOf } from "../names.js";
import { isFilled } from "../control/lazy-variables.js";
import { moduleVariable } from "./constants.js";
import { combine } from "./operators.js";
import { logicalOperator, shortCircuit } from "./logic.js";
import { draftVariable } from "../classes/instances.js";
import { type Access, elementKey, fieldOf } from "./properties.js";
import { wantRecord } from "../types/dictionaries.js";
import { keepList } from "../types/widening.js";
import type { Bound, Variable } from "../scope.js";
import { isExports } from "../control/written.js";
import { mayBeAbsent } from "./mixed.js";
import { unwrapped } from "../syntax.js";
import type { Setter } from "../classes/virtual-members.js";
import { namedValue } from "../value-names.js";
import { type RefValue, atomOf, narrowed, numberOf, referenceOf } from "../values.js";

/** What can be assigned to, its parts evaluated. */
export type Location =
  | { readonly kind: "variable"; readonly variable: Variable; readonly node: ts.Node }
  | { readonly kind: "cell"; readonly ref: RefValue; readonly key: Key; readonly node: ts.Node }
  /** `w[key]`, one of several fields. */
  | {
      readonly kind: "fields";
      readonly ref: RefValue;
      readonly field: ChosenField;
      readonly node: ts.Node;
    }
  /** `v.norm`, where the class says what happens. */
  | { readonly kind: "setter"; readonly setter: Setter; readonly node: Access }
  /** `xs.length`, which an array can be shortened by. */
  | { readonly kind: "length"; readonly ref: RefValue; readonly node: ts.Node }
  /** Refused already. */
  | { readonly kind: "nowhere" };

/** Lowers `target = e` and the compound forms; the value is that of what was assigned. */
export function lowerAssignment(cx: Context, node: ts.BinaryExpression): Bound {
  const { SyntaxKind } = cx.ts;
  const { left, right, operatorToken } = node;
  if (operatorToken.kind === SyntaxKind.EqualsToken) {
    // `const f = exports.f = …` of a module that is being loaded.
    if (cx.frame.returns.kind === "none" && isOfExports(cx, left)) return lowerExpression(cx, right);
    if (isDestructuring(cx, left)) return assignPattern(cx, node, left);
    const given = giveField(cx, node);
    if (given !== null) return given;
    const location = locate(cx, left);
    return write(cx, location, lowerExpression(cx, right, hintOf(location)), node);
  }
  const noted = lowerNoteValue(cx, node, null);
  if (noted !== null) return noted;
  const location = locate(cx, left);
  const isLogical = /^(?:&&|\|\||\?\?)=$/u.test(operatorToken.getText());
  // A number that is not there is falsy all the same.
  const isOpen =
    operatorToken.kind === SyntaxKind.QuestionQuestionEqualsToken || (isLogical && holdsMemory(location));
  const before =
    isLogical && location.kind === "cell" && (isKeyedRef(location.ref) || mayLack(location.ref))
      ? loadRaw(cx, location.ref, location.key, location.node, null)
      : read(cx, location, left, isOpen);
  if (before === null) {
    lowerExpression(cx, right);
    return poison;
  }
  const operator = operatorToken.getText().slice(0, -1);
  if (operator === "&&" || operator === "||" || operator === "??") {
    const kind = logicalOperator(cx, operatorToken.kind);
    const assigned = (): Bound => write(cx, location, lowerExpression(cx, right, hintOf(location)), node);
    return narrowed(cx, shortCircuit(cx, node, kind, before, left, assigned, null), node);
  }
  const operand = { bound: lowerExpression(cx, right), node: right };
  const value = combine(cx, node, operator, { bound: before, node: left }, operand, hintOf(location));
  return write(cx, location, value, node);
}

/** `x++`, `--x`; behind the operand, the value is the one before. */
export function lowerUpdate(
  cx: Context,
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  operator: ts.SyntaxKind,
  postfix: boolean,
  hint: Hint | null,
): Bound {
  const noted = lowerNoteValue(cx, node, hint);
  if (noted !== null) return noted;
  const location = locate(cx, node.operand);
  const before = read(cx, location, node.operand);
  if (before === null) return poison;
  const sign = operator === cx.ts.SyntaxKind.PlusPlusToken ? "+" : "-";
  const left = { bound: before, node: node.operand };
  const one = { bound: number(1), node };
  const after = combine(cx, node, sign, left, one, hintOf(location) ?? hint);
  const written = write(cx, location, after, node);
  return postfix ? before : written;
}

/** Evaluates the object of a place; reports what cannot be assigned to. */
export function locate(cx: Context, node: ts.Expression): Location {
  const target = unwrapped(cx.ts, node);
  if (cx.ts.isIdentifier(target)) return locateVariable(cx, target);
  if (cx.ts.isPropertyAccessExpression(target) || cx.ts.isElementAccessExpression(target)) {
    return locateCell(cx, target);
  }
  refuseTarget(cx, node, "only variables, fields and elements can be assigned to");
  return { kind: "nowhere" };
}

/** `exports.f`. */
function isOfExports(cx: Context, node: ts.Expression): boolean {
  return cx.ts.isPropertyAccessExpression(node) && isExports(cx, node.expression);
}

function locateVariable(cx: Context, node: ts.Identifier): Location {
  const symbol = symbolOf(cx, node);
  const known = symbol === null ? null : cx.scope.lookup(symbol);
  const isFirst = known === null && symbol !== null && isLazyOfModule(cx, symbol);
  const variable =
    symbol === null || known !== null
      ? known
      : isFirst
        ? moduleVariable(cx, symbol, node)
        : counterVariable(cx, symbol, node);
  if (variable?.isShared === true) return { kind: "variable", variable, node };
  if (symbol !== null && cx.unit.root().told.has(symbol)) return { kind: "nowhere" };
  const isOfModule = symbol !== null && cx.unit.globals.own(symbol) !== null;
  if (variable === null || (isOfModule && variable.filling === undefined)) {
    refuse(cx, "outerAssignment", node, { name: node.text, owner: "", hidden: "" });
    return { kind: "nowhere" };
  }
  return { kind: "variable", variable, node };
}

/** `table ??= …`, of a variable of a module. */
function isLazyOfModule(cx: Context, symbol: ts.Symbol): boolean {
  const declaration = symbol.valueDeclaration;
  const statement = declaration?.parent.parent;
  return statement !== undefined && cx.ts.isSourceFile(statement.parent) && isFilled(cx, symbol);
}

/** The emitted file can import the class. */
function isExported(cx: Context, name: ts.Identifier | undefined): boolean {
  const symbol = name === undefined ? undefined : cx.checker.getSymbolAtLocation(name);
  return (
    name !== undefined &&
    symbol !== undefined &&
    namedValue(cx.unit.emitted, name.getSourceFile(), symbol, [name.text]) !== null
  );
}

function locateCell(cx: Context, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): Location {
  if (node.expression.kind === cx.ts.SyntaxKind.SuperKeyword) {
    const setter = superSetter(cx, node);
    return setter === null ? { kind: "nowhere" } : { kind: "setter", setter, node };
  }
  const base = lowerExpression(cx, node.expression);
  if (base === poison) return { kind: "nowhere" };
  if (base.kind === "class") {
    const counter = staticVariable(cx, base, node);
    if (counter === "refused") return { kind: "nowhere" };
    if (counter !== null) return { kind: "variable", variable: counter, node };
    const name = cx.ts.isPropertyAccessExpression(node) ? node.name.text : excerpt(node);
    const owner = base.node.name;
    refuse(cx, "outerAssignment", node, {
      name,
      owner: owner?.text ?? "",
      hidden: isExported(cx, owner) ? "" : "hidden",
    });
    return { kind: "nowhere" };
  }
  if (base.kind === "draft" && base.made === null) {
    const variable = draftVariable(cx, base, node);
    if (variable !== null) return { kind: "variable", variable, node };
  }
  if (base.kind === "list") {
    keepList(cx, base);
    refuseTarget(cx, node, "it is not known which array of functions is written to");
    return { kind: "nowhere" };
  }
  const ref = referenceOf(cx, base, node.expression, true);
  if (ref === null) return { kind: "nowhere" };
  if (isKeyedRef(ref)) return locateUnder(cx, ref, node);
  if (ref.type.shape.kind === "object") {
    const setter = setterOf(cx, ref, node);
    if (setter === "refused") return { kind: "nowhere" };
    if (setter !== null) return { kind: "setter", setter, node };
    const field = fieldOf(cx, ref, node);
    if (field === null) {
      wantRecord(cx, ref);
      refuse(cx, "dynamicAccess", node, { code: excerpt(node) });
      return { kind: "nowhere" };
    }
    if (typeof field !== "string") return { kind: "fields", ref, field, node };
    return { kind: "cell", ref, key: field, node };
  }
  const key = elementKey(cx, node);
  if (key === null) {
    refuse(cx, "dynamicIndex", node, { code: excerpt(node) });
    return { kind: "nowhere" };
  }
  if (key === "length" && ref.type.shape.kind === "array" && ref.type.shape.storage === "Array")
    return { kind: "length", ref, node };
  if (typeof key === "string") {
    refuseTarget(cx, node, `\`${key}\` of an array cannot be changed`);
    return { kind: "nowhere" };
  }
  return { kind: "cell", ref, key, node };
}

function locateUnder(cx: Context, ref: KeyedRef, node: Access): Location {
  if (ref.type.shape.storage !== "Record") {
    refuseTarget(cx, node, "a map is written to by `set`");
    return { kind: "nowhere" };
  }
  const key = recordKey(cx, node);
  return key === null ? { kind: "nowhere" } : { kind: "cell", ref, key, node };
}

/** The value before a compound assignment; null where there is none. `isOpen`: an element may not be there yet. */
function read(cx: Context, location: Location, node: ts.Expression, isOpen = false): Bound | null {
  switch (location.kind) {
    case "variable":
      return narrowed(cx, lowerExpression(cx, unwrapped(cx.ts, node)), node);
    case "cell":
      return isOpen && typeof location.key !== "string" && mayBeShorter(location.ref)
        ? loadElement(cx, location.ref, location.key, location.node, null)
        : loadCell(cx, location.ref, location.key, location.node, null);
    case "setter":
      return lowerExpression(cx, location.node);
    case "fields":
      return narrowed(cx, loadChosen(cx, location.ref, location.field, location.node, null), node);
    case "length":
      return loadLength(cx, location.ref, location.node);
    case "nowhere":
      return null;
  }
}

/** The elements are objects or arrays. */
function holdsMemory(location: Location): boolean {
  if (location.kind !== "cell") return false;
  const { shape } = location.ref.type;
  return shape.kind === "array" && isMemory(unfolded(shape.element));
}

/** An array of which TypeScript does not say that elements may be missing. */
function mayBeShorter({ type: { shape } }: RefValue): boolean {
  return shape.kind === "array" && !isKeyed(shape) && shape.element.kind !== "maybe";
}

/** An array of which some elements may be missing, whatever TypeScript says. */
function mayLack({ type: { shape } }: RefValue): boolean {
  return shape.kind === "array" && mayBeAbsent(shape.element);
}

/** Assigns, and gives the value assigned. */
export function write(cx: Context, location: Location, bound: Bound, node: ts.Node): Bound {
  switch (location.kind) {
    case "variable":
      return assign(cx, location.variable, bound, node);
    case "cell": {
      const value = atomOf(cx, bound, node);
      storeElement(cx, location.ref, location.key, value, location.node, node);
      return value;
    }
    case "fields": {
      const value = atomOf(cx, bound, node);
      storeChosen(cx, location.ref, location.field, value, location.node);
      return value;
    }
    case "setter":
      location.setter(bound);
      return bound;
    case "length": {
      const value = numberOf(cx, bound, node);
      noteResizing(cx, location.ref, "length");
      const cut = (): void => {
        shorten(cx, location.ref, value, location.node);
      };
      if (value !== poison && value.kind === "literal" && value.value === 0)
        noteEmptying(cx, location.ref, cut);
      else cut();
      return value;
    }
    case "nowhere":
      return poison;
  }
}

/** The name for a value that is going to be assigned there. */
export function hintOf(location: Location): Hint | null {
  if (location.kind === "variable") return location.variable.hint;
  if (location.kind !== "cell" || typeof location.key === "object") return null;
  const owner = location.ref.hint?.text;
  return owner === undefined ? null : suggested(`${owner}_${String(location.key)}`);
}

function refuseTarget(cx: Context, node: ts.Node, reason: string): void {
  refuse(cx, "unsupportedAssignment", node, { code: excerpt(node), reason });
}
