/** Inlining: the body of a function of the user in place of a call of it. */
import { isMethodArrow } from "../classes/method-fields.js";
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import { isAssignmentTarget } from "../control/written.js";
import { begin } from "../expressions/shared-variables.js";
import { number, suggested } from "../../ir/builder.js";
import type { Hint } from "../../ir/types.js";
import type { OnLeft } from "./calls.js";
import { callCompanion, mayBeCalled } from "./companions.js";
import { type Outcome, andThen, jump, makeExit } from "../control/control.js";
import {
  type Context,
  type Exit,
  type Frame,
  noJumps,
  onStatement,
  poison,
  refuse,
  unset,
} from "../context.js";
import { declareVariable, held, withDefault } from "../expressions/declarations.js";
import { allocateElements } from "../arrays/elements.js";
import { isPerhaps } from "../arrays/optional-elements.js";
import { listOfBounds } from "./functions.js";
import { undefinedLiteral } from "../names.js";
import { bindPattern } from "../expressions/patterns.js";
import { isOfRecord, scopeWithThis, type Bound, type Closure, type Variable, isAtom } from "../scope.js";
import { isCircular, learnCircle, noteBirth } from "./circles.js";
import { withoutIdleSelf } from "./captures.js";
import { callsItself, isLarge, isShared } from "./recursion.js";
import { openBehind, whereGiven } from "../control/openings.js";
import { isJavaScript } from "../syntax.js";
import { checkerWith, typesAtCall } from "../project/type-arguments.js";
import { includesNothing, atomOf } from "../values.js";
import { hoistFunctions, lowerReturn, lowerSequence } from "../control/statements.js";

/** More code than this is beyond what a gradient can be read or optimised at. */
const maxExpansions = 5_000;

/** Lowers the body with the parameters bound to the arguments, and gives its result. */
export function inlineCall(
  cx: Context,
  callee: Closure,
  args: readonly Bound[],
  node: ts.Node,
  hint: Hint | null,
  onLeft: OnLeft,
): Bound {
  const closure = withoutIdleSelf(cx, callee);
  const { node: called } = closure;
  if (isGenerator(cx, called)) {
    const { depth } = cx.unit.environment;
    return { kind: "generated", of: { kind: "call", closure, args }, node, depth, use: { isUsed: false } };
  }
  const { repeats } = cx.unit;
  const isOften = isLarge(cx, called) || isShared(cx, called);
  if (
    isOfRecord(closure) ||
    callsItself(cx, called) ||
    isCircular(cx, closure) ||
    (isOften && mayBeCalled(cx, closure, args)) ||
    repeats.isCalled(cx, closure, args)
  )
    return callCompanion(cx, closure, args, node, hint);
  const body = bodyOf(cx, closure, node);
  return body === null
    ? poison
    : repeats.written(cx, closure, args, () =>
        inlineBody(cx, closure, args, node, hint, onLeft, (inner) => lowerBody(inner, body)),
      );
}

function isGenerator({ ts: tsc }: Context, node: ts.FunctionLikeDeclaration): boolean {
  if (!("asteriskToken" in node) || node.asteriskToken === undefined) return false;
  return !(tsc.getModifiers(node)?.some(({ kind }) => kind === tsc.SyntaxKind.AsyncKeyword) ?? false);
}

/** Lowers what `lower` does as the body of the closure. */
export function inlineBody(
  cx: Context,
  closure: Closure,
  args: readonly Bound[],
  node: ts.Node,
  hint: Hint | null,
  onLeft: OnLeft,
  lower: (inner: Context) => Outcome,
): Bound {
  const { environment } = cx.unit;
  const { inner, exit, result } = activate(cx, closure, args, node, hint);
  const before = cx.unit.diagnostics.errorCount;
  const outcome = andThen(inner, node, lower(inner), () => {
    environment.set(result, undefinedLiteral);
    return jump(inner, exit);
  });
  // The code of a package is refused as a whole, once.
  if (cx.unit.diagnostics.errorCount > before && !cx.unit.project.isOwn(closure.node.getSourceFile()))
    return poison;
  if (outcome.end !== null) {
    onLeft(outcome.end);
    // What follows is never reached, but has to be lowered with a value of some kind.
    const { flags } = cx.checker.getTypeAtLocation(node);
    return (flags & cx.ts.TypeFlags.NumberLike) === 0 ? unset : number(NaN);
  }
  const thrown = outcome.exits.filter((each) => each !== exit);
  openBehind(cx, thrown);
  const bound = environment.get(result) ?? poison;
  // It need not be handed on to where something was thrown.
  if (cx.catches !== null) environment.set(result, unset);
  return thrown.length === 0 || mayGiveNothing(inner, closure) ? bound : whereGiven(cx, bound, node);
}

