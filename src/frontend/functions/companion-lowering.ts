/** A function that is called, lowered for the arguments of a call. */
import type { ts } from "ts-morph";
import { bindSeen } from "./kept-calls.js";
import { isBoxType } from "../../ir/boxes.js";
import { dependsOnValues, partsOf } from "./known-parts.js";
import { type Origin, declared, int, real } from "../../ir/builder.js";
import { holdsCotangents, isSeveral } from "../../ir/containers.js";
import { withPrivacyOf } from "../../ir/privacy.js";
import { isOfFamily } from "../types/families.js";
import { isMixed, mayBeNull, nameOfShape } from "../../ir/shapes.js";
import type { Atom, Param, Shape, Type, Value } from "../../ir/types.js";
import { type Context, type Frame, type Unit, noJumps, refuse, spanOf } from "../context.js";
import { boxed, saveBoxes, unbox } from "./companion-boxes.js";
import { bindOwnName, bindParameter, lowerBody, selfOf, valueParameters } from "./inline.js";
import { type Outcome, left } from "../control/control.js";
import { isDoubted } from "../control/trust.js";
import { catching } from "../control/catching.js";
import { noteBirth } from "./circles.js";
import { orFailed, raisingBody } from "./raising.js";
import { collecting } from "./generators.js";
import { lowerDispatch } from "./dispatch.js";
import { lowerConstruction } from "../classes/recursive-constructors.js";
import { typeOfShape } from "../control/loop-carried.js";
import { referenceRegion, shapeOfType } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import {
  isOfRecord,
  scopeWithThis,
  type Bound,
  type Closure,
  Scope,
  type TypeArguments,
  type Variable,
  isAtom,
} from "../scope.js";
import { wordsOf } from "../types/scalar-shapes.js";
import { isUntold } from "../types/function-shapes.js";
import { containsItself } from "../types/circles.js";
import { type ShapeResult, itContainsItself, shapeOf } from "../types/shapes.js";
import { completeCalls } from "./pending-calls.js";
import { checkerWith } from "../project/type-arguments.js";
import type { CompanionFunction, Taken } from "./companions.js";
import { isRef } from "../values.js";

