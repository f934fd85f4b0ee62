/** What an array is kept in: `Array.isArray(x)`, `x instanceof Float32Array`, `ArrayBuffer.isView(x)`. */
import type { ts } from "ts-morph";
import { boolean } from "../../ir/builder.js";
import { containersOf } from "../../ir/containers.js";
import { isMixed } from "../../ir/shapes.js";
import type { Container, Shape } from "../../ir/types.js";
import { instanceOf } from "../../ops/classes.js";
import type { OpEntry } from "../../ops/entry.js";
import * as ops from "../../ops/scalar.js";
import { isArray as isArrayTest, isView as isViewTest } from "../../ops/steering.js";
import { typedStorage } from "../arrays/storage.js";
import { type Context, poison, refuseExpression } from "../context.js";
import { branch } from "../control/join.js";
import { isBoxed, isOfKind, listInBox, partOf } from "../expressions/boxes.js";
import { mayBeAbsent } from "../expressions/mixed.js";
import { symbolOf } from "../names.js";
import { isTupleUnion } from "./tuple-shapes.js";
import { type Bound, isAtom } from "../scope.js";
import { apply, atomOf, describeType, present } from "../values.js";

interface Question {
  readonly op: OpEntry;
  readonly isYes: (container: Container) => boolean;
}

const listQuestion: Question = { op: isArrayTest, isYes: (each) => each === "Array" };
const viewQuestion: Question = { op: isViewTest, isYes: (each) => each !== "Array" };

export function isArray(cx: Context, bound: Bound | undefined, node: ts.CallExpression): Bound {
  return ask(cx, bound, listQuestion, node, node.arguments[0] ?? node);
}

export function isView(cx: Context, bound: Bound | undefined, node: ts.CallExpression): Bound {
  return ask(cx, bound, viewQuestion, node, node.arguments[0] ?? node);
}

/** `x instanceof Float32Array`, `x instanceof Array`; null for other classes. */
export function lowerContainerTest(cx: Context, node: ts.BinaryExpression, left: Bound): Bound | null {
  const { right } = node;
  const symbol = cx.ts.isIdentifier(right) ? symbolOf(cx, right) : null;
  const [declaration] = symbol?.declarations ?? [];
  if (symbol === null || declaration === undefined) return null;
  if (!cx.unit.project.program.isSourceFileDefaultLibrary(declaration.getSourceFile())) return null;
  const name = symbol.name === "Array" ? "Array" : typedStorage(symbol.name);
  if (name === null) return null;
  // What the compiler does not look into may be anything.
  if (isAtom(left) && left.kind === "value" && left.type.kind === "nothing") return null;
  const op = name === "Array" ? isArrayTest : instanceOf(name, name, []);
  return ask(cx, left, { op, isYes: (each) => each === name }, node, node.left);
}

/** Known by what the value is, where that can be only one thing. */
function ask(cx: Context, bound: Bound | undefined, question: Question, node: ts.Node, at: ts.Node): Bound {
  if (bound?.kind === "unknown") return atomOf(cx, bound, at);
  if (bound === undefined || !isAtom(bound))
    return boolean(bound?.kind === "list" && question.isYes("Array"));
  if (bound === poison) return poison;
  if (isBoxed(bound)) {
    const list = listInBox(bound);
    const held = list === null ? false : answerFor(list, question);
    if (held === false) return boolean(false);
    const isList = isOfKind(cx, bound, "array", node);
    if (held === true) return isList;
    const part = (): Bound => ask(cx, partOf(cx, bound, "array", node, null) ?? poison, question, node, at);
    return branch(cx, node, isList, part, () => boolean(false), null);
  }
  const { type } = bound;
  const inner = type.kind === "maybe" ? type.type : type;
  const answer = inner.kind === "ref" ? answerFor(inner.shape, question) : false;
  if (answer === false) return boolean(false);
  if (type.kind !== "maybe") return (answer ?? false) ? boolean(true) : apply(cx, question.op, [bound], node);
  if (isMixed(type) && !mayBeAbsent(type)) return apply(cx, question.op, [bound], node);
  if (isMixed(type)) return refuseExpression(cx, node, `test of ${describeType(type)}`);
  const test = (): Bound => ask(cx, present(cx, bound, at), question, node, at);
  return branch(cx, node, apply(cx, ops.isPresent, [bound], node), test, () => boolean(false), null);
}

/** Null where only the call knows. */
function answerFor(shape: Shape, { isYes }: Question): boolean | null {
  const isTuple = shape.kind === "tuple" || isTupleUnion(shape);
  if (shape.kind !== "array" && !isTuple) return false;
  const containers = shape.kind === "array" ? containersOf(shape) : ["Array" as const];
  if (containers.includes("ArrayLike")) return null;
  const yes = containers.filter(isYes);
  return yes.length === 0 ? false : yes.length === containers.length ? true : null;
}