function mayGiveNothing(inner: Context, { node }: Closure): boolean {
  const signature = inner.checker.getSignatureFromDeclaration(node);
  return signature === undefined || includesNothing(inner, inner.checker.getReturnTypeOfSignature(signature));
}

interface Activation {
  readonly inner: Context;
  /** Where `return` goes, and what holds its value. */
  readonly exit: Exit;
  readonly result: Variable;
}

/** A call that is written out, up to where its body begins. */
export function activate(
  cx: Context,
  closure: Closure,
  args: readonly Bound[],
  node: ts.Node,
  hint: Hint | null,
): Activation {
  const { environment } = cx.unit;
  const own = hint ?? (closure.name === null ? null : suggested(closure.name));
  const keeps = cx.unit.records.isKeptVariable(closure.node) ? { keeps: closure.node } : {};
  const about = { resultOf: closure.node, ...keeps };
  const result: Variable = { name: closure.name ?? "result", hint: own, depth: environment.depth, ...about };
  const exit = makeExit(cx, `${closure.prefix}done`, { carries: [result] });
  environment.set(result, unset);
  const frame: Frame = {
    caller: cx.frame,
    call: node,
    closure,
    prefix: closure.prefix,
    returns: { kind: "exit", exit, result, hint: own, isTarget: false },
  };
  const types = typesAtCall(cx, closure, node);
  const scope = scopeWithThis(environment, closure.scope, selfOf(cx, closure), types);
  noteBirth(cx, scope, frame);
  const checker = checkerWith(cx.unit.project.checker, types);
  const inner: Context = { ...cx, checker, frame, scope, facts: factsWith(cx.facts, closure), ...noJumps };
  bindOwnName(inner, closure);
  bindParameters(inner, closure.node.parameters, args);
  return { inner, exit, result };
}

/** In its body, `this` is of the classes that the call knows. */
function factsWith(facts: Context["facts"], { self, selfClasses }: Closure): Context["facts"] {
  if (self?.kind !== "value" || selfClasses === undefined) return facts;
  return new Map([...facts, [self.id, selfClasses]]);
}

/** An arrow function's `this` is that of the place where it is written; others, and fields of classes, have their own. */
export function selfOf(cx: Context, { node, self }: Closure): Bound | null | undefined {
  return cx.ts.isArrowFunction(node) && !isMethodArrow(node, cx.unit.project) ? undefined : (self ?? null);
}

/** The statements of a function, or the one expression that it returns. */
export function lowerBody(cx: Context, body: ts.ConciseBody): Outcome {
  if (!cx.ts.isBlock(body)) return lowerReturn(onStatement(cx, body), body, body);
  hoistVariables(cx, body);
  hoistFunctions(cx, body.statements);
  return lowerSequence(cx, body.statements, 0, null);
}

/** What is to be lowered; null, and a report, for what cannot be inlined. */
export function bodyOf(cx: Context, { node, name, scope }: Closure, call: ts.Node): ts.ConciseBody | null {
  const shown = name ?? "function";
  const has = (kind: ts.SyntaxKind): boolean =>
    cx.ts.canHaveModifiers(node) && (cx.ts.getModifiers(node)?.some((each) => each.kind === kind) ?? false);
  if (has(cx.ts.SyntaxKind.AsyncKeyword)) {
    refuse(cx, "asyncFunction", call, { name: shown });
  } else if (!("body" in node) || node.body === undefined) {
    refuse(cx, "noSource", call, { callee: shown });
  } else if (!callsItself(cx, node) && isRecursive(cx, { node, scope }, call)) {
    if (learnCircle(cx, { node, scope })) return null;
    refuse(cx, "recursion", call, { name: shown, reason: "cannot be followed" });
  } else if (!hasRoom(cx, call, shown)) {
    return null;
  } else {
    return node.body;
  }
  return null;
}

