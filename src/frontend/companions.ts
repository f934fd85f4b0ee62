/**
 * Functions that are called rather than inlined: those that call themselves. Each is lowered once for all calls that hand
 * it the same functions; the variables that it sees from outside become further parameters.
 */
import type { ts } from "ts-morph";
import { type Origin, declared, int, real, suggested } from "../ir/builder.js";
import type { Atom, Call, End, Func, Hint, Param, RegionId, Shape, Type, Value } from "../ir/types.js";
import { type Context, type Frame, type Unit, noJumps, origin, poison, refuse, spanOf } from "./context.js";
import { declareVariable, withDefault } from "./declarations.js";
import { bodyOf, lowerBody, parameterSymbol, valueParameters } from "./inline.js";
import { typeOfShape } from "./loop-carried.js";
import { lowerExpression } from "./expressions.js";
import { referenceRegion, shapeOfType } from "./memory.js";
import { undefinedLiteral } from "./names.js";
import { bindPattern } from "./patterns.js";
import { type Bound, type Closure, type Static, Scope, type Variable, isAtom } from "./scope.js";
import { shapeOf } from "./shapes.js";
import { atomOf, named, numberOf } from "./values.js";

/** Specialised more often than this, a function makes new functions for itself at each call. */
const mostVersions = 12;

/** A function that is called. */
export interface CompanionFunction {
  readonly name: string;
  readonly closure: Closure;
  readonly unit: Unit;
  /** Where what it sees from outside is looked up. */
  readonly outer: Unit;
  /** What it takes for each of the user's parameters, and first of all for `this`: a value, or a function. */
  readonly taken: readonly Taken[];
  /** The user's parameters, as far as they are values. */
  readonly params: readonly CompanionParam[];
  /** Variables from outside, in the order in which they were met. */
  readonly captured: Map<Variable, Value>;
  /** What was taken to be the same at all calls. */
  readonly assumed: Map<Variable, Bound>;
  /** Variables from outside that it assigns. */
  readonly assigned: Set<Variable>;
  readonly result: Type | null;
  /** Null while it is being lowered. */
  func: Func | null;
}

export interface CompanionParam {
  readonly value: Value;
  readonly name: string;
  /** The user's parameter; null for `this`. */
  readonly node: ts.ParameterDeclaration | null;
}

type Taken =
  | { readonly kind: "value"; readonly param: CompanionParam }
  | { readonly kind: "static"; readonly bound: Static };

/** A call in the IR of some unit, whose arguments for captured variables are still to come. */
export interface PendingCall {
  readonly unit: Unit;
  readonly callee: CompanionFunction;
  /** Filled in when all functions are lowered. */
  readonly call: Call & { readonly args: Atom[]; readonly writes: RegionId[]; readonly resizes: RegionId[] };
}

/** All of one target. */
export interface Program {
  readonly functions: CompanionFunction[];
  readonly calls: PendingCall[];
  /** Functions that are being lowered. */
  readonly open: Set<CompanionFunction>;
  /** Parameters that are whole numbers at some call but not at all of them. */
  readonly fractional: Set<ts.Node>;
}

/** Calls the function; gives its result. */
export function callCompanion(
  cx: Context,
  closure: Closure,
  args: readonly Bound[],
  node: ts.Node,
  hint: Hint | null,
): Bound {
  if (args.includes(poison)) return poison;
  const given = givenArguments(cx, closure, args, node);
  if (given === null) return poison;
  const callee = companionFor(cx, closure, given, node);
  if (callee === null) return poison;
  const explicit = callee.taken.flatMap((taken, index): Atom[] => {
    const bound = given[index];
    return taken.kind === "value" && bound !== undefined ? [atomOf(cx, bound, node)] : [];
  });
  if (explicit.includes(poison)) return poison;
  return emitCall(cx, callee, explicit, node, hint);
}

