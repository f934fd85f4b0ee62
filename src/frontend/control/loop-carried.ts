/** The values that go round a loop: their types, chosen before the body is lowered, and what an iteration hands on. */
import { checkerWith } from "../project/type-arguments.js";
import type { ts } from "ts-morph";
import { listType } from "../arrays/tuples-as-lists.js";
import { excerpt } from "../../diagnostics/collector.js";
import { bool, boolean, int, number, real, suggested } from "../../ir/builder.js";
import { isBoxType } from "../../ir/boxes.js";
import { asTyped } from "../expressions/boxes.js";
import { partsOf } from "../types/mixed-types.js";
import { isMixed, maybeType, nameOfShape, withoutLiterals } from "../../ir/shapes.js";
import type { Atom, Carried, Hint, RefType, RegionId, Shape, Type } from "../../ir/types.js";
import { type Context, type Exit, origin, poison, refuse, unset } from "../context.js";
import { functionsOf } from "../functions/kept-calls.js";
import { candidates, chosenBy, keyFor, keyType } from "../functions/loop-functions.js";
import { isFollowed } from "../functions/functions.js";
import { isComputedIn } from "../types/kept-getters.js";
import { keepList } from "../types/widening.js";
import { placeholder } from "./join.js";
import { joinShapes } from "../types/joined-types.js";
import { type Assigned, type AssignedVariable, withClosures } from "./loop-assigned.js";
import { referenceRegion, sameShape } from "../memory.js";
import { knownKey } from "../names.js";
import { type Bound, type Static, type Variable, isAtom } from "../scope.js";
import { type Unsupported, shapeOf } from "../types/shapes.js";
import { isJavaScript } from "../syntax.js";
import { describeType, trusted, withAbsenceOf } from "../values.js";
import { isErrorType, isFunctionType, isUntold } from "../types/function-shapes.js";

/** What variables are bound to in the loop, and behind it. */
export interface Going {
  readonly carried: readonly GoingValue[];
  readonly bindings: readonly Binding[];
}

interface Binding {
  readonly variable: Variable;
  /** At the start of an iteration. */
  readonly before: Bound;
  readonly after: Bound;
}

interface GoingValue extends Carried {
  readonly variable: Variable;
  readonly info: AssignedVariable;
  /** For a variable that holds a function: those that it may hold. */
  readonly functions: readonly Static[] | null;
}

/** Makes carried values for the variables that the loop may assign. */
export function prepare(cx: Context, node: ts.Node, assigned: Assigned): Going {
  const carried: GoingValue[] = [];
  const bindings: Binding[] = [];
  const all = withClosures(cx, node, assigned);
  for (const [variable, info] of all) {
    const bound = cx.unit.environment.get(variable);
    // A variable of another activation, or one that is declared further down.
    if (bound === undefined || bound === poison) continue;
    const functions = isFollowed(bound) ? candidates(cx, variable, all) : null;
    if (functions !== null) {
      const hint = suggested(`${variable.hint?.text ?? variable.name}_choice`);
      const type = keyType(functions);
      const one = {
        ...makeCarried(cx, node, hint, type, keyFor(cx, bound, functions, node)),
        variable,
        info,
        functions,
      };
      carried.push(one);
      const { depth } = cx.unit.environment;
      const before = chosenBy(one.param, functions, depth + 1);
      bindings.push({ variable, before, after: chosenBy(one.out, functions, depth) });
      continue;
    }
    if (info.symbol !== null && holdsFunctions(cx, bound, info.symbol, node))
      cx.unit.records.keepVariable(info.symbol);
    // What the iterations make of a list only the memory can tell.
    keepList(cx, bound);
    const type = isAtom(bound) ? carriedType(cx, node, bound, info, variable) : unknown;
    if (type.kind === "unknown" || !isAtom(bound)) {
      const untold = type.kind === "unknown" ? type : unknown;
      bindings.push({ variable, before: untold, after: untold });
      continue;
    }
    const hint = hintAt(cx.unit.environment.depth, variable);
    const value = makeCarried(cx, node, hint, type, initOf(cx, bound, type, node));
    const one = { ...value, variable, info, functions: null };
    carried.push(one);
    bindings.push({ variable, before: one.param, after: one.out });
  }
  return { carried, bindings };
}

