/**
 * Functions that are called rather than inlined: those that call themselves. Each is lowered once for all calls that hand
 * it the same functions; the variables that it sees from outside become further parameters.
 */
import type { ts } from "ts-morph";
import { isBoxType } from "../../ir/boxes.js";
import { isSeveral } from "../../ir/containers.js";
import { withPrivacyOf } from "../../ir/privacy.js";
import { shapeOfType } from "../../ir/shapes.js";
import { asTyped } from "../expressions/boxes.js";
import { mayBeAbsent } from "../expressions/mixed.js";
import { dependsOnValues, isChosenThere } from "./known-parts.js";
import { suggested } from "../../ir/builder.js";
import type { Atom, Call, Func, Hint, Param, RegionId, Type, Value } from "../../ir/types.js";
import { type Context, type Frame, type Unit, origin, poison, refuse } from "../context.js";
import type { Catching } from "../control/catching.js";
import { isDoubted } from "../control/trust.js";
import { completeCalls } from "./pending-calls.js";
import { type Failures, raiseBehind, raisesFor, resetFailures } from "./raising.js";
import { boxesFor, unbox } from "./companion-boxes.js";
import { bodyOf, restOf, valueParameters } from "./inline.js";
import { sameStatic } from "./functions.js";
import { noteHandedOver } from "../types/wider-unions.js";
import { isGiven, takesMade } from "../records/inherited-presence.js";
import { sameShape } from "../memory.js";
import { namesOf } from "./kept-names.js";
import { undefinedLiteral } from "../names.js";
import {
  type Bound,
  type Closure,
  type Scope,
  type Static,
  type TypeArguments,
  type Variable,
  isAtom,
} from "../scope.js";
import { type OpenedParameters, noteGiven, openedIn } from "./opened-parameters.js";
import { type ShapeResult, shapeOf } from "../types/shapes.js";
import { typesAtCall } from "../project/type-arguments.js";
import { type RefValue, atomOf, mayBeNothing, named, trusted } from "../values.js";
import { isWhole, lower, returnsKnown, translated } from "./companion-lowering.js";

/** Specialised more often than this, a function makes new functions for itself at each call. */
const mostVersions = 12;
const mostClosures = 40;

/** A function that is called. */
export interface CompanionFunction {
  readonly name: string;
  readonly closure: Closure;
  readonly types: TypeArguments;
  readonly unit: Unit;
  /** Where what it sees from outside is looked up. */
  readonly outer: Unit;
  /** What it takes for each of the user's parameters, and first of all for `this`: a value, or a function. */
  readonly taken: readonly Taken[];
  /** The user's parameters, as far as they are values. */
  readonly params: readonly CompanionParam[];
  /** Variables from outside that it assigns, with the objects in which they come. */
  readonly boxes: ReadonlyMap<Variable, Value>;
  /** Variables from outside, in the order in which they were met. */
  readonly captured: Map<Variable, Value>;
  /** What was taken to be the same at all calls. */
  readonly assumed: Map<Variable, Bound>;
  /** Variables from outside that it assigns, and which do not come in objects. */
  readonly assigned: Set<Variable>;
  readonly result: Type | null;
  /** It is called in a `try`, and returns where it would throw: what it catches by itself. */
  readonly raises: Catching | null;
  /** Null while it is being lowered. */
  func: Func | null;
}

export interface CompanionParam {
  readonly value: Value;
  readonly name: string;
  /** The user's parameter; null for `this`. */
  readonly node: ts.ParameterDeclaration | null;
}

export type Taken =
  | { readonly kind: "value"; readonly param: CompanionParam }
  | { readonly kind: "static"; readonly bound: Static };

/** All that the function takes, under names of their own: what is captured may be called like a parameter. */
export function parametersOf({
  params,
  boxes,
  captured,
}: CompanionFunction): readonly Pick<Param, "name" | "value">[] {
  const hidden = [
    ...[...boxes.values()].map((value) => ({ value, name: value.hint?.text ?? "box" })),
    ...[...captured].map(([{ name }, value]) => ({ value, name })),
  ];
  const taken = new Set<string>();
  return [...params, ...hidden].map(({ value, name: own }) => {
    let name = own;
    for (let version = 2; taken.has(name); version++) name = `${own}${String(version)}`;
    taken.add(name);
    return { value, name };
  });
}

