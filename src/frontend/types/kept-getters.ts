/**
 * Getters of object literals that lie where a type is declared: `interface Box { readonly area: number }` says that there
 * is a number, and `{ r, get area() { … } }` fits it. Memory that is filled later is made for the getters then.
 */
import type { ts } from "ts-morph";
import type { Field, ObjectShape, Shape, Type } from "../../ir/types.js";
import { nameOfShape } from "../../ir/shapes.js";
import type { Context } from "../context.js";
import { cellShape } from "../memory.js";
import { bare } from "../syntax.js";
import { orNothing } from "./joined-types.js";
import { functionsIn, holdsFunctions, keptShape } from "./function-shapes.js";

/** The getter of that name in an object literal. */
export function getterIn(
  { ts: tsc }: Context,
  node: ts.Node,
  name: string,
): ts.GetAccessorDeclaration | null {
  if (!tsc.isObjectLiteralExpression(node)) return null;
  for (const each of node.properties)
    if (tsc.isGetAccessor(each) && tsc.isIdentifier(each.name) && each.name.text === name) return each;
  return null;
}

/** The fields in which one shape has a function, or what is not looked into, and the other a plain value. */
export function computedFields(declared: ObjectShape, made: ObjectShape): readonly string[] {
  return made.fields.flatMap(({ name, shape }) => {
    const cell = cellShape(declared, name);
    const isPlain = cell !== null && cell.kind !== "opaque" && !holdsFunctions(cell);
    return isPlain && shape.kind === "opaque" ? [name] : [];
  });
}

/** The same of types. */
export function isComputedIn(declared: Type, made: Type): boolean {
  const [one, other] = [declared, made].map((type) => (type.kind === "maybe" ? type.type : type));
  if (one?.kind !== "ref" || other?.kind !== "ref") return false;
  const [plain, own] = [one.shape, other.shape];
  if (plain.kind !== "object" || own.kind !== "object") return false;
  return own.fields.some(({ name, shape }) => {
    const cell = cellShape(plain, name);
    const isPlain = cell !== null && cell.kind !== "opaque" && !holdsFunctions(cell);
    return isPlain && (shape.kind === "opaque" || holdsFunctions(shape));
  });
}

/** The declared shape with getters in place of the fields that they compute; null where that is not all that differs. */
export function withGetters(cx: Context, declared: Shape, made: Shape): Shape | null {
  if (declared.kind === "maybe" || made.kind === "maybe") {
    const [one, other] = [declared, made].map((each) => (each.kind === "maybe" ? each.shape : each));
    const inner = one === undefined || other === undefined ? null : withGetters(cx, one, other);
    const { none } = declared.kind === "maybe" ? declared : { none: undefined };
    return inner === null ? null : declared.kind === "maybe" ? orNothing(inner, none) : inner;
  }
  if (declared.kind !== "object" || made.kind !== "object") return null;
  if (nameOfShape(declared) !== null || nameOfShape(made) !== null) return null;
  const fields = declared.fields.map((field): Field => {
    const own = cellShape(made, field.name);
    if (own === null || holdsFunctions(field.shape) || !areGetters(cx, own)) return field;
    return { ...field, shape: own };
  });
  const isNews = fields.some((field, i) => field !== declared.fields[i]);
  return isNews ? keptShape({ ...declared, fields }, made) : null;
}

/** All functions that the shape stands for are getters. */
function areGetters({ unit, ts: tsc }: Context, shape: Shape): boolean {
  if (functionsIn(shape) === null) return false;
  const texts = unit.records.variations(shape).map(({ text: { key } }) => key);
  return texts.every((key) => typeof key === "object" && tsc.isGetAccessorDeclaration(key as ts.Node));
}

/** Nothing is in it when it is made. */
export function isMadeEmpty({ ts: tsc }: Context, node: ts.Node): boolean {
  const made = tsc.isExpression(node) ? bare(tsc, node) : node;
  if (tsc.isArrayLiteralExpression(made)) return made.elements.length === 0;
  if (tsc.isObjectLiteralExpression(made)) return made.properties.length === 0;
  if (tsc.isNewExpression(made)) return (made.arguments ?? []).length === 0;
  if (!tsc.isCallExpression(made) || !tsc.isPropertyAccessExpression(made.expression)) return false;
  return ["map", "flatMap", "from"].includes(made.expression.name.text);
}