/** False, and a report, where there is too much code already. */
export function hasRoom(cx: Context, call: ts.Node, name: string): boolean {
  const count = cx.unit.expansions.next();
  if (count === maxExpansions) refuse(cx, "tooLarge", call, { name });
  return count < maxExpansions;
}

/** True if the same call of the same function is being inlined around this one. */
function isRecursive(cx: Context, { node, scope }: Pick<Closure, "node" | "scope">, call: ts.Node): boolean {
  for (let frame: Frame | null = cx.frame; frame !== null; frame = frame.caller) {
    const isOne = frame.closure?.node === node && frame.closure.scope === scope;
    if (isOne && (frame.call === call || contains(node, call))) return true;
    // What a function that is called does comes to an end, since it is lowered once.
    if (frame.returns.kind === "companion") return false;
  }
  return false;
}

/** A function that calls itself from its own text need not be inlined once to be known as recursive. */
function contains(node: ts.Node, call: ts.Node): boolean {
  for (let each: ts.Node | undefined = call; each !== undefined; each = each.parent as ts.Node | undefined) {
    if (each === node) return true;
  }
  return false;
}

/** A function expression can be named within itself. */
export function bindOwnName(cx: Context, closure: Closure): void {
  const { node } = closure;
  if (!cx.ts.isFunctionExpression(node) || node.name === undefined) return;
  const variable = declareVariable(cx, cx.scope, cx.checker.getSymbolAtLocation(node.name), node.name.text);
  cx.unit.environment.set(variable, closure);
}

function bindParameters(
  cx: Context,
  parameters: readonly ts.ParameterDeclaration[],
  args: readonly Bound[],
): void {
  const own = valueParameters(cx, parameters);
  const fixed = own.at(-1)?.dotDotDotToken === undefined ? own.length : own.length - 1;
  const open = args.slice(0, fixed).find(isPerhaps);
  own.forEach((parameter, i) => {
    if (i === 0 && open !== undefined) atomOf(cx, open, cx.frame.call ?? parameter);
    const bound =
      parameter.dotDotDotToken === undefined
        ? (args[i] ?? undefinedLiteral)
        : restOf(cx, parameter, args.slice(i));
    bindParameter(cx, parameter, bound);
  });
}

/** Gives the name or the names of a parameter what is handed over, or its default. */
export function bindParameter(cx: Context, parameter: ts.ParameterDeclaration, bound: Bound): void {
  const { name, initializer } = parameter;
  if (!cx.ts.isIdentifier(name)) {
    const whole = initializer === undefined ? bound : withDefault(cx, bound, initializer, null);
    bindPattern(cx, name, whole, name);
    return;
  }
  const variable = declareVariable(cx, cx.scope, parameterSymbol(cx, parameter), name.text);
  // In a function of its own it is the user's name; inlined, it is one more name for what stands there.
  const isInlined = cx.frame.prefix !== "";
  const hint = isInlined ? suggested(`${cx.frame.prefix}${name.text}`) : variable.hint;
  const value = initializer === undefined ? bound : withDefault(cx, bound, initializer, hint);
  begin(cx, variable, held(cx, variable, value, parameter), parameter);
}

/** What the name means in the body: of a parameter property (`constructor(public x: number)`), not the property. */
export function parameterSymbol(cx: Context, parameter: ts.ParameterDeclaration): ts.Symbol | undefined {
  const { name } = parameter;
  if (!cx.ts.isIdentifier(name) || !cx.ts.isParameterPropertyDeclaration(parameter, parameter.parent))
    return cx.checker.getSymbolAtLocation(name);
  const { FunctionScopedVariable } = cx.ts.SymbolFlags;
  return cx.checker
    .getSymbolsOfParameterPropertyDeclaration(parameter, name.text)
    .find(({ flags }) => (flags & FunctionScopedVariable) !== 0);
}

/** Those that take arguments: a `this` parameter is only a type. */
export function valueParameters(
  cx: Context,
  parameters: readonly ts.ParameterDeclaration[],
): readonly ts.ParameterDeclaration[] {
  return parameters.filter(({ name }) => !cx.ts.isIdentifier(name) || name.text !== "this");
}

