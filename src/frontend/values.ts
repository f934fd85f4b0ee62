/** Making values: operations, conversions to what an operation takes, and the taking off of `undefined`. */
import { copyPresence } from "./records/inherited-presence.js";
import type { ts } from "ts-morph";
import { excerpt } from "../diagnostics/collector.js";
import { declared, boolean, int, number, whole } from "../ir/builder.js";
import type { Op, Scalar } from "../ir/op.js";
import type { Absence, Atom, Hint, MemoryShape, Shape, Type, Value } from "../ir/types.js";
import { isBoxType } from "../ir/boxes.js";
import { isKeyed, isMixed } from "../ir/shapes.js";
import * as ops from "../ops/scalar.js";
import { type Context, origin, poison, refuse, refuseExpression, unset } from "./context.js";
import { ifChosen, isCallable, isChosen, isNothingElse, mayBeNone } from "./functions/functions.js";
import { keep } from "./functions/kept-functions.js";
import { type Bound, type Choice, isAtom } from "./scope.js";
import { guardsItself, isCallback } from "./control/asked-callbacks.js";
import { otherwise } from "../ops/steering.js";
import { isBoxed, truthInBox, truthInOptionalBox } from "./expressions/boxes.js";
import { typeAtNode } from "./expressions/mixed.js";
import { isDoubted, noteAbsenceTest, noteRead } from "./control/trust.js";

/** Emits `op(args)`. Conditions on values known while compiling become literals. */
export function apply(
  cx: Context,
  op: Op,
  args: readonly Atom[],
  node: ts.Node,
  hint: Hint | null = null,
  type?: Type,
): Atom {
  if (args.includes(poison)) return poison;
  const { builder, known } = cx.unit;
  const constants = op.impure ? null : knownScalars(cx, args);
  const result = constants === null ? undefined : op.evaluate(...constants);
  if (op.result === "bool" && typeof result === "boolean") return boolean(result);
  if (typeof result === "number" && isCount(op, args, result)) return whole(result);
  const out = builder.apply(op, args, origin(cx, node, hint), type ?? wholeType(op, args));
  if (result !== undefined) known.set(out.id, result);
  return out;
}

/** What indices and lengths that are known come to; numbers that the user has written stay as they are written. */
function isCount(op: Op, args: readonly Atom[], result: number): boolean {
  if (!closedUnderWhole.has(op) || !Number.isSafeInteger(result) || Object.is(result, -0)) return false;
  return args.some(({ type }) => type.kind === "int") && args.every(({ kind }) => kind === "literal");
}

/** Arithmetic on whole numbers that can carry no derivative stays so. */
const closedUnderWhole: ReadonlySet<Op> = new Set<Op>([ops.add, ops.sub, ops.mul, ops.mod, ops.neg]);

function wholeType(op: Op, args: readonly Atom[]): Type | undefined {
  const whole = (atom: Atom): boolean =>
    atom.type.kind === "int" || (atom.kind === "literal" && Number.isInteger(atom.value));
  const counts = args.some((atom) => atom.type.kind === "int") && args.every(whole);
  return closedUnderWhole.has(op) && counts ? int : undefined;
}

function knownScalars(cx: Context, args: readonly Atom[]): readonly Scalar[] | null {
  const scalars: Scalar[] = [];
  for (const atom of args) {
    if (atom.kind === "literal") scalars.push(atom.value);
    else if (cx.unit.known.has(atom.id)) scalars.push(cx.unit.known.get(atom.id));
    else return null;
  }
  return scalars;
}

/** Gives a variable of the user a line of its own, if the value was not made for it. */
export function named(cx: Context, bound: Bound, hint: Hint | null, node: ts.Node): Bound {
  if (hint?.declared !== true || !isAtom(bound) || bound === poison) return bound;
  if (bound.kind === "value" && bound.hint === hint) return bound;
  // A number that is given a name there is a constant of the user's.
  const own = bound.kind === "literal" ? declared(hint.text) : hint;
  if (bound.type.kind === "nothing" || isReference(bound)) return bound;
  return apply(cx, ops.copy, [bound], node, own);
}

/** True for what refers to memory, or may. */
export function isReference(bound: Bound): bound is Value {
  if (!isAtom(bound) || bound.kind === "literal") return false;
  return bound.type.kind === "ref" || (bound.type.kind === "maybe" && bound.type.type.kind === "ref");
}

/** The number that an expression gave. */
export function numberOf(cx: Context, bound: Bound, node: ts.Node): Atom {
  if (isCallable(bound)) return refuse(cx, "escapingFunction", node, { name: excerpt(node) });
  const atom = atomOf(cx, bound, node);
  // A call that never returns.
  if (atom === unset) return number(NaN);
  if (atom === poison || atom.type.kind === "real" || atom.type.kind === "int") return atom;
  if (atom.type.kind === "maybe" && isNumeric(atom.type.type)) {
    const bare = trusted(cx, atom, node);
    if (!isMixed(bare.type)) return bare;
  }
  return refuseExpression(cx, node, `${bareType(atom.type)} in place of a number`);
}