/** A call in the IR of some unit, whose arguments for captured variables are still to come. */
export interface PendingCall {
  readonly unit: Unit;
  readonly callee: CompanionFunction;
  readonly node: ts.Node;
  /** Filled in as far as it is known what the function sees: where it is called, what is around it is as it is there. */
  readonly call: Call & { readonly args: Atom[]; readonly writes: RegionId[]; readonly resizes: RegionId[] };
}

/** All of one target. */
export interface Program extends OpenedParameters {
  readonly functions: CompanionFunction[];
  readonly calls: PendingCall[];
  /** Functions that are being lowered. */
  readonly open: Set<CompanionFunction>;
  /** Closures that turn out to come back to themselves (`circles.ts`). */
  readonly circular: Set<string>;
  /** The activations that scopes are for. */
  readonly births: WeakMap<Scope, Frame>;
  readonly failures: Failures;
  /** What each of them catches, as often as it is lowered. */
  readonly tries: Map<ts.TryStatement, { readonly cx: Context; readonly times: readonly Catching[] }>;
}

/** Calls the function; gives its result. A generator puts its values in the collector. */
export function callCompanion(
  cx: Context,
  closure: Closure,
  args: readonly Bound[],
  node: ts.Node,
  hint: Hint | null,
  collector: RefValue | null = null,
): Bound {
  if (args.includes(poison)) return poison;
  const generated = args.find((each) => each.kind === "generated");
  if (generated !== undefined) return atomOf(cx, generated, node);
  const own = givenArguments(cx, closure, args, node);
  if (own === null) return poison;
  const given = collector === null ? own : [...own, collector];
  resetFailures(cx);
  const callee = companionFor(cx, closure, given, node);
  if (callee === null) return poison;
  const explicit = callee.taken.flatMap((taken, index): Atom[] => {
    const bound = given[index];
    if (taken.kind !== "value" || bound === undefined) return [];
    const atom = atomOf(cx, bound, node);
    noteHandedOver(atom.type, taken.param.value.type, cx.unit.project);
    return [asTyped(cx, atom, taken.param.value.type, node)];
  });
  if (explicit.includes(poison) || callee.result?.kind === "nothing") return poison;
  resetFailures(cx);
  const returned = emitCall(cx, callee, explicit, node, hint);
  return raiseBehind(cx, callee, returned, node);
}

/** Nothing keeps the function from being called rather than written out. */
export function mayBeCalled(cx: Context, closure: Closure, args: readonly Bound[]): boolean {
  const { node, self } = closure;
  const parameters = valueParameters(cx, node.parameters);
  if (parameters.some(({ dotDotDotToken }) => dotDotDotToken !== undefined)) return false;
  if (args.some((arg) => !isAtom(arg)) || (self !== undefined && !isAtom(self))) return false;
  if (parameters.some((parameter) => mayHoldFunction(cx, parameter))) return false;
  return returnsKnown(cx, node);
}

/** Options such as `{ onStep?: (t: number) => void }`: which function they hold, or that there is none, only the call tells. */
function mayHoldFunction({ checker }: Context, parameter: ts.ParameterDeclaration): boolean {
  const type = checker.getNonNullableType(checker.getTypeAtLocation(parameter));
  return checker.getPropertiesOfType(type).some((property) => {
    const field = checker.getTypeOfSymbol(property);
    const held = checker.getNonNullableType(field);
    return field !== held && held.getCallSignatures().length > 0;
  });
}

/** `this`, then the arguments. */
function givenArguments(
  cx: Context,
  closure: Closure,
  args: readonly Bound[],
  node: ts.Node,
): readonly Bound[] | null {
  const parameters = valueParameters(cx, closure.node.parameters);
  const bound = parameters.map((parameter, index) => {
    if (parameter.dotDotDotToken !== undefined) return restOf(cx, parameter, args.slice(index));
    const given = args[index] ?? undefinedLiteral;
    // Which one it is, and what it sees, goes along as a record.
    if (isChosenThere(given)) return atomOf(cx, given, node);
    const isLooser = isAtom(given) && mayBeAbsent(given.type) && !mayBeNothing(cx, parameter);
    return isLooser && !isDoubted(cx, parameter) ? trusted(cx, given, parameter) : given;
  });
  if (bound.includes(poison)) return null;
  if (bound.some(dependsOnValues)) {
    const reason = "is given a function that depends on what the call is given";
    refuse(cx, "recursion", node, { name: closure.name ?? "function", reason });
    return null;
  }
  return closure.self === undefined ? bound : [closure.self, ...bound];
}