/** The variable is for functions, or for objects with some, and which of them it holds only the memory can tell. */
function holdsFunctions(cx: Context, bound: Bound, symbol: ts.Symbol, node: ts.Node): boolean {
  if (isFollowed(bound) || functionsOf(bound) !== null) return true;
  if (!isAtom(bound) || bound.type.kind !== "nothing") return false;
  const type = cx.checker.getNonNullableType(cx.checker.getTypeOfSymbolAtLocation(symbol, node));
  const isOfThese = isFunctionType(type) || isErrorType(type, cx.unit.project);
  if (isOfThese || bound === unset) return isOfThese;
  const shape = shapeOf(type, node, cx.unit.project);
  return shape.kind === "object" && nameOfShape(shape) === null && isUntold(shape);
}

/** Which function it is depends on what has happened; an error only where it is called. */
const unknown = { kind: "unknown", untold: null } as const;

/** Binds the variables as an iteration finds them. */
export function start(cx: Context, going: Going): void {
  for (const { variable, before } of going.bindings) cx.unit.environment.set(variable, before);
}

function makeCarried(cx: Context, node: ts.Node, hint: Hint | null, type: Type, init: Atom): Carried {
  const { builder } = cx.unit;
  const from = origin(cx, node, hint);
  return { param: builder.value(type, from), init, out: builder.value(type, from) };
}

/** What a value of the variable is called that is bound at this depth of the environment. */
function hintAt(depth: number, variable: Variable): Hint | null {
  return variable.depth !== null && depth > variable.depth ? null : variable.hint;
}

interface UnknownType {
  readonly kind: "unknown";
  readonly untold: { type: string; reason: string } | null;
}

/** The type for all that the variable may hold while the loop runs. */
function carriedType(
  cx: Context,
  node: ts.Node,
  bound: Atom,
  info: AssignedVariable,
  variable: Variable,
): Type | UnknownType {
  const { type } = bound;
  if (variable.keeps !== undefined) return keptType(cx, variable.keeps, bound);
  if (isNumber(type)) {
    const isWhole = info.counts && !isFractional(cx, info);
    if (isWhole && (type.kind === "int" || Number.isInteger(knownKey(cx, bound)))) return int;
  }
  // The loop may be that of a generator, or of a helper that calls back: the variable is of the code around.
  const { checker } = cx.unit.project;
  const own = variable.types === undefined ? cx : { ...cx, checker: checkerWith(checker, variable.types) };
  const shape = variable.shape ?? declaredShape(own, node, info);
  const wide = shape.kind === "unsupported" ? null : typeOfShape(cx, shape);
  // A member of an enum stays one.
  if (type.kind === "int" && shape.kind === "int") return shape;
  if (wide !== null && isBoxType(wide) && !isBoxType(type)) return wide;
  if (type.kind !== "nothing") {
    const inner = type.kind === "maybe" ? type.type : type;
    const list = wide === null ? null : listType(cx, inner, wide);
    if (list?.kind === "ref" && type.kind !== "maybe" && wide?.kind === "ref" && wide.shape.kind === "array")
      return list;
    const widened = inner.kind === "ref" ? widerRef(inner, shape) : isNumber(inner) ? real : inner;
    if (type.kind !== "maybe" && wide?.kind !== "maybe") return widened;
    if (wide !== null && isMixed(wide)) return inner.kind === "ref" ? { ...wide, type: inner } : wide;
    if (isMixed(type)) return type;
    return { kind: "maybe", type: widened, none: wide?.kind === "maybe" ? wide.none : undefined };
  }
  // JavaScript's `let best;`, which becomes a number; what becomes something else is refused where the loop ends.
  if (shape.kind === "unsupported" && shape.cause === "untyped" && isJavaScript(cx, node))
    return { kind: "maybe", type: real };
  if (shape.kind === "unsupported") {
    const { symbol } = info;
    const text =
      symbol === null
        ? "unknown"
        : own.checker.typeToString(own.checker.getTypeOfSymbolAtLocation(symbol, node));
    return { kind: "unknown", untold: { type: text, reason: shape.reason } };
  }
  if (wide === null || wide.kind === "nothing" || wide.kind === "maybe") return wide ?? type;
  return bound === unset ? openType(wide) : { kind: "maybe", type: wide };
}

/** What a variable holds whose functions are what stands for them in memory. */
function keptType(cx: Context, variable: object, bound: Atom): Type | UnknownType {
  const { type: held } = bound;
  const shape = cx.unit.records.variableShape(variable);
  const type = shape === null ? null : typeOfShape(cx, shape);
  const [region, own] = [type, held].map((each) => (each === null ? null : referenceRegion(each)));
  if (region != null && own != null) cx.unit.regions.merge(region, own);
  if (type === null) return { kind: "unknown", untold: null };
  return bound === unset ? openType(type) : type;
}