/** The atom that an expression gave; functions are none. */
export function atomOf(cx: Context, bound: Bound, node: ts.Node): Atom {
  if (isAtom(bound)) return bound;
  switch (bound.kind) {
    case "draft":
      return (
        bound.made ?? refuse(cx, "classMember", node, { what: "`this`, before all fields have a value," })
      );
    case "closure":
    case "builtin":
    case "partial":
    case "choice":
    case "kept":
    case "held":
    case "list":
    case "error":
    case "ruled":
    case "class":
    case "map":
      return keep(cx, bound, node);
    case "perhaps":
      return refuse(cx, "spreadLength", node, { code: excerpt(node) });
    case "generated":
      return refuse(cx, "generator", node, { name: excerpt(bound.node) });
    case "namespace":
      return refuse(cx, "unsupportedBuiltin", node, { name: bound.name });
    case "unknown":
      if (bound.untold === null) return refuse(cx, "unknownCallee", node, { code: excerpt(node) });
      if (cx.unit.told.has(bound)) return poison;
      cx.unit.told.add(bound);
      return refuse(cx, "unsupportedType", node, { code: excerpt(node), ...bound.untold });
  }
}

/** The object, tuple or array that an expression gave; null, and a report, if it is none. */
export function referenceOf(cx: Context, bound: Bound, node: ts.Node, takesKeyed = false): RefValue | null {
  const atom = atomOf(cx, bound, node);
  if (atom === poison) return null;
  if (!takesKeyed && isReference(atom) && holdsKeys(atom)) {
    refuseExpression(cx, node, "use of a record, a map or a set as a whole");
    return null;
  }
  if (isRef(atom)) return atom;
  const bare = trusted(cx, atom, node);
  if (isRef(bare)) return bare;
  refuseExpression(cx, node, `${bareType(atom.type)} in place of an object`);
  return null;
}

function holdsKeys({ type }: Value): boolean {
  const inner = type.kind === "maybe" ? type.type : type;
  return inner.kind === "ref" && isKeyed(inner.shape);
}

export type RefValue = Value & { readonly type: Extract<Type, { kind: "ref" }> };

export function isRef(bound: Bound): bound is RefValue {
  return bound.kind === "value" && bound.type.kind === "ref";
}

export function isNumeric(type: Type): boolean {
  return type.kind === "real" || type.kind === "int";
}

/** The truth of a value, as conditions take it. */
export function truthOf(cx: Context, bound: Bound, node: ts.Node): Atom {
  if (bound.kind === "unknown")
    return isCallback(bound) && guardsItself(cx, node) ? boolean(true) : atomOf(cx, bound, node);
  if (bound.kind === "choice") return truthOfChoice(cx, bound, node);
  if (!isAtom(bound)) return boolean(true);
  if (bound === poison) return poison;
  switch (bound.type.kind) {
    case "bool":
      return bound;
    case "nothing":
      return boolean(false);
    case "ref":
      if (isBoxed(bound)) return truthInBox(cx, bound, node);
      noteAbsenceTest(cx, bound, node);
      return boolean(true);
    case "maybe":
      noteAbsenceTest(cx, bound, node);
      if (isBoxType(bound.type)) return truthInOptionalBox(cx, bound, node);
      if (bound.type.type.kind === "ref" && !isMixed(bound.type))
        return apply(cx, ops.isPresent, [bound], node);
      return apply(cx, ops.truthy, [bound], node);
    default:
      return apply(cx, ops.truthy, [bound], node);
  }
}

function truthOfChoice(cx: Context, choice: Choice, node: ts.Node): Atom {
  if (!mayBeNone(choice) || isNothingElse(choice)) return isChosen(cx, choice, node);
  const there = (): Bound => boolean(true);
  const truth = ifChosen(cx, choice, node, there, (other) => truthOf(cx, other, node), null);
  return isAtom(truth) ? truth : poison;
}

export function not(cx: Context, atom: Atom, node: ts.Node, hint: Hint | null = null): Atom {
  return apply(cx, ops.not, [atom], node, hint);
}

/** Takes `undefined` and `null` off a value that is known to be there, and all kinds that TypeScript has ruled out at its `node`. */
export function present(cx: Context, atom: Atom, node: ts.Node, hint: Hint | null = null): Atom {
  return atom.type.kind === "maybe"
    ? narrowedTo(cx, atom, typeAtNode(cx, atom.type, node), node, hint)
    : atom;
}

/** Takes `undefined` and `null` off only: `node` is not where the value itself is read. */
export function there(cx: Context, atom: Atom, node: ts.Node, hint: Hint | null = null): Atom {
  const { type } = atom;
  if (type.kind !== "maybe") return atom;
  return narrowedTo(cx, atom, type.other === undefined ? type.type : { ...type, none: "never" }, node, hint);
}