export function lower(
  cx: Context,
  closure: Closure,
  given: readonly Bound[],
  node: ts.Node,
  body: ts.ConciseBody,
  name: string,
  shared: ReadonlySet<Variable>,
  types: TypeArguments,
): CompanionFunction | null {
  const { program } = cx.unit;
  const captured = new Map<Variable, Value>();
  const assumed = new Map<Variable, Bound>();
  const assigned = new Set<Variable>();
  const unit = cx.unit.companionUnit({
    get: (variable) => capture(variable),
    set: (variable) => {
      if (!shared.has(variable)) assigned.add(variable);
    },
    peek: (variable) => captured.get(variable) ?? functionsIn(cx, cx.unit.environment.peek(variable)),
    has: (variable) => cx.unit.environment.peek(variable) !== undefined,
  });
  const frame: Frame = {
    caller: cx.frame,
    call: node,
    closure,
    prefix: "",
    returns: { kind: "companion", result: null },
  };
  const checker = checkerWith(cx.unit.project.checker, types);
  const declaredResult = resultType({ ...cx, checker }, unit, closure, node);
  if (declaredResult === undefined) return null;
  const result = cx.catches === null ? declaredResult : orFailed(declaredResult);
  const inner: Context = {
    ...cx,
    unit,
    checker,
    frame: { ...frame, returns: { kind: "companion", result } },
    scope: new Scope(closure.scope, selfOf(cx, closure), types),
    statement: null,
    facts: new Map(),
    ...noJumps,
    catches: null,
  };
  const nodes = valueParameters(cx, closure.node.parameters);
  const all = closure.self === undefined ? nodes : [null, ...nodes];
  const values = all.map((parameter, index) => take(inner, parameter, given[index] ?? undefinedLiteral, cx));
  const collectors = given.slice(all.length).map((each) => take(inner, null, each, cx, "values"));
  const taken = [...values, ...collectors];
  const params = taken.flatMap((each) => (each.kind === "value" ? [each.param] : []));
  for (const variable of shared) {
    const box = boxed(cx, variable, node);
    if (box === null) return null;
    const value = unit.builder.value(translated(unit, box.type), { hint: declared(`${variable.name}_box`) });
    unit.boxes.set(variable, value);
  }
  const made: CompanionFunction = {
    ...{ name, closure, types, unit, outer: cx.unit, taken, params, captured, assumed, assigned, result },
    raises: cx.catches === null ? null : catching(inner, node, cx.catches.wants),
    boxes: unit.boxes,
    func: null,
  };
  program.functions.push(made);
  program.open.add(made);
  noteBirth(inner, inner.scope, inner.frame);
  const block = unit.builder.block(() => {
    const own = closure.self === undefined ? taken : taken.slice(1);
    const [self] = closure.self === undefined ? [] : taken;
    const facts = new Map(
      self?.kind === "value" && closure.selfClasses !== undefined
        ? [[self.param.value.id, closure.selfClasses] as const]
        : [],
    );
    const bodyContext: Context =
      self?.kind === "value" && !isOfRecord(closure)
        ? { ...inner, facts, scope: scopeWithThis(unit.environment, closure.scope, self.param.value, types) }
        : inner;
    noteBirth(inner, bodyContext.scope, inner.frame);
    if (self?.kind === "value") bindSeen(bodyContext, closure, self.param.value);
    unbox(bodyContext, unit.boxes, node);
    bindOwnName(bodyContext, closure);
    own.forEach((each, index) => {
      const parameter = nodes[index];
      if (parameter !== undefined && closure.constructs === undefined)
        bindParameter(bodyContext, parameter, each.kind === "value" ? each.param.value : each.bound);
    });
    const [collector] = collectors;
    const out = collector?.kind === "value" ? collector.param.value : null;
    const args = own.map((each) => (each.kind === "value" ? each.param.value : each.bound));
    const lowerOwn = (here: Context): Outcome =>
      closure.dispatches !== undefined && self?.kind === "value"
        ? left(lowerDispatch(here, closure.dispatches, self.param.value, args, result, node))
        : closure.constructs !== undefined
          ? left(lowerConstruction(here, closure.constructs, args, result))
          : lowerBody(here, body);
    const whole = out !== null && isRef(out) ? collecting(bodyContext, out, node) : bodyContext;
    const noted = (flag: Variable): void => {
      if (!shared.has(flag)) assigned.add(flag);
    };
    const outcome =
      made.raises === null ? lowerOwn(whole) : raisingBody(whole, node, made.raises, result, noted, lowerOwn);
    if (outcome.end !== null) return outcome.end;
    saveBoxes(bodyContext, node);
    return { kind: "return", values: result === null ? [] : [undefinedLiteral], statement: null };
  });
  program.open.delete(made);
  const shape = result === null ? null : shapeOfResult(result);
  made.func = {
    name,
    params: params.map(({ value, name: text, node: parameter }): Param => ({
      ...{ value, name: text, wrt: false },
      ...(parameter === null ? variantsOf(inner, value, closure) : wordsOf(parameter, cx.unit.project)),
    })),
    results: shape === null ? [] : [{ name: "value", shape }],
    body: { instrs: [...unit.entry, ...block.instrs], end: block.end },
  };
  if (program.open.size === 0) completeCalls(program);
  return made;

  /** What a variable from outside is in the function: the same function or constant, or one more parameter. */
  function capture(variable: Variable): Bound | undefined {
    const known = captured.get(variable);
    if (known !== undefined) return known;
    const bound = cx.unit.environment.get(variable);
    if (bound === undefined) return undefined;
    if (dependsOnValues(bound)) return { kind: "unknown", untold: null };
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

/** What a variable of another unit holds, as far as these are functions. */
function functionsIn(cx: Context, bound: Bound | undefined): Bound | undefined {
  return bound !== undefined && isAtom(bound) ? { kind: "list", elements: partsOf(cx, bound) } : bound;
}

/** The kinds of objects that `this` may be of. */
function variantsOf(
  { unit: { project } }: Context,
  { type }: Value,
  { selfClasses }: Closure,
): Pick<Param, "variants"> {
  const [first] = selfClasses ?? [];
  const family = first === undefined ? undefined : project.families.get(first);
  if (family === undefined || type.kind !== "ref" || !isOfFamily(type.shape, family, project)) return {};
  const variants = family.members.flatMap(({ node, name }) =>
    selfClasses?.includes(node) === true ? [name] : [],
  );
  return variants.length < family.members.length ? { variants } : {};
}

/** What is known of a value while compiling, on the other side of a call. */
export function copyFacts(from: Unit, value: Value, to: Unit, param: Value): void {
  const known = [...(from.members.get(value.id) ?? [])].filter(([, member]) => !holdsValue(member));
  if (known.length > 0) to.members.set(param.id, new Map(known));
  const node = from.classes.get(value.id);
  if (node !== undefined) to.classes.set(param.id, node);
  if (from.given.has(value.id) && referenceRegion(value.type) !== null) to.given.add(param.id);
}

/** What is known of it leads to values of the caller, as a list of instances does. */
function holdsValue(bound: Bound): boolean {
  if (isAtom(bound)) return bound.kind === "value";
  if (bound.kind === "list") return bound.elements.some(holdsValue);
  if (bound.kind === "partial") return [bound.callee, ...bound.args].some(holdsValue);
  return bound.kind === "perhaps";
}

/** A type of another unit, in memory of its own. */
export function translated(unit: Unit, type: Type): Type {
  if (type.kind === "maybe") {
    const inner = translated(unit, type.type);
    if (inner.kind === "maybe") return inner;
    return { ...type, type: inner };
  }
  if (type.kind !== "ref") return type;
  const { regions } = unit;
  const name = nameOfShape(type.shape);
  const region = name === null ? regions.fresh() : regions.tie(regions.fresh(), name);
  return { kind: "ref", shape: type.shape, region };
}

export function take(
  inner: Context,
  parameter: ts.ParameterDeclaration | null,
  bound: Bound,
  outer: Context,
  hidden = "self",
): Taken {
  if (!isAtom(bound)) return { kind: "static", bound };
  const name =
    parameter !== null && inner.ts.isIdentifier(parameter.name)
      ? parameter.name.text
      : parameter === null
        ? freeName(inner, hidden)
        : "arg";
  // Of an object whose class is known, or its functions, all is known; of others, what the parameter is declared as.
  const isKnown =
    bound.kind === "value" && (outer.unit.classes.has(bound.id) || outer.unit.members.has(bound.id));
  const type = isKnown
    ? translated(inner.unit, bound.type)
    : withPrivacyOf(parameterType(inner, parameter, bound), bound.type);
  const at = parameter ?? inner.frame.closure?.node;
  const origin: Origin = { hint: declared(name), span: at === undefined ? null : spanOf(at) };
  const value = inner.unit.builder.value(type, origin);
  if (bound.kind === "value") copyFacts(outer.unit, bound, inner.unit, value);
  return { kind: "value", param: { value, name, node: parameter } };
}

/** The name for a parameter that nobody has declared, or another one where somebody has. */
function freeName({ ts, frame: { closure } }: Context, hidden: string): string {
  const taken = (closure?.node.parameters ?? []).flatMap(({ name }) =>
    ts.isIdentifier(name) ? [name.text] : [],
  );
  return taken.includes(hidden) ? `${hidden}_` : hidden;
}

/** A value of several kinds; for one that is known, there is a version of its own. */
function isOfKinds(type: Type): boolean {
  return isMixed(type) || isBoxType(type);
}

/** An array that may be kept in one thing or another. */
function isOfArrays(type: Type): boolean {
  return type.kind === "maybe" ? isOfArrays(type.type) : type.kind === "ref" && isSeveral(type.shape);
}

/** It is a whole number, whatever it is declared as. */
export function isWhole(bound: Atom): boolean {
  return bound.type.kind === "int" || (bound.kind === "literal" && Number.isInteger(bound.value));
}

/** As it is declared: other calls hand other arguments. */
export function parameterType(cx: Context, parameter: ts.ParameterDeclaration | null, bound: Atom): Type {
  const { unit } = cx;
  if (parameter === null) return translated(unit, bound.type);
  const declaredAs = cx.checker.getTypeAtLocation(parameter);
  const shape = shapeOf(declaredAs, parameter, unit.project);
  const isTold = shape.kind !== "unsupported" && (nameOfShape(shape) !== null || !isUntold(shape));
  if (!isTold && containsItself(declaredAs, unit.project))
    return refuse(cx, "unsupportedType", parameter, {
      code: parameter.name.getText(),
      type: cx.checker.typeToString(declaredAs),
      reason: itContainsItself,
    }).type;
  const declaredType = shape.kind === "unsupported" ? null : typeOfShape(cx, shape);
  const isOneKind =
    declaredType !== null &&
    (isOfKinds(declaredType) || isOfArrays(declaredType)) &&
    !isOfKinds(bound.type) &&
    bound.type.kind !== "nothing";
  const type = isOneKind ? translated(unit, bound.type) : (declaredType ?? translated(unit, bound.type));
  const narrowed =
    type.kind === "real" && isWhole(bound) && !unit.program.fractional.has(parameter) ? int : type;
  const isOptional =
    parameter.initializer !== undefined || parameter.questionToken !== undefined || isDoubted(cx, parameter);
  const isNullable = unit.program.nullable.has(parameter) || mayBeNull(bound.type);
  if (isOptional && isMixed(narrowed)) return { ...narrowed, none: "undefined" };
  if (isOptional && narrowed.kind === "maybe" && narrowed.none === "null")
    return { ...narrowed, none: undefined };
  if (!isOptional || narrowed.kind === "maybe" || narrowed.kind === "nothing") return narrowed;
  return {
    kind: "maybe",
    type: narrowed.kind === "int" ? real : narrowed,
    none: isNullable ? undefined : "undefined",
  };
}

/** Null for a function that returns nothing; undefined, and a report, for one whose result has no shape. */
export function resultType(
  cx: Context,
  unit: Unit,
  closure: Closure,
  node: ts.Node,
): Type | null | undefined {
  const isGenerator = "asteriskToken" in closure.node && closure.node.asteriskToken !== undefined;
  const signature = cx.checker.getSignatureFromDeclaration(closure.node);
  if (signature === undefined || isGenerator) return null;
  const type = cx.checker.getReturnTypeOfSignature(declaredSignature(cx, closure) ?? signature);
  const { Void, Undefined, Never } = cx.ts.TypeFlags;
  if ((type.flags & (Void | Undefined | Never)) !== 0) return null;
  const own = resultShape(cx, closure.node, type);
  const isGeneric = own.kind === "unsupported" && own.cause === "generic";
  const shape = isGeneric ? shapeOf(cx.checker.getTypeAtLocation(node), node, cx.unit.project) : own;
  if (mayHoldFunctions(shape)) return keptResult({ ...cx, unit }, closure);
  const isOpen = shape.kind !== "unsupported" && isSeveral(shape) && !holdsCotangents(shape.containers);
  const made = shape.kind === "unsupported" || isOpen ? null : typeOfShape({ ...cx, unit }, shape);
  if (made !== null) return made;
  refuse(cx, "recursion", node, {
    name: closure.name ?? "function",
    reason: `returns \`${cx.checker.typeToString(type)}\``,
  });
  return undefined;
}

/** Of one of several functions, as the place where they lie has it. */
function declaredSignature(
  { ts: tsc, checker }: Context,
  { node, dispatches }: Closure,
): ts.Signature | null {
  if (dispatches === undefined || !(tsc.isArrowFunction(node) || tsc.isFunctionExpression(node))) return null;
  const [only, ...more] = checker.getContextualType(node)?.getCallSignatures() ?? [];
  return only === undefined || more.length > 0 ? null : only;
}

/** A function, or memory of no type that has a name, with something in it that is not looked into by its type alone. */
function mayHoldFunctions(shape: ShapeResult): boolean {
  return shape.kind === "unsupported" ? shape.cause === "function" : isUntold(shape);
}

/** A function that is returned lies in memory: what may be returned is learnt where it is. */
function keptResult(cx: Context, { node }: Closure): Type {
  const { records } = cx.unit;
  records.keepVariable(node);
  const shape = records.variableShape(node);
  return (shape === null ? null : typeOfShape(cx, shape)) ?? { kind: "nothing" };
}

/** Without a type, as in JavaScript, it is what the declarations say, or else a number. */
function resultShape(cx: Context, node: ts.FunctionLikeDeclaration, type: ts.Type): ShapeResult {
  const { project } = cx.unit;
  const shape = shapeOf(type, node, project);
  const isUntyped = shape.kind === "unsupported" && shape.cause === "untyped";
  return isUntyped ? (declaredResult(cx, node) ?? { kind: "real" }) : shape;
}

/** What the function returns has a shape by its type alone. */
export function returnsKnown(cx: Context, node: ts.FunctionLikeDeclaration): boolean {
  const signature = cx.checker.getSignatureFromDeclaration(node);
  const result = signature === undefined ? null : cx.checker.getReturnTypeOfSignature(signature);
  const isKnown = result !== null && shapeOf(result, node, cx.unit.project).kind !== "unsupported";
  return isKnown || declaredResult(cx, node) !== null;
}

/** What the declaration of a function of a package says that it returns; null where there is none. */
export function declaredResult(cx: Context, node: ts.FunctionLikeDeclaration): ShapeResult | null {
  const { checker } = cx;
  const { project } = cx.unit;
  const own = node.name === undefined ? undefined : checker.getSymbolAtLocation(node.name);
  const declared = own === undefined ? undefined : project.implemented.declaredBy(own);
  if (declared === undefined || declared === own) return null;
  const [signature, ...overloads] = checker.getTypeOfSymbol(declared).getCallSignatures();
  if (signature === undefined || overloads.length > 0) return null;
  const shape = shapeOf(checker.getReturnTypeOfSignature(signature), node, project);
  return shape.kind === "unsupported" ? null : shape;
}

export function shapeOfResult(type: Type): Shape {
  return type.kind === "int" ? type : shapeOfType(type);
}
