/**
 * Fields of objects by a name that only the call knows: `w[key]`, where the type of `key` lists the names. One
 * conditional after the other finds the field.
 */
import { isIndexName } from "../../support/index-names.js";
import type { ts } from "ts-morph";
import { whole } from "../../ir/builder.js";
import type { Atom, Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import type { Context } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { branch } from "../control/join.js";
import { chooseFunction, isCallable } from "../functions/functions.js";
import { isGetter } from "../expressions/getters.js";
import { cellShape, loadCell, loadMember, loadRaw, storeCell } from "../memory.js";
import { knownKey, stringLiteral, undefinedLiteral } from "../names.js";
import type { Access } from "../expressions/properties.js";
import { type Bound, type Static, isAtom } from "../scope.js";
import { type RefValue, apply, atomOf } from "../values.js";

/** A name, or one of several. */
export interface ChosenField {
  readonly key: Atom;
  /** The last one is taken where it is none of the others. */
  readonly names: readonly string[];
}

/** Of more names no conditionals are made. */
export const mostNames = 16;

/** What `node`, between the brackets, chooses from the fields of `ref`; the name itself where it is known. */
export function chosenField(cx: Context, ref: RefValue, node: ts.Expression): ChosenField | string | null {
  const bound = lowerExpression(cx, node);
  const known = knownKey(cx, bound);
  if (known !== null) return String(known);
  const key = atomOf(cx, bound, node);
  const names = namesIn(cx, node);
  if (names === null) return null;
  const { shape } = ref.type;
  if (!isKeyOf(key, names) || names.size > mostNames || shape.kind !== "object") return null;
  // In the order of the fields: that of a union's parts depends on what TypeScript has seen before.
  const fields = shape.fields.flatMap(({ name }) => (names.has(name) ? [name] : []));
  return fields.length === names.size ? { key, names: fields } : null;
}

/** One of the functions in the fields of an object; null for other access. */
export function chosenMember(cx: Context, ref: RefValue, node: Access): Static | null {
  const members = cx.unit.members.get(ref.id);
  if (members === undefined || !cx.ts.isElementAccessExpression(node)) return null;
  const argument = node.argumentExpression;
  if (cx.ts.isStringLiteralLike(argument)) return null;
  const key = lowerExpression(cx, argument);
  const names = namesIn(cx, argument);
  if (!isAtom(key) || key.kind === "literal" || cx.unit.known.has(key.id)) return null;
  if (!isKeyOf(key, names ?? [])) return null;
  const all = [...members.keys()].filter((name) => names?.has(name) !== false);
  const functions = all.flatMap((name): (readonly [string, Static])[] => {
    const member = loadMember(cx, ref, name);
    const isChosen = member !== null && isCallable(member);
    return isChosen && !isGetter(cx, member) ? [[name, member] as const] : [];
  });
  const { shape } = ref.type;
  const isAll = shape.kind === "object" && (names !== null || shape.fields.length === members.size);
  if (!isAll || functions.length < all.length || functions.length === 0) return null;
  const others = [...(names ?? [])].filter((name) => !members.has(name));
  if (!others.every((name) => isNothing(cx, ref, name, node))) return null;
  const isText = key.type.kind === "string";
  const cases = functions.map(([name, each]) => [isText ? name : Number(name), each] as const);
  return chooseFunction(cx, key, cases, names !== null && others.length === 0);
}

/** A field that the object does not have, or in which there is never anything. */
function isNothing(cx: Context, ref: RefValue, name: string, node: ts.Node): boolean {
  const kind = cellShape(ref.type.shape, name)?.kind;
  if (kind !== undefined && kind !== "nothing") return false;
  const value = loadRaw(cx, ref, name, node, null);
  return isAtom(value) && value.type.kind === "nothing";
}

/** A string, or a number that is one of those names: a member of an enum. */
export function isKeyOf({ type }: Atom, names: Iterable<string>): boolean {
  if (type.kind === "string") return true;
  const all = [...names];
  return (type.kind === "int" || type.kind === "real") && all.length > 0 && all.every(isIndexName);
}

/** The strings or the numbers that a union type consists of, an enum among these. */
export function namesIn(cx: Context, node: ts.Expression): ReadonlySet<string> | null {
  const type = cx.checker.getTypeAtLocation(node);
  const constraint = cx.checker.getBaseConstraintOfType(type) ?? type;
  const parts = constraint.isUnion() ? constraint.types : [constraint];
  const names = new Set(
    parts.flatMap((part) => (part.isStringLiteral() || part.isNumberLiteral() ? [String(part.value)] : [])),
  );
  return names.size === parts.length && names.size > 0 ? names : null;
}

export function loadChosen(
  cx: Context,
  ref: RefValue,
  field: ChosenField,
  node: ts.Node,
  hint: Hint | null,
): Bound {
  return among(cx, field, node, hint, (name) => loadCell(cx, ref, name, node, null));
}

export function storeChosen(
  cx: Context,
  ref: RefValue,
  field: ChosenField,
  value: Atom,
  node: ts.Node,
): void {
  among(cx, field, node, null, (name) => {
    storeCell(cx, ref, name, value, node);
    return undefinedLiteral;
  });
}

/** What is done for the field whose name the key turns out to be. */
export function among(
  cx: Context,
  { key, names }: ChosenField,
  node: ts.Node,
  hint: Hint | null,
  each: (name: string) => Bound,
): Bound {
  const [name, ...others] = names;
  if (name === undefined) return undefinedLiteral;
  if (others.length === 0) return each(name);
  const test = isNamed(cx, key, name, node);
  const rest = (): Bound => among(cx, { key, names: others }, node, null, each);
  return branch(cx, node, test, () => each(name), rest, hint);
}

/** Whether the key is that name. */
export function isNamed(cx: Context, key: Atom, name: string, node: ts.Node): Atom {
  const wanted = key.type.kind === "string" ? stringLiteral(name) : whole(Number(name));
  return apply(cx, ops.eq, [key, wanted], node);
}