/** TypeScript sees to it that a variable without a value is not read. */
function openType(type: Type): Type {
  return type.kind === "ref" ? { kind: "maybe", type } : type;
}

/** What TypeScript says that the variable may hold. */
function declaredShape(cx: Context, node: ts.Node, { symbol, sites }: AssignedVariable): Shape | Unsupported {
  const { checker, unit } = cx;
  const unsupported: Unsupported = {
    kind: "unsupported",
    cause: "untyped",
    reason: "it has no declared type",
  };
  if (symbol === null) return unsupported;
  const shape = shapeOf(checker.getTypeOfSymbolAtLocation(symbol, node), node, unit.project);
  if (shape.kind !== "unsupported" || shape.cause !== "untyped") return shape;
  // `let best;` has the type of what is assigned to it.
  let whole: Shape | null = null;
  for (const { parent } of sites) {
    if (!cx.ts.isBinaryExpression(parent)) return unsupported;
    const type = checker.getBaseTypeOfLiteralType(checker.getTypeAtLocation(parent.right));
    const one = shapeOf(type, parent.right, unit.project);
    if (one.kind === "unsupported") return one;
    whole = whole === null ? one : joinShapes(whole, one);
    if (whole === null) return unsupported;
  }
  return whole ?? unsupported;
}

/** The type of values of a shape, with regions of their own; null for what is not looked into. */
export function typeOfShape(cx: Context, shape: Shape): Type | null {
  switch (shape.kind) {
    case "opaque":
      return null;
    case "maybe": {
      const type = typeOfShape(cx, shape.shape);
      return type === null || type.kind === "maybe" || type.kind === "nothing"
        ? type
        : maybeType(type, shape);
    }
    case "object":
    case "tuple":
    case "array":
      return { kind: "ref", shape, region: freshRegion(cx, shape) };
    case "knot":
      return typeOfShape(cx, shape.unfold());
    case "nothing":
      return shape;
    default:
      return withoutLiterals(shape);
  }
}

function freshRegion(cx: Context, shape: Shape): RegionId {
  const { regions } = cx.unit;
  const name = nameOfShape(shape);
  return name === null ? regions.fresh() : regions.tie(regions.fresh(), name);
}

/** Fields that the first object lacks may come with a later one. */
function widerRef(type: RefType, declared: Shape | Unsupported): RefType {
  const shape = declared.kind === "maybe" ? declared.shape : declared;
  if (shape.kind === "unsupported" || sameShape(shape, type.shape)) return type;
  const joined = joinShapes(type.shape, shape);
  const isMemory = joined?.kind === "object" || joined?.kind === "tuple" || joined?.kind === "array";
  return isMemory && !holdsOpaque(joined) ? { ...type, shape: joined } : type;
}

function holdsOpaque(shape: Shape): boolean {
  switch (shape.kind) {
    case "opaque":
      return true;
    case "maybe":
      return holdsOpaque(shape.shape);
    case "object":
      return shape.fields.some((field) => holdsOpaque(field.shape));
    case "tuple":
      return shape.elements.some(holdsOpaque);
    case "array":
      return holdsOpaque(shape.element);
    default:
      return false;
  }
}

function isNumber(type: Type): boolean {
  return type.kind === "real" || type.kind === "int";
}

function initOf(cx: Context, bound: Atom, type: Type, node: ts.Node): Atom {
  if (bound === unset) return placeholder(type);
  const isListed = bound.type.kind === "ref" && bound.type.shape.kind === "tuple";
  if (isBoxType(type) || isListed) return fitted(cx, bound, type, node) ?? bound;
  if (type.kind !== "int" || bound.type.kind === "int") return bound;
  return { ...number(Number(knownKey(cx, bound))), type };
}