function narrowedTo(cx: Context, atom: Atom, type: Type, node: ts.Node, hint: Hint | null): Atom {
  if (atom.type.kind !== "maybe" || type === atom.type) return atom;
  if (type.kind === "maybe" && type.none === atom.type.none) return atom;
  const value = apply(cx, type === atom.type.other ? otherwise : ops.narrow, [atom], node, hint, type);
  if (atom.kind !== "value" || value.kind !== "value") return value;
  const { receivers, members, searched } = cx.unit;
  const search = searched.get(atom.id);
  if (search !== undefined) searched.set(value.id, search);
  const own = members.get(atom.id);
  if (own !== undefined) members.set(value.id, own);
  const receiver = receivers.get(atom.id);
  if (receiver !== undefined) receivers.set(value.id, receiver);
  copyPresence(cx, atom.id, value.id);
  return value;
}

/** Takes `undefined` and `null` off because the source says so, which has not been tested. */
export function trusted(cx: Context, atom: Atom, node: ts.Node, hint: Hint | null = null): Atom {
  const bare = present(cx, atom, node, hint);
  if (bare !== atom && bare.kind === "value") cx.unit.narrowed.set(bare.id, node);
  return bare;
}

/** A value that may be `undefined`, for what is declared to be `null` where it is missing: TypeScript is told so. */
export function withAbsenceOf(
  cx: Context,
  atom: Atom,
  held: { readonly kind: string; readonly none?: Absence | "never" | undefined },
  node: ts.Node,
): Atom {
  if (atom.kind !== "value" || atom.type.kind !== "maybe" || held.kind !== "maybe") return atom;
  if (held.none === undefined || held.none === "never" || atom.type.none === held.none) return atom;
  return apply(cx, ops.narrow, [atom], node, null, { ...atom.type, none: held.none });
}

/** The same where the source asserts it of what may well be missing: then it is taken to be there, unless that is doubted. */
export function asserted(cx: Context, atom: Atom, node: ts.Node, hint: Hint | null = null): Atom {
  const bare = isDoubted(cx, node) ? atom : present(cx, atom, node, hint);
  if (bare !== atom || isDoubted(cx, node)) noteRead(cx, bare, node);
  return bare;
}

/** Takes `undefined` and `null` off where TypeScript has found that the value is there. */
export function narrowed(cx: Context, bound: Bound, node: ts.Node, hint: Hint | null = null): Bound {
  if (!isAtom(bound) || bound.type.kind !== "maybe" || mayBeNothing(cx, node)) return bound;
  return isDoubted(cx, node) ? bound : trusted(cx, bound, node, hint);
}

/** True if TypeScript's type of the expression includes `undefined` or `null`. */
export function mayBeNothing(cx: Context, node: ts.Node): boolean {
  return includesNothing(cx, cx.checker.getTypeAtLocation(node));
}

export function includesUndefined(cx: Context, type: ts.Type): boolean {
  const { Undefined, Void, Any, Unknown } = cx.ts.TypeFlags;
  if (type.isUnion()) return type.types.some((each) => includesUndefined(cx, each));
  return (type.flags & (Undefined | Void | Any | Unknown)) !== 0;
}

export function includesNothing(cx: Context, type: ts.Type): boolean {
  const { Undefined, Null, Void, Any, Unknown } = cx.ts.TypeFlags;
  if (type.isUnion()) return type.types.some((each) => includesNothing(cx, each));
  return (type.flags & (Undefined | Null | Void | Any | Unknown)) !== 0;
}

function bareType(type: Type): string {
  return describeType(type).replace(/^an? /u, "");
}

/** What a cell of the shape holds, in words. */
export function describeShape(shape: Shape): string {
  switch (shape.kind) {
    case "object":
    case "tuple":
    case "array":
      return describeMemory(shape);
    case "knot":
      return "an object";
    case "opaque":
      return "something else";
    case "maybe":
      return `${describeShape(shape.shape)} that may be undefined`;
    default:
      return describeType(shape);
  }
}

function describeMemory(shape: MemoryShape): string {
  if (shape.kind === "object") return "an object";
  if (shape.kind === "tuple") return "a tuple";
  return isKeyed(shape) ? `a ${shape.storage.toLowerCase()}` : "an array";
}

/** A type in words, with its article. */
export function describeType(type: Type): string {
  switch (type.kind) {
    case "real":
    case "int":
      return "a number";
    case "bool":
      return "a boolean";
    case "string":
      return "a string";
    case "nothing":
      return "`undefined`";
    case "ref":
      return describeMemory(type.shape);
    case "maybe":
      if (type.other !== undefined) return `${describeType(type.type)} or ${describeType(type.other)}`;
      return `${describeType(type.type)} that may be undefined`;
  }
}
