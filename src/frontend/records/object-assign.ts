/** `Object.assign(target, …sources)`: a literal that grows, or stores into the fields of an object. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { Hint } from "../../ir/types.js";
import { possibleClasses } from "../classes/class-tests.js";
import { declaredClassOf, isOverridden, memberNamed } from "../classes/classes.js";
import { type Context, poison, refuse, refuseExpression } from "../context.js";
import { assign } from "../expressions/declarations.js";
import { branch } from "../control/join.js";
import { addMissing, allocateObject } from "../expressions/literals.js";
import { withFields } from "../functions/callable-objects.js";
import { giveFields } from "../functions/given-fields.js";
import { isCallable } from "../functions/functions.js";
import { cellShape, loadRaw, storeCell } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { type SourceField, forEachField, refuseUnknown, spreadInto, valueOr } from "./object-spread.js";
import { makeExactly } from "./exact-objects.js";
import { type Presence, isAsked } from "./presence.js";
import { type Bound, type Draft, type Static } from "../scope.js";
import { bare } from "../syntax.js";
import { type RefValue, atomOf, referenceOf, asserted } from "../values.js";

interface Source {
  readonly bound: Bound;
  readonly node: ts.Expression;
}

/** Lowers the call, whose arguments have been evaluated. */
export function assignFields(
  cx: Context,
  [target, ...others]: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const [first, ...rest] = node.arguments;
  const isPlain = !node.arguments.some((each) => cx.ts.isSpreadElement(each));
  if (target === undefined || first === undefined || others.length !== rest.length || !isPlain)
    return refuseExpression(cx, node, "`Object.assign` of objects that are not written out");
  const sources = others.flatMap((bound, i): Source[] => {
    const at = rest[i];
    return at === undefined ? [] : [{ bound, node: at }];
  });
  if (sources.some((source) => hasPrivateNames(cx, source))) return poison;
  if (target.kind === "draft" && target.made === null) return assignDraft(cx, target, sources);
  if (target.kind === "class")
    return refuse(cx, "outerAssignment", first, { name: excerpt(first), owner: "", hidden: "" });
  if (isCallable(target)) return assignFunction(cx, target, sources, node, hint);
  const ref = referenceOf(cx, target, first);
  if (ref === null) return poison;
  if (ref.type.shape.kind !== "object") return refuseExpression(cx, node, "`Object.assign` to an array");
  if (cx.ts.isObjectLiteralExpression(bare(cx.ts, first))) return merge(cx, ref, sources, node, hint);
  return storeAll(cx, ref, first, sources) ? ref : poison;
}

/** `Object.assign((x) => …, { gain: 3 })`. */
function assignFunction(
  cx: Context,
  target: Static,
  sources: readonly Source[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const cells = new Map<string, Bound>();
  const fits = sources.map(({ bound, node: at }) => spreadInto(cx, bound, at, cells, new Map()));
  if (fits.includes(false) || [...cells.values()].includes(poison)) return poison;
  return (
    giveFields(cx, cells, node) ??
    withFields(cx, target, cells, node, hint) ??
    refuseExpression(cx, node, "function with such a field")
  );
}

/** Private fields are not copied, and the shape of an instance has them among the others. */
function hasPrivateNames(cx: Context, { node }: Source): boolean {
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  const found = cx.checker.getPropertiesOfType(type).some(({ name }) => /^(?:__)?#/u.test(name));
  if (found) refuseExpression(cx, node, "copy of an instance that has private fields");
  return found;
}

/** Nobody else sees the literal: the call gives what a literal of all these fields is. */
function merge(
  cx: Context,
  literal: RefValue,
  sources: readonly Source[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const cells = fieldsOfLiteral(cx, literal, node);
  const absent = new Map<string, Presence>(cx.unit.absent.get(literal.id));
  const fits = sources.map((source) => spreadInto(cx, source.bound, source.node, cells, absent));
  if (fits.includes(false) || [...cells.values()].includes(poison)) return poison;
  addMissing(cx, node, cells, absent);
  return makeExactly(cx, node, cells, absent, (left) => allocateObject(cx, node, cells, hint, null, left));
}

/** Its getters stay getters. */
function fieldsOfLiteral(cx: Context, ref: RefValue, node: ts.Node): Map<string, Bound> {
  const { shape } = ref.type;
  const fields = shape.kind === "object" ? shape.fields : [];
  const members = cx.unit.members.get(ref.id);
  return new Map(
    fields.map(({ name }) => [name, members?.get(name) ?? loadRaw(cx, ref, name, node, null)] as const),
  );
}

/** `Object.assign(this, init)` while the instance is not made yet. */
function assignDraft(cx: Context, draft: Draft, sources: readonly Source[]): Bound {
  const fits = sources.map(({ bound, node }) =>
    forEachField(cx, bound, node, (field) => {
      const variable = draft.cells.get(field.name);
      if (variable === undefined) return refuseField(cx, node, field.name);
      if (field.isThere === "unknown") return refuseUnknown(cx, node, field.name);
      const before = cx.unit.environment.get(variable) ?? undefinedLiteral;
      const value = isAsked(field.isThere)
        ? valueOr(cx, field, field.isThere.test(), before, node)
        : field.whole();
      assign(cx, variable, value, node);
      return true;
    }),
  );
  return fits.includes(false) ? poison : draft;
}

function storeAll(cx: Context, ref: RefValue, target: ts.Expression, sources: readonly Source[]): boolean {
  const fits = sources.map(({ bound, node }) =>
    forEachField(cx, bound, node, (field) => {
      if (isOfPrototype(cx, ref, target, field.name)) return refuseField(cx, node, field.name);
      return storeField(cx, ref, field, node);
    }),
  );
  return !fits.includes(false);
}

function storeField(cx: Context, ref: RefValue, field: SourceField, node: ts.Expression): boolean {
  const { name, load, isThere } = field;
  if (isThere === "unknown" || isThere === "never") return refuseUnknown(cx, node, name);
  let fits = true;
  const store = (): Bound => {
    const given = atomOf(cx, load(), node);
    if (given === poison) fits = false;
    // As TypeScript has it: a field that may be missing is not taken to hold `undefined`.
    const takesNothing = cellShape(ref.type.shape, name)?.kind === "maybe";
    const atom = takesNothing ? given : asserted(cx, given, node);
    storeCell(cx, ref, name, atom, node);
    return undefinedLiteral;
  };
  if (isThere === "always") store();
  else branch(cx, node, isThere.test(), store, () => undefinedLiteral, null);
  return fits;
}

/** What a class says of a name that is no field: a setter would run. */
function isOfPrototype(cx: Context, ref: RefValue, target: ts.Expression, name: string): boolean {
  const declared = declaredClassOf(cx, target);
  if (declared !== null && isOverridden(cx, declared, name)) return true;
  const made = cx.unit.classes.get(ref.id);
  const classes = [declared, made ?? null, ...possibleClasses(cx, ref, target)];
  return classes.some((each) => {
    const member = each === null ? null : memberNamed(cx, each, name, false);
    return member !== null && member.kind !== "field";
  });
}

function refuseField(cx: Context, node: ts.Expression, name: string): false {
  const reason = `\`${name}\` is no field of the object that is assigned to`;
  refuse(cx, "unsupportedAssignment", node, { code: excerpt(node), reason });
  return false;
}