/** What the iteration hands on to the next for a variable. */
export function yieldOf(cx: Context, one: GoingValue, node: ts.Node): Atom {
  const bound = cx.unit.environment.get(one.variable);
  const { type } = one.param;
  if (bound === undefined || bound === poison) return placeholder(type);
  if (one.functions !== null && !isAtom(bound)) return keyFor(cx, bound, one.functions, node);
  if (isAtom(bound)) {
    if (bound === unset) return placeholder(type);
    const fitting = fitted(cx, bound, type, node);
    if (fitting !== null) return fitting;
    if (type.kind === "int" && bound.type.kind === "real" && noteFractional(cx, one.info))
      return placeholder(type);
    // What the variable is declared to hold, an object may compute.
    if (one.info.symbol !== null && isComputedIn(type, bound.type))
      cx.unit.records.keepVariable(one.info.symbol);
  }
  const [name] = one.info.sites;
  const site = name === undefined ? node : cx.ts.isBinaryExpression(name.parent) ? name.parent : name;
  const code = excerpt(site);
  const found = isAtom(bound) ? describeType(bound.type) : "a function";
  const held = describeType(type);
  const what = found === held ? `${found} of another shape` : found;
  const reason = `the variable holds ${held} when the loop starts, and ${what} when it goes on`;
  refuse(cx, "unsupportedAssignment", site, { code, reason });
  return placeholder(type);
}

/**
 * In memory all numbers are of one kind: so is a variable that counts in a function which is called, and gets it there.
 * The next attempt takes it for any number. False where that is known already.
 */
function noteFractional(cx: Context, { symbol }: AssignedVariable): boolean {
  const node = symbol?.valueDeclaration;
  const { fractional } = cx.unit.program;
  if (node === undefined || fractional.has(node)) return false;
  fractional.add(node);
  return true;
}

function isFractional(cx: Context, { symbol }: AssignedVariable): boolean {
  const node = symbol?.valueDeclaration;
  return node !== undefined && cx.unit.program.fractional.has(node);
}

/** The atom as a value of the type; null where it is none. */
function fitted(cx: Context, bound: Atom, type: Type, node: ts.Node): Atom | null {
  const atom = asTyped(cx, bound, type, node);
  if (type.kind === "maybe") {
    if (atom.type.kind === "nothing") return atom;
    const { other } = type;
    const isHeld = (part: Type): boolean =>
      fitsPlain(cx, part, type.type) || (other !== undefined && fitsPlain(cx, part, other));
    return partsOf(atom.type).every(isHeld) ? withAbsenceOf(cx, atom, type, node) : null;
  }
  const plain = atom.type.kind === "maybe" ? trusted(cx, atom, node) : atom;
  if (plain.kind === "literal" && isNumber(plain.type) && type.kind === "int") return { ...plain, type };
  return fitsPlain(cx, plain.type, type) ? plain : null;
}

function fitsPlain(cx: Context, from: Type, to: Type): boolean {
  if (from.kind === "ref" && to.kind === "ref") {
    if (!sameShape(from.shape, to.shape) && !isWider(from.shape, to.shape)) return false;
    cx.unit.regions.merge(from.region, to.region);
    return true;
  }
  return from.kind === to.kind || (from.kind === "int" && to.kind === "real");
}

/** True if memory of shape `from` can be read as `to`. */
function isWider(from: Shape, to: Shape): boolean {
  const joined = joinShapes(from, to);
  return joined !== null && sameShape(joined, to);
}

/** A value that an exit takes with it, or its flag. */
interface ExitValue {
  readonly carried: Carried & { readonly variable: Variable };
  readonly value: Atom;
}

/**
 * The flags and results of exits that lie outside of the loop, on whose layer this is called: when an iteration starts,
 * none is set.
 */
export function carryExits(cx: Context, node: ts.Node, exits: readonly Exit[]): readonly ExitValue[] {
  const { environment } = cx.unit;
  const values: ExitValue[] = [];
  const depth = environment.depth - 1;
  const seen = new Set<Variable>();
  const carry = (variable: Variable, value: Atom, type: Type, init: Atom): void => {
    values.push({
      carried: { ...makeCarried(cx, node, hintAt(depth, variable), type, init), variable },
      value,
    });
  };
  for (const { flag, carries } of exits) {
    const taken = environment.get(flag);
    if (taken !== undefined && isAtom(taken)) carry(flag, taken, bool, boolean(false));
    for (const variable of carries) {
      const bound = environment.get(variable);
      if (seen.has(variable) || bound === undefined || !isAtom(bound) || bound === poison) continue;
      seen.add(variable);
      const type = isNumber(bound.type) ? real : bound.type;
      const whole: Type = type.kind === "ref" ? { kind: "maybe", type } : type;
      carry(variable, bound === unset ? placeholder(whole) : bound, whole, placeholder(whole));
    }
  }
  return values;
}
