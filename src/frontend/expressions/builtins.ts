/** Calls of the library: `Math`, conversions and tests of numbers. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean, number } from "../../ir/builder.js";
import type { Op } from "../../ir/op.js";
import type { Atom, Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import * as steering from "../../ops/steering.js";
import { mathFunctions } from "../../ops/table.js";
import { type Context, poison, refuse, refuseExpression } from "../context.js";
import { knownKey, undefinedLiteral } from "../names.js";
import { isArray, isView } from "../types/container-tests.js";
import { listFields } from "../types/field-lists.js";
import { hasOwn } from "../records/own-keys.js";
import { groupBy } from "../records/group-by.js";
import { assignFields } from "../records/object-assign.js";
import { stop } from "../control/stops.js";
import { stopName } from "../targets/macro-uses.js";
import type { Bound } from "../scope.js";
import { cloneDeep } from "../records/structured-clone.js";
import { toText } from "./strings.js";
import { isMixed } from "../../ir/shapes.js";
import { apply, atomOf, describeType, numberOf, trusted, truthOf, isNumeric } from "../values.js";

/** Calls a function of the library by its full name. */
export function lowerBuiltin(
  cx: Context,
  name: string,
  args: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  if (args.includes(poison)) return poison;
  const special = specials.get(name);
  if (special !== undefined) return special(cx, args, node, hint);
  const op = mathFunctions.get(name);
  if (op !== undefined) return callOp(cx, op, args, node, hint);
  if (name === "eval" || name === "Function")
    return refuse(cx, "evaluatedCode", node, { code: excerpt(node) });
  return refuse(cx, "unsupportedBuiltin", node.expression, { name });
}

type Special = (cx: Context, args: readonly Bound[], node: ts.CallExpression, hint: Hint | null) => Bound;

const specials: ReadonlyMap<string, Special> = new Map<string, Special>([
  ["Math.max", (cx, args, node, hint) => fold(cx, ops.max, number(-Infinity, "-Infinity"), args, node, hint)],
  ["Math.min", (cx, args, node, hint) => fold(cx, ops.min, number(Infinity, "Infinity"), args, node, hint)],
  [
    "Math.hypot",
    (cx, args, node, hint) => (args.length === 0 ? number(0) : callOp(cx, ops.hypot, args, node, hint)),
  ],
  ["Number", toNumber],
  ["String", toText],
  ["String.fromCharCode", (cx, args, node, hint) => callOp(cx, steering.fromCharCode, args, node, hint)],
  ["Boolean", (cx, args, node) => (args[0] === undefined ? boolean(false) : truthOf(cx, args[0], node))],
  ["parseFloat", (cx, args, node, hint) => parse(cx, ops.parseFloat, args, node, hint)],
  ["Number.parseFloat", (cx, args, node, hint) => parse(cx, ops.parseFloat, args, node, hint)],
  ["parseInt", (cx, args, node, hint) => parse(cx, ops.parseInt, args, node, hint)],
  ["Number.parseInt", (cx, args, node, hint) => parse(cx, ops.parseInt, args, node, hint)],
  ["Object.keys", (cx, args, node, hint) => listFields(cx, "keys", args, node, hint)],
  ["Object.values", (cx, args, node, hint) => listFields(cx, "values", args, node, hint)],
  ["Object.entries", (cx, args, node, hint) => listFields(cx, "entries", args, node, hint)],
  ["Object.hasOwn", hasOwn],
  ["Object.is", isSameValue],
  ["Object.groupBy", (cx, args, node, hint) => groupBy(cx, "Record", args, node, hint)],
  ["Map.groupBy", (cx, args, node, hint) => groupBy(cx, "Map", args, node, hint)],
  ["Object.assign", assignFields],
  ["structuredClone", cloneDeep],
  [stopName, (cx, [value = undefinedLiteral], node, hint) => stop(cx, value, node, hint)],
  ["Array.isArray", (cx, args, node) => isArray(cx, args[0], node)],
  ["ArrayBuffer.isView", (cx, args, node) => isView(cx, args[0], node)],
  // The objects that the compiler knows are never changed behind its back.
  ["Object.freeze", (_cx, args) => args[0] ?? undefinedLiteral],
]);

