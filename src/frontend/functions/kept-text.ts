/**
 * Code that is kept as text, with the values that it mentions in place of the expressions that compute them: what a
 * `throw` throws, and what goes to the console.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { isKeyed } from "../../ir/shapes.js";
import type { Atom, ImportedName, Shape } from "../../ir/types.js";
import { type Context, poison, refuseExpression, unset } from "../context.js";
import { writtenKeys } from "../records/written-keys.js";
import { decidedOperand } from "./decided-text.js";
import { lowerExpression } from "../expressions/expressions.js";
import { becomesText, textOfObject } from "../expressions/object-text.js";
import { isOfLibrary, symbolOf } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { shapeText } from "../types/shape-text.js";
import { shapeOf } from "../types/shapes.js";
import { holdsOwnForm } from "../types/listed-keys.js";
import { isAssignmentOperator, isShortCircuit } from "../syntax.js";
import {
  classOf,
  exportedValue,
  formatOf,
  isClosed,
  isGlobal,
  kindOfValue,
  prototypeOf,
} from "./names-in-text.js";
import type { ClassNode } from "../classes/classes.js";
import { addPart, isTextPart, withoutHole } from "./text-parts.js";
import { isRef } from "../values.js";

export type KeptText = (string | Atom)[];

export interface Kept {
  readonly text: KeptText;
  /** What it names of the source. */
  readonly imports: readonly ImportedName[];
}

/** Where the text goes. */
export interface KeptPlace {
  /** With its article, for messages: "a `throw`". */
  readonly name: string;
  /** Objects and arrays may be mentioned, too. */
  readonly takesMemory: boolean;
  /** Where a part cannot be had, the text may say less. */
  readonly mayShorten: boolean;
}

/** The source of a node, without the comments in front of it. */
export function keptText(cx: Context, node: ts.Node, place: KeptPlace): Kept {
  const text: KeptText = [];
  const imports: ImportedName[] = [];
  addText({ ...cx, place, imports }, node, text);
  return {
    text: mergeStrings(text).map((part) => (typeof part === "string" ? withoutHole(part) : part)),
    imports,
  };
}

type KeptContext = Context & { readonly place: KeptPlace; readonly imports: ImportedName[] };

function addText(cx: KeptContext, node: ts.Node, text: KeptText): void {
  if (isTextPart(cx, node) && mentionsLocals(cx, node)) {
    addPart(cx, node, text, (own) => {
      addSource(cx, node, own);
    });
  } else {
    addSource(cx, node, text);
  }
}

/** Appends the source of `node`, without the comments in front of it. */
function addSource(cx: KeptContext, node: ts.Node, text: KeptText): void {
  const tsc = cx.ts;
  if (tsc.isAsExpression(node) || tsc.isSatisfiesExpression(node)) {
    text.push("(");
    addText(cx, node.expression, text);
    text.push(")");
    return;
  }
  const isLocal = mentionsLocals(cx, node);
  if (isLocal && tsc.isSpreadElement(node) && addElements(cx, node, text)) return;
  const operand = isLocal ? decidedOperand(cx, node) : null;
  if (operand !== null) {
    addText(cx, operand, text);
    return;
  }
  const keys = isLocal ? writtenKeys(cx, node) : null;
  if (keys !== null) {
    text.push(`[${keys.map((key) => JSON.stringify(key)).join(", ")}]`);
    return;
  }
  const own =
    becomesText(cx, node) && isObject(cx, node) ? textOfObject(cx, lowerExpression(cx, node), node) : null;
  if (own !== null) {
    if (own !== poison) text.push(own);
    return;
  }
  if (isScalarExpression(cx, node)) {
    if (isLocal) addHole(cx, node, text);
    else if (tsc.isIdentifier(node) && !isGlobal(cx, node)) addHole(cx, node, text);
    else text.push(node.getText());
    return;
  }
  if (cx.place.takesMemory && (isMemoryExpression(cx, node) || isThis(cx, node))) {
    addHole(cx, node, text);
    return;
  }
  if (tsc.isIdentifier(node) && holdsValue(cx, node)) {
    addHole(cx, node, text);
    return;
  }
  if (tsc.isIdentifier(node)) {
    addName(cx, node, text);
    return;
  }
  if (tsc.isFunctionLike(node) && isClosed(cx, node)) {
    text.push(node.getText());
    return;
  }
  if (tsc.isFunctionLike(node) || node.kind === tsc.SyntaxKind.ThisKeyword) {
    refuseExpression(cx, node, `${tsc.isFunctionLike(node) ? "function" : "`this`"} in ${cx.place.name}`);
    return;
  }
  if (tsc.isBinaryExpression(node) && isAssignmentOperator(tsc, node.operatorToken.kind)) {
    refuseExpression(cx, node, `assignment in ${cx.place.name}`);
    return;
  }
  if (dependsOnTest(cx, node)) {
    if (tsc.isExpression(node) && isScalarType(cx, cx.checker.getTypeAtLocation(node))) {
      addHole(cx, node, text);
      return;
    }
    refuseExpression(cx, node, `condition with values that are computed for ${cx.place.name} only`);
    return;
  }
  if (tsc.isShorthandPropertyAssignment(node)) {
    text.push(`${node.name.text}: `);
    addText(cx, node.name, text);
    return;
  }
  if (tsc.isPropertyAccessExpression(node)) noteMember(cx, node);
  addChildren(cx, node, text);
}

