/** Functions in memory that may call their like: one function of the gradient's file goes to the one that it is. */
import type { ts } from "ts-morph";
import type { End, Type, Value } from "../../ir/types.js";
import { type Context, poison } from "../context.js";
import { loadRaw } from "../memory.js";
import { type Bound, type Closure, type Kept, Scope, type Static, isAtom } from "../scope.js";
import { type RefValue, isRef } from "../values.js";
import { callStatic, leaveAlways } from "./calls.js";
import { endOfCompanion } from "./companion-results.js";
import type { Variation } from "./function-texts.js";
import { chooseFunction } from "./functions.js";
import { valueParameters } from "./inline.js";

/** The function that calls the one that the record stands for; null where each is to be called by itself. */
export function dispatcherOf(
  cx: Context,
  record: RefValue,
  variations: readonly Variation[],
): Closure | null {
  const { records } = cx.unit;
  const own = variations.map(({ text: { key } }) => key).filter((key) => isFunctionNode(cx, key));
  const [first] = own;
  if (variations.length < 2 || first === undefined || !records.isKnotted(record.type.shape)) return null;
  if (!variations.some(({ text }) => records.isEndless(text)) || !own.every((node) => isPlain(cx, node)))
    return null;
  const main = own.reduce(
    (most, node) => (node.parameters.length > most.parameters.length ? node : most),
    first,
  );
  const text = variations.find(({ text: { key } }) => key === main)?.text;
  if (text === undefined) return null;
  const names = new Set(variations.map(({ text: { name } }) => name));
  const name = names.size === 1 ? text.name : null;
  return {
    kind: "closure",
    node: main,
    scope: records.dispatchScope(record.type.shape, () => new Scope(cx.unit.globals, null, text.types)),
    name: name ?? "call",
    prefix: "",
    self: record,
    dispatches: variations,
  };
}

function isFunctionNode(cx: Context, key: object | string): key is ts.FunctionLikeDeclaration {
  return typeof key === "object" && "kind" in key && cx.ts.isFunctionLike(key as ts.Node);
}

/** Each parameter takes one argument. */
function isPlain(cx: Context, { parameters }: ts.FunctionLikeDeclaration): boolean {
  return valueParameters(cx, parameters).every(
    ({ dotDotDotToken, initializer, questionToken }) =>
      dotDotDotToken === undefined && initializer === undefined && questionToken === undefined,
  );
}

/** The function that the record stands for, by its tag where there are several. */
export function oneOf(
  cx: Context,
  record: RefValue,
  variations: readonly Variation[],
  node: ts.Node,
): Static | null {
  const kept = variations.map(({ text, word }): readonly [string, Kept] => [
    word ?? "",
    { kind: "kept", record, text },
  ]);
  const [first, ...more] = kept;
  if (first === undefined || more.length === 0) return first?.[1] ?? null;
  const key = loadRaw(cx, record, variations[0]?.tag ?? "", node, null);
  return isAtom(key) ? chooseFunction(cx, key, kept, true) : null;
}

/** The body of such a function: the tag of the record says which function is written out. */
export function lowerDispatch(
  cx: Context,
  variations: readonly Variation[],
  record: Value,
  args: readonly Bound[],
  result: Type | null,
  node: ts.Node,
): End {
  const chosen = isRef(record) ? oneOf(cx, record, variations, node) : null;
  if (chosen === null) return endOfCompanion(cx, poison, result, node);
  const bound = callStatic(cx, chosen, args, node as ts.CallExpression, null, (end) => {
    leaveAlways(cx, end);
  });
  return endOfCompanion(cx, bound, result, node);
}