export function restOf(cx: Context, parameter: ts.ParameterDeclaration, args: readonly Bound[]): Bound {
  if (args.includes(poison)) return poison;
  const [only] = args;
  if (only?.kind === "value" && cx.unit.restArrays.delete(only.id)) return only;
  const list = listOfBounds(cx, args, parameter.name);
  if (list !== null) return list;
  if (isHandedOn(cx, parameter)) return { kind: "list", elements: args };
  const isKept = cx.unit.records.isKeptMember(parameter.name, "*");
  const atoms = isKept ? args.map((arg) => atomOf(cx, arg, parameter)) : args.filter(isAtom);
  if (atoms.includes(poison)) return poison;
  if (atoms.length < args.length)
    return refuse(cx, "escapingFunction", parameter, { name: parameter.name.getText() });
  return allocateElements(cx, parameter.name, atoms, null);
}

/**
 * `constructor(...args: any[]) { super(...args); }`, `function log(...args: unknown[])`: whatever the arguments are, they
 * are only handed on, or read.
 */
function isHandedOn(cx: Context, { name, parent: owner }: ts.ParameterDeclaration): boolean {
  const tsc = cx.ts;
  if (!tsc.isConstructorDeclaration(owner) && !givesNothing(cx, owner)) return false;
  const symbol = tsc.isIdentifier(name) ? cx.checker.getSymbolAtLocation(name) : undefined;
  const element = cx.checker.getIndexTypeOfType(cx.checker.getTypeAtLocation(name), tsc.IndexKind.Number);
  const { Any, Unknown } = tsc.TypeFlags;
  if (symbol === undefined || element === undefined || (element.flags & (Any | Unknown)) === 0) return false;
  return [...descendants(tsc, owner)].every((each) => {
    if (each === name || !tsc.isIdentifier(each) || cx.checker.getSymbolAtLocation(each) !== symbol)
      return true;
    const { parent } = each;
    const isRead =
      (tsc.isPropertyAccessExpression(parent) && parent.name.text === "length") ||
      (tsc.isElementAccessExpression(parent) &&
        parent.expression === each &&
        isReadAlike(tsc, owner, parent));
    return tsc.isSpreadElement(parent) || (isRead && !isAssignmentTarget(cx, parent, parent.parent));
  });
}

function givesNothing(cx: Context, owner: ts.SignatureDeclaration): boolean {
  const signature = cx.checker.getSignatureFromDeclaration(owner);
  const type = signature === undefined ? null : cx.checker.getReturnTypeOfSignature(signature);
  return type !== null && (type.flags & cx.ts.TypeFlags.Void) !== 0;
}

/** Which argument is read is known; of those of constructors, it may be for the call to tell. */
function isReadAlike(
  tsc: Context["ts"],
  owner: ts.Node,
  { argumentExpression }: ts.ElementAccessExpression,
): boolean {
  return tsc.isConstructorDeclaration(owner) || tsc.isNumericLiteral(argumentExpression);
}

/** A `var` belongs to the whole function. */
function hoistVariables(cx: Context, body: ts.Block): void {
  const tsc = cx.ts;
  const declare = (name: ts.BindingName): void => {
    if (!tsc.isIdentifier(name)) {
      for (const element of name.elements) if (tsc.isBindingElement(element)) declare(element.name);
      return;
    }
    const symbol = cx.checker.getSymbolAtLocation(name);
    if (symbol === undefined || cx.scope.own(symbol) !== null) return;
    const initial = isJavaScript(cx, name) ? undefinedLiteral : unset;
    cx.unit.environment.set(declareVariable(cx, cx.scope, symbol, name.text), initial);
  };
  const visit = (node: ts.Node): void => {
    if (tsc.isFunctionLike(node) || tsc.isClassLike(node)) return;
    if (tsc.isVariableDeclarationList(node) && (node.flags & tsc.NodeFlags.BlockScoped) === 0) {
      for (const { name } of node.declarations) declare(name);
    }
    tsc.forEachChild(node, visit);
  };
  if (/\bvar\b/u.test(body.getText())) visit(body);
}
