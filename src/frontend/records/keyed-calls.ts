/** Methods of maps and sets, and `delete record[key]`. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean } from "../../ir/builder.js";
import type { Hint } from "../../ir/types.js";
import { type Context, poison, refuse, refuseExpression } from "../context.js";
import { fell } from "../control/control.js";
import { noteEmptying } from "../control/emptied.js";
import { lowerExpression } from "../expressions/expressions.js";
import {
  type KeyedRef,
  isKeyedRef,
  keysOf,
  loadPresence,
  loadUnder,
  lowerKey,
  storePresence,
  storeUnder,
} from "./keyed.js";
import { forEachKey, listItems } from "../arrays/keyed-lists.js";
import { isTakenAtOnce } from "../functions/taken-at-once.js";
import { callFunctionMap } from "./function-maps.js";
import { withChosenKeyed } from "./chosen-keyed.js";
import { forEachOf } from "./keyed-callbacks.js";
import { stringLiteral, undefinedLiteral } from "../names.js";
import { bare } from "../syntax.js";
import { type Bound, isAtom } from "../scope.js";
import { wantRecord } from "../types/dictionaries.js";
import { atomOf, present } from "../values.js";

interface KeyedCall {
  readonly cx: Context;
  readonly ref: KeyedRef;
  readonly node: ts.CallExpression;
  readonly hint: Hint | null;
}

/** `map.get(key)`, `map.set(key, value)`, `set.add(key)` and their like; null for other calls. */
export function lowerKeyedCall(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const { expression } = node;
  if (!cx.ts.isPropertyAccessExpression(expression)) return null;
  const method = methods.get(expression.name.text);
  const chosen =
    method === undefined
      ? null
      : withChosenKeyed(cx, expression.expression, hint, (ref) => method({ cx, ref, node, hint: null }));
  if (chosen !== null) return chosen;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(expression.expression));
  const name = (type.symbol as ts.Symbol | undefined)?.name ?? "";
  if (!libraryKeyed.has(name)) return null;
  return callOfKeyed(cx, lowerExpression(cx, expression.expression), node, expression, hint);
}

/** The same where the map or the set is there already; null for other values. */
export function callOfKeyed(
  cx: Context,
  bound: Bound,
  node: ts.CallExpression,
  expression: ts.PropertyAccessExpression,
  hint: Hint | null,
): Bound | null {
  const { name } = expression;
  if (bound.kind === "map") return callFunctionMap(cx, bound, name.text, node);
  const ref = present(cx, atomOf(cx, bound, expression.expression), node);
  if (ref === poison) return poison;
  if (!isKeyedRef(ref)) return null;
  const method = methods.get(name.text);
  return method === undefined
    ? refuse(cx, "unsupportedBuiltin", name, { name: excerpt(expression) })
    : method({ cx, ref, node, hint });
}

/** A type of the user's own that a map or a set fits: `{ get(k: string): number | undefined }`. */
export function mayBeKeyed(cx: Context, { expression, name }: ts.PropertyAccessExpression): boolean {
  if (!methods.has(name.text)) return false;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(expression));
  const { symbol } = type as Partial<ts.Type>;
  const { Interface, TypeLiteral } = cx.ts.SymbolFlags;
  return symbol !== undefined && (symbol.flags & (Interface | TypeLiteral)) !== 0 && isOfProject(cx, symbol);
}

function isOfProject(cx: Context, { name, declarations = [] }: ts.Symbol): boolean {
  const { program } = cx.unit.project;
  // `Pick<Map<string, number>, "get" | "set">` is declared by the library.
  return (
    name === "__type" ||
    !declarations.some((each) => program.isSourceFileDefaultLibrary(each.getSourceFile()))
  );
}

const libraryKeyed: ReadonlySet<string> = new Set([
  ...["Map", "ReadonlyMap", "WeakMap", "Set", "ReadonlySet", "WeakSet"],
]);

const methods: ReadonlyMap<string, (call: KeyedCall) => Bound> = new Map([
  ["get", get],
  ["has", has],
  ["set", set],
  ["add", add],
  ["delete", remove],
  ["clear", clear],
  ["forEach", (call: KeyedCall) => forEachOf(call.cx, call.ref, call.node)],
  ["keys", (call: KeyedCall) => iterator(call, "keys")],
  ["values", (call: KeyedCall) => iterator(call, "values")],
  ["entries", (call: KeyedCall) => iterator(call, "entries")],
]);

function get({ cx, ref, node, hint }: KeyedCall): Bound {
  const [key] = node.arguments;
  return key === undefined ? undefinedLiteral : loadUnder(cx, ref, lowerKey(cx, ref, key), node, hint);
}

function has({ cx, ref, node, hint }: KeyedCall): Bound {
  const [key] = node.arguments;
  return key === undefined
    ? boolean(false)
    : loadPresence(cx, ref, lowerKey(cx, ref, key), "has", node, hint);
}

function set({ cx, ref, node }: KeyedCall): Bound {
  const [key, value] = node.arguments;
  if (key === undefined || value === undefined) return ref;
  const under = lowerKey(cx, ref, key);
  storeUnder(cx, ref, under, atomOf(cx, lowerExpression(cx, value), value), node);
  return ref;
}

function add({ cx, ref, node }: KeyedCall): Bound {
  const [key] = node.arguments;
  if (key !== undefined) storePresence(cx, ref, lowerKey(cx, ref, key), true, node);
  return ref;
}

function remove({ cx, ref, node, hint }: KeyedCall): Bound {
  const [argument] = node.arguments;
  if (argument === undefined) return boolean(false);
  const key = lowerKey(cx, ref, argument);
  const before = loadPresence(cx, ref, key, "has", node, hint);
  storePresence(cx, ref, key, false, node);
  return before;
}

function clear({ cx, ref, node }: KeyedCall): Bound {
  noteEmptying(cx, ref, () => {
    forEachKey(cx, node, keysOf(cx, ref, node), (key) => {
      storePresence(cx, ref, key, false, node);
      return fell;
    });
  });
  return undefinedLiteral;
}

/** What is taken from one may be taken from an array, where it is taken at once, and once. */
function iterator({ cx, ref, node, hint }: KeyedCall, kind: "keys" | "values" | "entries"): Bound {
  return isTakenAtOnce(cx, node)
    ? listItems(cx, ref, kind, node, hint)
    : refuseExpression(cx, node, "list that is kept to be gone through once");
}

/** `delete record[key]`, `delete record.name`. */
export function lowerDelete(cx: Context, node: ts.DeleteExpression): Bound {
  const expression = bare(cx.ts, node.expression);
  if (cx.ts.isElementAccessExpression(expression) || cx.ts.isPropertyAccessExpression(expression)) {
    const base = lowerExpression(cx, expression.expression);
    if (base === poison) return poison;
    if (isKeyedRef(base) && base.type.shape.storage === "Record") {
      const key = cx.ts.isPropertyAccessExpression(expression)
        ? stringLiteral(expression.name.text)
        : lowerKey(cx, base, expression.argumentExpression);
      storePresence(cx, base, key, false, node);
      return boolean(true);
    }
    if (isAtom(base)) wantRecord(cx, base);
  }
  return refuse(cx, "unsupportedOperator", node, { operator: "delete", code: excerpt(node) });
}