/** The function for arguments like these: lowered already, or lowered now. */
function companionFor(
  cx: Context,
  closure: Closure,
  given: readonly Bound[],
  node: ts.Node,
): CompanionFunction | null {
  const { program } = cx.unit;
  const types = typesAtCall(cx, closure, node);
  const versions = program.functions.filter((each) => each.closure.node === closure.node);
  const known = versions.find(
    (each) => fits(cx, each, closure, given) && sameTypes(cx, each.types, types, node),
  );
  if (known !== undefined) return known;
  const name = closure.name ?? namesOf(cx, closure).name ?? "callback";
  const own = versions.filter((each) => each.closure.scope === closure.scope);
  if (own.length >= mostVersions || versions.length >= mostClosures) {
    refuse(cx, "recursion", node, { name, reason: "makes a new function for itself at each call" });
    return null;
  }
  const body = bodyOf(cx, closure, node);
  if (body === null) return null;
  const shared = new Set<Variable>();
  for (;;) {
    const [functions, calls] = [program.functions.length, program.calls.length];
    const open = openedIn(program);
    const made = lower(cx, closure, given, node, body, versionName(program, name), shared, types);
    if (made === null) return null;
    const isOuter = program.open.size === 0;
    if (made.assigned.size === 0 && (openedIn(program) === open || !isOuter)) return made;
    // A parameter turned out to take more, or a variable from outside is assigned: once more, with all that
    // was made on the way.
    for (const variable of made.assigned) shared.add(variable);
    resetFailures(cx);
    program.functions.length = functions;
    program.calls.length = calls;
  }
}

function versionName({ functions }: Program, name: string): string {
  const names = new Set(functions.map((each) => each.name));
  for (let version = 1; ; version++) {
    const candidate = version === 1 ? name : `${name}${String(version)}`;
    if (!names.has(candidate)) return candidate;
  }
}

function fits(cx: Context, callee: CompanionFunction, closure: Closure, given: readonly Bound[]): boolean {
  if (!raisesFor(cx.catches, callee)) return false;
  if (callee.closure.scope !== closure.scope || !fitsClasses(callee.closure, closure)) return false;
  if (callee.taken.length !== given.length) return false;
  const same = callee.taken.every((taken, index) => {
    const bound = given[index] ?? undefinedLiteral;
    if (taken.kind === "static") return !isAtom(bound) && sameStatic(taken.bound, bound);
    if (!isAtom(bound)) return false;
    noteGiven(cx.unit.program, taken.param, bound);
    return (
      isSameKind(taken.param.value.type, bound) &&
      isSameMemory(cx, taken.param, bound) &&
      isAsPrivate(taken.param.value.type, bound.type) &&
      hasFacts(cx, bound, callee, taken.param.value)
    );
  });
  if (!same) return false;
  const captured = [...callee.captured].every(([variable, value]) => {
    const bound = cx.unit.environment.get(variable);
    return bound === undefined || (isSeenAs(value.type, bound) && hasFacts(cx, bound, callee, value));
  });
  if (!captured) return false;
  return [...callee.assumed].every(([variable, bound]) =>
    isSameBound(cx.unit.environment.get(variable), bound),
  );
}

/** The type parameters stand for what is of the same shapes. */
function sameTypes(cx: Context, a: TypeArguments, b: TypeArguments, node: ts.Node): boolean {
  const { project } = cx.unit;
  return [...a].every(([parameter, known]) => {
    const given = b.get(parameter);
    if (given === known) return true;
    if (given === undefined) return false;
    const [one, other] = [known, given].map((type) => shapeOf(type, node, project));
    return one !== undefined && other !== undefined && isSameShape(one, other);
  });
}

function isSameShape(a: ShapeResult, b: ShapeResult): boolean {
  return a.kind !== "unsupported" && b.kind !== "unsupported" && sameShape(a, b);
}

/** `this` is of a class that the function was lowered for. */
function fitsClasses({ selfClasses: known }: Closure, { selfClasses: given }: Closure): boolean {
  return known === undefined || given?.every((each) => known.includes(each)) === true;
}