/** An argument in place of none. */
export const spreadOfNothing = "...[]";

/** `...args`, one by one where it is known what has been handed over; false where it is not. */
function addElements(cx: KeptContext, node: ts.SpreadElement, text: KeptText): boolean {
  const bound = cx.ts.isIdentifier(node.expression) ? lowerExpression(cx, node.expression) : null;
  if (bound?.kind !== "list") return false;
  if (bound.elements.length === 0) text.push(spreadOfNothing);
  for (const [i, element] of bound.elements.entries()) {
    text.push(i === 0 ? "" : ", ");
    addValue(cx, element, node, text);
  }
  return true;
}

/** A field that is neither scalar nor memory, `result.error`: an object that is made here is made without it, unless it is asked for. */
function noteMember(cx: Context, { expression, name }: ts.PropertyAccessExpression): void {
  if (!isMemoryExpression(cx, expression)) return;
  const base = lowerExpression(cx, expression);
  if (isAtom(base) && isRef(base)) cx.unit.unknownMembers.push({ region: base.type.region, name: name.text });
}

/** Neither a scalar nor an array, as far as its type tells. */
function isObject(cx: Context, node: ts.Expression): boolean {
  const { Object: Plain, TypeParameter, Union, Unknown, Any } = cx.ts.TypeFlags;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const isList = cx.checker.isArrayType(type) || cx.checker.isTupleType(type);
  return (
    (type.flags & (Plain | TypeParameter | Union | Unknown | Any)) !== 0 && !isList && !isScalarType(cx, type)
  );
}

/** Values are computed beforehand, and this one only where a test says so: it may not be there otherwise. */
function dependsOnTest(cx: Context, node: ts.Node): boolean {
  const tsc = cx.ts;
  const later = tsc.isConditionalExpression(node)
    ? [node.whenTrue, node.whenFalse]
    : isShortCircuit(tsc, node)
      ? [node.right]
      : tsc.isOptionalChain(node)
        ? [node]
        : [];
  return later.some((part) => !tsc.isIdentifier(part) && mentionsLocals(cx, part));
}

function isThis({ ts: tsc }: Context, node: ts.Node): node is ts.Expression {
  return node.kind === tsc.SyntaxKind.ThisKeyword;
}

/** An object, a tuple or an array of which it is known what is in it. */
function isMemoryExpression(cx: Context, node: ts.Node): node is ts.Expression {
  const tsc = cx.ts;
  const isPlace =
    tsc.isIdentifier(node) || tsc.isPropertyAccessExpression(node) || tsc.isElementAccessExpression(node);
  if (!isPlace || !mentionsLocals(cx, node) || tsc.isOptionalChain(node)) return false;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const { kind } = shapeOf(type, node, cx.unit.project);
  return kind === "object" || kind === "tuple" || kind === "array";
}

