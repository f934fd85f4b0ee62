/**
 * Loops over tuples: the iterations are written out one behind the other, unless they are long and do the same to each
 * element.
 */
import type { ts } from "ts-morph";
import { isMemory } from "../../ir/shapes.js";
import { descendants } from "../classes/descendants.js";
import type { Context } from "../context.js";
import { commonElement } from "../memory.js";
import { functionsIn } from "../types/function-shapes.js";
import { isMapped } from "../types/named-types.js";
import type { RefValue } from "../values.js";
import type { Each } from "./loop-items.js";

/** Fewer elements are written out, however long that is. */
const fewestLooped = 3;

/** More statements than this are a loop. */
const mostWritten = 8;

export function isWrittenOut(cx: Context, node: Each, { type: { shape } }: RefValue): boolean {
  if (shape.kind !== "tuple" || shape.elements.length < fewestLooped) return true;
  const element = commonElement(shape.elements);
  if (element === null || element.kind === "opaque" || element.kind === "maybe") return true;
  if (isMemory(element) && functionsIn(element) !== null) return true;
  return !isLong(cx, node.statement, shape.elements.length) || namesFields(cx, node);
}

/** There is a loop in it, or what goes through an array, or it would become many statements. */
function isLong({ ts: tsc }: Context, statement: ts.Statement, times: number): boolean {
  const inside = [...descendants(tsc, statement)];
  const statements = inside.filter((each) => tsc.isStatement(each) && !tsc.isBlock(each));
  return (
    statements.length * times > mostWritten ||
    inside.some((each) => tsc.isIterationStatement(each, false) || tsc.isArrowFunction(each))
  );
}

/** The elements are the names of fields, which may differ, of something that the loop uses. */
function namesFields(cx: Context, { expression, statement }: Each): boolean {
  const { ts: tsc, checker } = cx;
  const tuple = checker.getTypeAtLocation(expression);
  if (!checker.isTupleType(tuple)) return false;
  const words = checker.getTypeArguments(tuple as ts.TypeReference).flatMap((each) => {
    return each.isStringLiteral() ? [each.value] : [];
  });
  if (words.length === 0) return false;
  return [...descendants(tsc, statement)].some((each) => {
    if (!tsc.isExpression(each) || tsc.isLiteralExpression(each)) return false;
    const type = checker.getNonNullableType(checker.getTypeAtLocation(each));
    return words.every((word) => type.getProperty(word) !== undefined) && !isTable(cx, type);
  });
}

/** What is under one key is like what is under another: an array, a dictionary, `Record<Joint, Pose>`. */
function isTable(cx: Context, type: ts.Type): boolean {
  return isMapped(type, cx) || cx.checker.getIndexInfosOfType(type).length > 0;
}