/** What the function takes to be known of a value holds of this one too. */
function hasFacts(cx: Context, bound: Atom, { unit }: CompanionFunction, value: Value): boolean {
  const node = unit.classes.get(value.id);
  const members = unit.members.get(value.id);
  if (unit.given.has(value.id) && !isGiven(cx, bound) && !takesMade(unit)) return false;
  if (node === undefined && members === undefined) return true;
  if (bound.kind === "literal") return false;
  if (node !== undefined && cx.unit.classes.get(bound.id) !== node) return false;
  const given = cx.unit.members.get(bound.id);
  return [...(members ?? [])].every(([name, one]) => {
    const other = given?.get(name);
    return other !== undefined && sameStatic(one, other);
  });
}

function isSameKind(type: Type, atom: Atom): boolean {
  if (isBoxType(type) !== isBoxType(atom.type)) return false;
  // What may be missing takes nothing at all, but no number in place of an object.
  if (type.kind === "maybe" && atom.kind === "literal" && (atom.value ?? null) === null) return true;
  if (type.kind === "maybe" && type.other?.kind === atom.type.kind) return true;
  const [own, given] = type.kind === "maybe" ? [type.type, bare(atom.type)] : [type, atom.type];
  if (own.kind === "real" || own.kind === "int") return given.kind === "real" || given.kind === "int";
  return given.kind === own.kind;
}

/** What is seen from outside is taken as it was at the first call. */
function isSeenAs(type: Type, bound: Bound): bound is Atom {
  if (!isAtom(bound) || !isSameKind(type, bound)) return false;
  const [own, given] = [bare(type), bare(bound.type)];
  if (own.kind === "int") return isWhole(bound);
  return own.kind !== "ref" || given.kind !== "ref" || sameShape(own.shape, given.shape);
}

/**
 * A parameter without a type of its own, as in JavaScript, takes memory of one shape only, and so does one that is
 * declared to be one of several kinds of arrays.
 */
function isSameMemory(cx: Context, { node, value }: CompanionParam, atom: Atom): boolean {
  const [type, given] = [bare(value.type), bare(atom.type)];
  if (node === null || type.kind !== "ref" || given.kind !== "ref") return true;
  const declared = shapeOf(cx.checker.getTypeAtLocation(node), node, cx.unit.project);
  const own = declared.kind === "maybe" ? declared.shape : declared;
  if (own.kind !== "unsupported" && !isSeveral(own)) return true;
  return sameShape(type.shape, given.shape);
}

function bare(type: Type): Type {
  return type.kind === "maybe" ? type.type : type;
}

/** Instances from outside have private fields, which those that are made here do not have. */
function isAsPrivate(type: Type, given: Type): boolean {
  return sameShape(shapeOfType(type), shapeOfType(withPrivacyOf(type, given)));
}

function isSameBound(a: Bound | undefined, b: Bound): boolean {
  if (a === undefined) return false;
  if (isAtom(a) || isAtom(b)) {
    if (!isAtom(a) || !isAtom(b) || a.kind !== "literal" || b.kind !== "literal") return a === b;
    return Object.is(a.value, b.value) && a.type.kind === b.type.kind;
  }
  return sameStatic(a, b);
}

function emitCall(
  cx: Context,
  callee: CompanionFunction,
  explicit: readonly Atom[],
  node: ts.Node,
  hint: Hint | null,
): Bound {
  const { builder, program } = cx.unit;
  const boxes = boxesFor(cx, callee, node);
  if (boxes === null) return poison;
  const own = hint ?? suggested(callee.closure.name ?? "result");
  const outs =
    callee.result === null
      ? []
      : [
          builder.value(
            translated(cx.unit, callee.result),
            origin(cx, node, own.declared ? suggested(own.text) : own),
          ),
        ];
  const call: PendingCall["call"] = {
    kind: "call",
    callee: { kind: "function", name: callee.name },
    args: [...explicit, ...boxes.values()],
    outs,
    fields: null,
    writes: [],
    resizes: [],
    statement: cx.statement,
    sweep: "forward",
  };
  builder.emit(call);
  program.calls.push({ unit: cx.unit, callee, node, call });
  completeCalls(program);
  unbox(cx, boxes, node);
  const [out] = outs;
  return out === undefined ? undefinedLiteral : named(cx, out, hint, node);
}