/** A variable of the function, of a type that does not tell what it holds: `data?: object`. */
function holdsValue(cx: Context, node: ts.Identifier): boolean {
  const symbol = symbolOf(cx, node);
  const variable = symbol === null ? null : cx.scope.lookup(symbol);
  const bound = variable === null ? undefined : cx.unit.environment.get(variable);
  return bound !== undefined && bound !== unset && isAtom(bound);
}

/** The tokens between the children are copied as they are. */
function addChildren(cx: KeptContext, node: ts.Node, text: KeptText): void {
  const source = node.getSourceFile();
  let position = node.getStart(source);
  cx.ts.forEachChild(node, (child) => {
    const start = child.getStart(source);
    text.push(source.text.slice(position, start));
    // The names of members and properties belong to no scope.
    if (isMemberName(cx, child)) text.push(child.getText());
    else addText(cx, child, text);
    position = child.getEnd();
  });
  text.push(source.text.slice(position, node.getEnd()));
}

function isMemberName(cx: Context, node: ts.Node): boolean {
  const { parent } = node;
  if (cx.ts.isTypeNode(node)) return true;
  return (
    (cx.ts.isPropertyAccessExpression(parent) || cx.ts.isPropertyAssignment(parent)) && parent.name === node
  );
}

/** Arithmetic, variables and fields that are numbers, strings or booleans. */
function isScalarExpression(cx: Context, node: ts.Node): node is ts.Expression {
  const tsc = cx.ts;
  const isValue =
    tsc.isIdentifier(node) ||
    tsc.isPropertyAccessExpression(node) ||
    tsc.isElementAccessExpression(node) ||
    tsc.isPrefixUnaryExpression(node) ||
    tsc.isPostfixUnaryExpression(node) ||
    tsc.isParenthesizedExpression(node) ||
    tsc.isNonNullExpression(node) ||
    tsc.isBinaryExpression(node) ||
    tsc.isConditionalExpression(node) ||
    tsc.isCallExpression(node);
  if (!isValue) return false;
  const type = cx.checker.getTypeAtLocation(node);
  const isPlace =
    tsc.isIdentifier(node) || tsc.isPropertyAccessExpression(node) || tsc.isElementAccessExpression(node);
  if (tsc.isCallExpression(node)) return isScalarType(cx, type) && isFunctionOfUser(cx, node);
  if ((type.flags & tsc.TypeFlags.NumberLike) !== 0) return true;
  // Behind a test that TypeScript sees through, a variable may have no value left.
  return isPlace && (isScalarType(cx, type) || (type.flags & tsc.TypeFlags.Never) !== 0);
}

function isScalarType(cx: Context, type: ts.Type): boolean {
  const { NumberLike, StringLike, BooleanLike, Undefined, Null } = cx.ts.TypeFlags;
  const parts = type.isUnion() ? type.types : [type];
  const isScalar = parts.some(({ flags }) => (flags & (NumberLike | StringLike | BooleanLike)) !== 0);
  const allowed = NumberLike | StringLike | BooleanLike | Undefined | Null;
  return isScalar && parts.every(({ flags }) => (flags & allowed) !== 0);
}

/** Calls of the library, such as `String(x)`, stay as they are around their arguments. */
function isFunctionOfUser(cx: Context, node: ts.CallExpression): boolean {
  const callee = cx.ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  const symbol = symbolOf(cx, callee);
  return symbol !== null && !isOfLibrary(cx, symbol);
}

function mentionsLocals(cx: Context, node: ts.Node): boolean {
  if (node.kind === cx.ts.SyntaxKind.ThisKeyword) return true;
  if (cx.ts.isIdentifier(node)) return !isMemberName(cx, node) && !isGlobal(cx, node);
  return cx.ts.forEachChild(node, (child) => mentionsLocals(cx, child) || undefined) ?? false;
}

function addHole(cx: KeptContext, node: ts.Expression, text: KeptText): void {
  const found = lowerExpression(cx, node);
  addValue(cx, found.kind === "unknown" && found.given !== undefined ? found.given : found, node, text);
}