/** `this`, then the arguments. */
function givenArguments(
  cx: Context,
  closure: Closure,
  args: readonly Bound[],
  node: ts.Node,
): readonly Bound[] | null {
  const parameters = valueParameters(cx, closure.node.parameters);
  const rest = parameters.find(({ dotDotDotToken }) => dotDotDotToken !== undefined);
  if (rest !== undefined) {
    refuse(cx, "recursion", node, { name: closure.name ?? "function", reason: "takes a rest parameter" });
    return null;
  }
  const bound = parameters.map((_, index) => args[index] ?? undefinedLiteral);
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
  const versions = program.functions.filter((each) => each.closure.node === closure.node);
  const known = versions.find((each) => fits(cx, each, closure, given));
  if (known !== undefined) return known;
  const name = closure.name ?? "function";
  if (versions.length >= mostVersions) {
    refuse(cx, "recursion", node, { name, reason: "makes a new function for itself at each call" });
    return null;
  }
  const body = bodyOf(cx, closure, node);
  if (body === null) return null;
  for (;;) {
    const [functions, calls] = [program.functions.length, program.calls.length];
    const fractional = program.fractional.size;
    const made = lower(cx, closure, given, node, body, versionName(program, name));
    if (made === null || program.fractional.size === fractional || program.open.size > 0) return made;
    // A parameter turned out not to be a whole number: once more, with all that was made on the way.
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

function fits(
  cx: Context,
  callee: CompanionFunction,
  closure: Closure,
  given: readonly Bound[],
): boolean {
  if (callee.closure.scope !== closure.scope) return false;
  if (callee.taken.length !== given.length) return false;
  const same = callee.taken.every((taken, index) => {
    const bound = given[index] ?? undefinedLiteral;
    if (taken.kind === "static") return !isAtom(bound) && isSameStatic(taken.bound, bound);
    if (!isAtom(bound)) return false;
    if (bound.type.kind === "real" && bound.kind === "value" && taken.param.value.type.kind === "int")
      noteFractional(cx, taken.param);
    return isSameKind(taken.param.value.type, bound);
  });
  if (!same) return false;
  return [...callee.assumed].every(([variable, bound]) => isSameBound(cx.unit.environment.get(variable), bound));
}

/** The parameter is taken for a whole number by a function that is lowered already. */
function noteFractional(cx: Context, { node }: CompanionParam): void {
  if (node !== null) cx.unit.program.fractional.add(node);
}

function isSameKind(type: Type, atom: Atom): boolean {
  if (type.kind === "maybe") return true;
  if (type.kind === "real" || type.kind === "int") return atom.type.kind === "real" || atom.type.kind === "int";
  return atom.type.kind === type.kind;
}

function isSameStatic(a: Static, b: Static): boolean {
  if (a === b) return true;
  if (a.kind === "closure" && b.kind === "closure")
    return a.node === b.node && a.scope === b.scope && a.self === b.self;
  if (a.kind === "builtin" && b.kind === "builtin") return a.name === b.name;
  if (a.kind === "class" && b.kind === "class") return a.node === b.node;
  return false;
}

function isSameBound(a: Bound | undefined, b: Bound): boolean {
  if (a === undefined) return false;
  if (isAtom(a) || isAtom(b)) {
    if (!isAtom(a) || !isAtom(b) || a.kind !== "literal" || b.kind !== "literal") return a === b;
    return Object.is(a.value, b.value) && a.type.kind === b.type.kind;
  }
  return isSameStatic(a, b);
}

function lower(
  cx: Context,
  closure: Closure,
  given: readonly Bound[],
  node: ts.Node,
  body: ts.ConciseBody,
  name: string,
): CompanionFunction | null {
  const { program } = cx.unit;
  const captured = new Map<Variable, Value>();
  const assumed = new Map<Variable, Bound>();
  const assigned = new Set<Variable>();
  const unit = cx.unit.companionUnit({
    get: (variable) => capture(variable),
    set: (variable) => assigned.add(variable),
    has: (variable) => cx.unit.environment.get(variable) !== undefined,
  });
  const frame: Frame = {
    caller: cx.frame,
    call: node,
    closure,
    prefix: "",
    returns: { kind: "companion", result: null },
  };
  const result = resultType(cx, unit, closure, node);
  if (result === undefined) return null;
  const inner: Context = {
    ...cx,
    unit,
    frame: { ...frame, returns: { kind: "companion", result } },
    scope: new Scope(closure.scope, cx.ts.isArrowFunction(closure.node) ? undefined : (closure.self ?? null)),
    statement: null,
    ...noJumps,
  };
  const nodes = valueParameters(cx, closure.node.parameters);
  const all = closure.self === undefined ? nodes : [null, ...nodes];
  const taken = all.map((parameter, index) => take(inner, parameter, given[index] ?? undefinedLiteral, cx));
  const params = taken.flatMap((each) => (each.kind === "value" ? [each.param] : []));
  const made: CompanionFunction = {
    ...{ name, closure, unit, outer: cx.unit, taken, params, captured, assumed, assigned, result },
    func: null,
  };
  program.functions.push(made);
  program.open.add(made);
  const block = unit.builder.block(() => {
    const own = closure.self === undefined ? taken : taken.slice(1);
    const [self] = closure.self === undefined ? [] : taken;
    const bodyContext: Context =
      self?.kind === "value" ? { ...inner, scope: new Scope(closure.scope, self.param.value) } : inner;
    own.forEach((each, index) => {
      const parameter = nodes[index];
      if (parameter !== undefined) bind(bodyContext, parameter, each.kind === "value" ? each.param.value : each.bound);
    });
    const outcome = lowerBody(bodyContext, body);
    if (outcome.end !== null) return outcome.end;
    return { kind: "return", values: result === null ? [] : [undefinedLiteral], statement: null };
  });
  program.open.delete(made);
  const shape = result === null ? null : shapeOfResult(result);
  made.func = {
    name,
    params: params.map(({ value, name: text }): Param => ({ value, name: text, wrt: false })),
    results: shape === null ? [] : [{ name: "value", shape }],
    body: { instrs: [...unit.entry, ...block.instrs], end: block.end },
  };
  if (assigned.size > 0) {
    const [first] = assigned;
    refuse(cx, "recursion", node, {
      name: closure.name ?? "function",
      reason: `changes \`${first?.name ?? ""}\`, which is declared outside of it`,
    });
    return null;
  }
  if (program.open.size === 0) completeCalls(program);
  return made;

  /** What a variable from outside is in the function: the same function or constant, or one more parameter. */
  function capture(variable: Variable): Bound | undefined {
    const known = captured.get(variable);
    if (known !== undefined) return known;
    const bound = cx.unit.environment.get(variable);
    if (bound === undefined) return undefined;
    if (!isAtom(bound) || bound.kind === "literal") {
      assumed.set(variable, bound);
      return bound;
    }
    const value = unit.builder.value(translated(unit, bound.type), { hint: declared(variable.name) });
    captured.set(variable, value);
    copyFacts(cx.unit, bound, unit, value);
    return value;
  }
}

/** What is known of a value while compiling, on the other side of a call. */
function copyFacts(from: Unit, value: Value, to: Unit, param: Value): void {
  const members = from.members.get(value.id);
  if (members !== undefined) to.members.set(param.id, members);
  const node = from.classes.get(value.id);
  if (node !== undefined) to.classes.set(param.id, node);
}

/** A type of another unit, in memory of its own. */
function translated(unit: Unit, type: Type): Type {
  if (type.kind === "maybe") {
    const inner = translated(unit, type.type);
    return inner.kind === "maybe" ? inner : { kind: "maybe", type: inner };
  }
  return type.kind === "ref" ? { kind: "ref", shape: type.shape, region: unit.regions.fresh() } : type;
}

function take(
  inner: Context,
  parameter: ts.ParameterDeclaration | null,
  bound: Bound,
  outer: Context,
): Taken {
  if (!isAtom(bound)) return { kind: "static", bound };
  const name =
    parameter !== null && inner.ts.isIdentifier(parameter.name)
      ? parameter.name.text
      : parameter === null
        ? "self"
        : "arg";
  const type = parameterType(inner, parameter, bound);
  const at = parameter ?? inner.frame.closure?.node;
  const origin: Origin = { hint: declared(name), span: at === undefined ? null : spanOf(at) };
  const value = inner.unit.builder.value(type, origin);
  if (bound.kind === "value") copyFacts(outer.unit, bound, inner.unit, value);
  return { kind: "value", param: { value, name, node: parameter } };
}

/** As it is declared: other calls hand other arguments. */
function parameterType(cx: Context, parameter: ts.ParameterDeclaration | null, bound: Atom): Type {
  const { unit } = cx;
  const isWhole =
    bound.type.kind === "int" || (bound.kind === "literal" && Number.isInteger(bound.value));
  if (parameter === null) return translated(unit, bound.type);
  const shape = shapeOf(cx.checker.getTypeAtLocation(parameter), parameter, unit.project);
  const declaredType = shape.kind === "unsupported" ? null : typeOfShape(cx, shape);
  const type = declaredType ?? translated(unit, bound.type);
  const narrowed = type.kind === "real" && isWhole && !unit.program.fractional.has(parameter) ? int : type;
  const isOptional = parameter.initializer !== undefined || parameter.questionToken !== undefined;
  if (!isOptional || narrowed.kind === "maybe" || narrowed.kind === "nothing") return narrowed;
  return { kind: "maybe", type: narrowed.kind === "int" ? real : narrowed };
}

function bind(cx: Context, parameter: ts.ParameterDeclaration, bound: Bound): void {
  const { name, initializer } = parameter;
  if (!cx.ts.isIdentifier(name)) {
    bindPattern(cx, name, initializer === undefined ? bound : withDefault(cx, bound, initializer, null), name);
    return;
  }
  const variable = declareVariable(cx, cx.scope, parameterSymbol(cx, parameter), name.text);
  const whole = initializer === undefined ? bound : withDefault(cx, bound, initializer, variable.hint);
  cx.unit.environment.set(variable, whole);
}

/** Null for a function that returns nothing; undefined, and a report, for one whose result has no shape. */
function resultType(cx: Context, unit: Unit, closure: Closure, node: ts.Node): Type | null | undefined {
  const signature = cx.checker.getSignatureFromDeclaration(closure.node as ts.SignatureDeclaration);
  if (signature === undefined) return null;
  const type = cx.checker.getReturnTypeOfSignature(signature);
  const { Void, Undefined, Never } = cx.ts.TypeFlags;
  if ((type.flags & (Void | Undefined | Never)) !== 0) return null;
  const own = shapeOf(type, closure.node, cx.unit.project);
  const isGeneric = own.kind === "unsupported" && own.cause === "generic";
  const shape = isGeneric ? shapeOf(cx.checker.getTypeAtLocation(node), node, cx.unit.project) : own;
  const made = shape.kind === "unsupported" ? null : typeOfShape({ ...cx, unit }, shape);
  if (made !== null) return made;
  refuse(cx, "recursion", node, {
    name: closure.name ?? "function",
    reason: `returns \`${cx.checker.typeToString(type)}\``,
  });
  return undefined;
}

function shapeOfResult(type: Type): Shape {
  return type.kind === "int" ? type : shapeOfType(type);
}

function emitCall(
  cx: Context,
  callee: CompanionFunction,
  explicit: readonly Atom[],
  node: ts.Node,
  hint: Hint | null,
): Bound {
  const { builder, program } = cx.unit;
  const own = hint ?? suggested(callee.closure.name ?? "result");
  const outs =
    callee.result === null
      ? []
      : [builder.value(translated(cx.unit, callee.result), origin(cx, node, own.declared ? suggested(own.text) : own))];
  const call: PendingCall["call"] = {
    kind: "call",
    callee: { kind: "function", name: callee.name },
    args: [...explicit],
    outs,
    fields: null,
    writes: [],
    resizes: [],
    statement: cx.statement,
    sweep: "forward",
  };
  builder.emit(call);
  const pending = { unit: cx.unit, callee, call };
  program.calls.push(pending);
  if (program.open.size === 0) complete(pending);
  const [out] = outs;
  return out === undefined ? undefinedLiteral : named(cx, out, hint, node);
}

/** Hands over what the functions see from outside: known when all of them are lowered. */
function completeCalls({ calls }: Program): void {
  for (let before = -1, after = 0; before !== after; ) {
    before = after;
    calls.forEach(complete);
    after = calls.reduce((sum, { callee }) => sum + callee.captured.size, 0);
  }
}

function complete({ unit, callee, call }: PendingCall): void {
  const explicit = callee.params.length;
  const captured = [...callee.captured.keys()];
  for (let index = call.args.length - explicit; index < captured.length; index++) {
    const variable = captured[index];
    const bound = variable === undefined ? undefined : unit.environment.get(variable);
    if (bound !== undefined && isAtom(bound)) call.args.push(bound);
  }
}

/** Leaves a function that is called. */
export function returnFromCompanion(
  cx: Context,
  expression: ts.Expression | null,
  result: Type | null,
  node: ts.Node,
): End {
  const bound = expression === null ? undefinedLiteral : lowerExpression(cx, expression);
  return endOfCompanion(cx, bound, result, expression ?? node);
}

/** The end of a function that returns what an expression gave. */
export function endOfCompanion(cx: Context, bound: Bound, result: Type | null, node: ts.Node): End {
  const { statement } = cx;
  if (result === null) return { kind: "return", values: [], statement };
  const atom = isNumber(result) ? numberOf(cx, bound, node) : atomOf(cx, bound, node);
  const [from, to] = [referenceRegion(atom.type), referenceRegion(result)];
  if (from !== null && to !== null) cx.unit.regions.merge(from, to);
  return { kind: "return", values: [atom], statement };
}

function isNumber({ kind }: Type): boolean {
  return kind === "real" || kind === "int";
}