function callOp(
  cx: Context,
  op: Op,
  args: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Atom {
  const wanted = op.arity ?? args.length;
  if (args.length < wanted) return refuseExpression(cx, node, "call with too few arguments");
  const atoms = args
    .slice(0, wanted)
    .map((bound, i) => numberOf(cx, bound, argumentNode(node, i, args.length)));
  return apply(cx, op, atoms, node, hint);
}

/** Numbers are told apart as to their sign and by `NaN`, all else is compared as by `===`. */
function isSameValue(cx: Context, args: readonly Bound[], node: ts.CallExpression, hint: Hint | null): Atom {
  const atoms = args.map((bound, i) => atomOf(cx, bound, argumentNode(node, i, args.length)));
  const isPlain = atoms.every(({ type }) => type.kind === "string" || type.kind === "bool");
  const [a, b] = atoms;
  return isPlain && a !== undefined && b !== undefined && a.type.kind === b.type.kind
    ? apply(cx, ops.eq, [a, b], node, hint)
    : callOp(cx, ops.objectIs, args, node, hint);
}

/** The source of an argument, where arguments and sources correspond. */
function argumentNode(node: ts.CallExpression, index: number, count: number): ts.Node {
  return node.arguments.length === count ? (node.arguments[index] ?? node) : node;
}

/** `Math.max(a, b, c)` is `max(max(a, b), c)`. */
function fold(
  cx: Context,
  op: Op,
  empty: Atom,
  args: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Atom {
  const atoms = args.map((bound, i) => numberOf(cx, bound, argumentNode(node, i, args.length)));
  const [first, ...others] = atoms;
  if (first === undefined) return empty;
  let whole = first;
  others.forEach((atom, i) => {
    whole = apply(cx, op, [whole, atom], node, i === others.length - 1 ? hint : null);
  });
  return whole;
}

/** A number stays as it is. */
function toNumber(cx: Context, args: readonly Bound[], node: ts.CallExpression, hint: Hint | null): Atom {
  const [bound] = args;
  if (bound === undefined) return number(0);
  return converted(cx, textOrNumber(cx, bound, node), node, ops.toNumber, node, hint);
}

/** What `Number(x)` and `+x` make of what `operand` gives; `op` is how that of a boolean is written. */
export function converted(
  cx: Context,
  atom: Atom,
  operand: ts.Node,
  op: Op,
  node: ts.Expression,
  hint: Hint | null,
): Atom {
  const { type } = atom;
  if (isNumeric(type)) return atom;
  if (type.kind === "bool") return apply(cx, op, [atom], node, hint);
  if (type.kind === "string") return numberOfText(cx, atom, node);
  if (type.kind === "maybe" && isNumeric(type.type)) return numberOf(cx, atom, operand);
  return refuseExpression(cx, node, `conversion of ${describeType(type)} to a number`);
}

/** A string that is known is a number that is known. */
export function numberOfText(cx: Context, atom: Atom, node: ts.Node): Atom {
  const text = knownKey(cx, atom);
  if (typeof text === "string") return number(Number(text));
  const index = atom.kind === "value" ? cx.unit.indexTexts.get(atom.id) : undefined;
  if (index !== undefined) return index;
  return apply(cx, steering.numberOfText, [atom], node);
}

/** Text that is not there, as a group of a match, is `"undefined"` to the library. */
function textOrNumber(cx: Context, bound: Bound, node: ts.Node): Atom {
  const atom = atomOf(cx, bound, node);
  return atom.type.kind === "maybe" && atom.type.type.kind === "string" && !isMixed(atom.type)
    ? trusted(cx, atom, node)
    : atom;
}

function parse(
  cx: Context,
  op: Op,
  args: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Atom {
  const atoms = args
    .slice(0, op.arity ?? 2)
    .map((bound, i) => textOrNumber(cx, bound, argumentNode(node, i, args.length)));
  if (atoms.includes(poison)) return poison;
  const scalar = atoms.every(
    ({ type }) => type.kind === "string" || type.kind === "real" || type.kind === "int",
  );
  if (!scalar || atoms.length === 0) return refuseExpression(cx, node, "conversion to a number");
  const [first] = atoms;
  const index = first?.kind === "value" ? cx.unit.indexTexts.get(first.id) : undefined;
  if (index !== undefined && (atoms.length === 1 || knownKey(cx, atoms[1] ?? poison) === 10)) return index;
  return apply(cx, op, atoms, node, hint);
}