function addValue(cx: KeptContext, bound: Bound, node: ts.Expression, text: KeptText): void {
  if (bound === poison) return;
  // Never reached, by its type: whatever it may be is not worth refusing the rest.
  if (!isAtom(bound) && (cx.checker.getTypeAtLocation(node).flags & cx.ts.TypeFlags.Never) !== 0) {
    text.push("undefined");
    return;
  }
  const what = `value in ${cx.place.name} that is not a number, string or boolean`;
  if (!isAtom(bound) || (bound.type.kind === "ref" && !cx.place.takesMemory)) {
    refuseExpression(cx, node, what);
    return;
  }
  if (bound.type.kind === "ref") {
    const own = classOf(cx, node);
    if (own !== null || (bound.kind === "value" && cx.unit.classes.has(bound.id))) {
      addInstance(cx, own, bound, node, text);
      return;
    }
  }
  if (bound.type.kind === "ref" && holdsOwnForm(bound.type.shape)) {
    refuseExpression(cx, node, `map of objects in ${cx.place.name}`);
    return;
  }
  const { parent } = node;
  if (cx.ts.isTemplateSpan(parent) && bound.kind === "literal" && bound.type.kind === "string") {
    text.push(bound.spelling);
    return;
  }
  const words = bound.kind === "literal" || cx.ts.isTemplateSpan(parent) ? null : wordsOf(cx, node);
  const alone = standsAlone(cx, parent) || (words === null && cx.ts.isShorthandPropertyAssignment(parent));
  text.push(alone ? "" : "(", bound, words === null ? "" : ` as ${words}`, alone ? "" : ")");
}

/** An instance, as one is made of an object with its fields. */
function addInstance(
  cx: KeptContext,
  own: ClassNode | null,
  bound: Atom,
  node: ts.Expression,
  text: KeptText,
): void {
  const maker = own === null ? null : prototypeOf(cx, own);
  if (maker === null) {
    refuseExpression(cx, node, `instance of a class in ${cx.place.name}`);
    return;
  }
  cx.imports.push(...maker.imports);
  text.push(`Object.assign(Object.create(${maker.text}.prototype), `, bound, ")");
}

/** In a template or as an argument, a value is not part of an expression. */
function standsAlone({ ts: tsc }: Context, parent: ts.Node): boolean {
  return tsc.isTemplateSpan(parent) || tsc.isNewExpression(parent) || tsc.isThrowStatement(parent);
}

/** What a string has to be, or those of an array, where that is not any text: in the emitted code it is. */
function wordsOf(cx: Context, node: ts.Expression): string | null {
  const whole = cx.ts.isSpreadElement(node.parent) ? node.parent.parent : node;
  const wanted = cx.ts.isExpression(whole) ? cx.checker.getContextualType(whole) : undefined;
  if (wanted === undefined) return null;
  const shape = shapeOf(cx.checker.getNonNullableType(wanted), node, cx.unit.project);
  return shape.kind !== "unsupported" && holdsWords(shape) ? shapeText(shape) : null;
}

function holdsWords(shape: Shape): boolean {
  if (shape.kind === "maybe") return holdsWords(shape.shape);
  if (shape.kind === "array" && !isKeyed(shape)) return holdsWords(shape.element);
  return shape.kind === "string" && shape.literals !== undefined;
}

function addName(cx: KeptContext, node: ts.Identifier, text: KeptText): void {
  if (isGlobal(cx, node)) {
    text.push(node.text);
    return;
  }
  const named = exportedValue(cx, node);
  const format = named === null ? formatOf(cx, node) : null;
  if (format !== null) {
    text.push(format.getText());
    return;
  }
  if (named === null) {
    const kind = kindOfValue(cx, node);
    const why =
      kind === "name" || !cx.unit.project.isOwn(node.getSourceFile())
        ? "that the gradient's file does not know"
        : "that has to be exported, so that the gradient's file can import it";
    refuseExpression(cx, node, `${kind} in ${cx.place.name} ${why} (\`${excerpt(node)}\`)`);
    return;
  }
  cx.imports.push(...named.imports);
  text.push(named.text);
}

function mergeStrings(text: readonly (string | Atom)[]): KeptText {
  const merged: KeptText = [];
  for (const part of text) {
    const last = merged.at(-1);
    if (part === "") continue;
    if (typeof part === "string" && typeof last === "string") merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  return merged;
}
