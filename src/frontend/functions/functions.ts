/**
 * Functions as values. Which function it is must be one of a finite number; where that depends on what happens, a key
 * (a condition, an index, a name) says which, and a call is a conditional over them.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean, suggested, whole } from "../../ir/builder.js";
import type { Atom, End, Hint, Literal } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Context, poison, unset } from "../context.js";
import { choose, goOn } from "../control/control.js";
import { branch } from "../control/join.js";
import { openBehind } from "../control/openings.js";
import { throwLibrary } from "../control/throws.js";
import { stringLiteral, undefinedLiteral } from "../names.js";
import {
  type Bound,
  type Builtin,
  type Choice,
  type Class,
  type Closure,
  type ErrorValue,
  type Held,
  type Kept,
  type List,
  type Partially,
  type Ruled,
  type Static,
  isAtom,
} from "../scope.js";
import { bare, isJavaScript } from "../syntax.js";
import { apply, mayBeNothing } from "../values.js";

/** What a call, or `new`, can go to. */
export type Callable = Closure | Ruled | Builtin | Partially | Choice | Kept | Held | Class;

/** True for what a call, or `new`, can go to. */
export function isCallable(bound: Bound): bound is Callable {
  switch (bound.kind) {
    case "closure":
    case "ruled":
    case "builtin":
    case "partial":
    case "choice":
    case "kept":
    case "held":
    case "class":
      return true;
    default:
      return false;
  }
}

/** What is one of several that are known while compiling: functions, classes, and errors. */
export function isFollowed(bound: Bound): bound is Callable | ErrorValue {
  return isCallable(bound) || bound.kind === "error";
}

/** The function that the key names; where it names none, a call throws, or goes to `otherwise`. */
export function chooseFunction(
  cx: Context,
  key: Atom,
  functions: readonly (readonly [number | string, Static])[],
  isComplete: boolean,
): Static {
  const last = functions.at(-1);
  const listed = isComplete ? functions.slice(0, -1) : functions;
  if (isComplete && listed.length === 0 && last !== undefined) return last[1];
  return {
    kind: "choice",
    key,
    cases: listed.map(([name, then]) => ({
      when: typeof name === "string" ? stringLiteral(name) : whole(name),
      then,
    })),
    otherwise: isComplete && last !== undefined ? last[1] : null,
    depth: cx.unit.environment.depth,
  };
}

/** Whether the key is that of a case. */
export function testOf(cx: Context, key: Atom, when: Literal, node: ts.Node): Atom {
  return when.type.kind === "bool" ? key : apply(cx, ops.eq, [key, when], node);
}

/** Goes to the function that is chosen; where there is none, throws as JavaScript does. */
export function overChoice(
  cx: Context,
  choice: Choice,
  node: ts.Node,
  each: (chosen: Static) => Bound,
  hint: Hint | null,
): Bound {
  const { key, otherwise, elsewhere } = choice;
  const isOpen = otherwise === null && elsewhere === undefined;
  const isTested = isOpen && choice.cases.every(({ when }) => when.type.kind === "bool") && isFound(cx, node);
  const tests = isOpen ? choice.cases.slice(0, -1) : choice.cases;
  const last = otherwise ?? choice.cases.at(-1)?.then;
  if (isOpen && !isTested)
    guardKey(
      cx,
      key,
      choice.cases.map(({ when }) => when),
      node,
    );
  const from = (at: number, name: Hint | null): Bound => {
    const one = tests[at];
    if (one === undefined && otherwise === null && elsewhere !== undefined) return throwAlways(cx, elsewhere);
    if (one === undefined) return last === undefined ? poison : each(last);
    return branch(
      cx,
      node,
      testOf(cx, key, one.when, node),
      () => each(one.then),
      () => from(at + 1, null),
      name,
    );
  };
  return from(0, hint ?? commonName(choice));
}

/** TypeScript has found that there is a function: a test says so. */
function isFound(cx: Context, node: ts.Node): boolean {
  const callee = calleeOf(cx, node);
  if (callee === null || isJavaScript(cx, node)) return false;
  return !cx.ts.isNonNullExpression(callee) && !cx.ts.isAsExpression(callee) && !mayBeNothing(cx, callee);
}

/** What is called, or made anew. */
function calleeOf({ ts: tsc }: Context, node: ts.Node): ts.Expression | null {
  const isUse = tsc.isCallExpression(node) || tsc.isNewExpression(node);
  return isUse ? bare(tsc, node.expression) : null;
}

/** What all the functions are called. */
function commonName(choice: Choice): Hint | null {
  const names = new Set(functionsIn(choice).map((each) => (each.kind === "closure" ? each.name : null)));
  const [name = null] = names;
  return names.size === 1 && name !== null ? suggested(name) : null;
}

/** Throws a `TypeError`; what stands for the value is never read. */
export function throwAlways(cx: Context, message: string): Bound {
  throwWhere(cx, boolean(true), message);
  return unset;
}

/** Throws a `TypeError` where the condition holds. */
export function throwWhere(cx: Context, condition: Atom, message: string): void {
  const { catches } = cx;
  if (catches !== null) {
    const { exits } = choose(
      cx,
      catches.node,
      condition,
      () => throwLibrary(cx, "TypeError", message),
      goOn,
      null,
    );
    openBehind(cx, exits);
    return;
  }
  const text = [`new TypeError(${JSON.stringify(message)})`];
  const end: End = { kind: "throw", text, statement: cx.statement };
  cx.unit.builder.guard(condition, { instrs: [], end }, cx.statement);
}

/** Throws where the key is none of these. */
export function guardKey(cx: Context, key: Atom, names: readonly Literal[], node: ts.Node): void {
  const callee = calleeOf(cx, node) ?? bare(cx.ts, node as ts.Expression);
  let none: Atom = boolean(true);
  for (const name of names) {
    const test = apply(cx, ops.ne, [key, name], node);
    none = none.kind === "literal" ? test : apply(cx, ops.and, [none, test], node);
  }
  throwWhere(cx, none, `${excerpt(callee)} is undefined`);
}

/** True for a choice in which there may be no function. */
export function mayBeNone(bound: Bound | null): boolean {
  if (bound?.kind !== "choice") return bound === null;
  const isOpen = bound.elsewhere === undefined && mayBeNone(bound.otherwise);
  return isOpen || bound.cases.some(({ then }) => mayBeNone(then));
}

/** What there is where there is no function. */
export function insteadOf({ none }: Choice): Atom {
  return none ?? undefinedLiteral;
}

/** There is `undefined` or `null` where there is no function. */
export function isNothingElse(choice: Choice): boolean {
  const { kind, type } = insteadOf(choice);
  return kind === "literal" && type.kind === "nothing";
}

/** The same, where a function is chosen for certain. */
export function chosenOf(choice: Choice): Static {
  if (choice.otherwise?.kind === "choice") return { ...choice, otherwise: chosenOf(choice.otherwise) };
  if (choice.otherwise !== null || choice.elsewhere !== undefined) return choice;
  const cases = choice.cases.slice(0, -1);
  const last = choice.cases.at(-1)?.then ?? null;
  return cases.length === 0 && last !== null ? last : { ...choice, cases, otherwise: last };
}

/** Goes on with the function, or with what there is instead. */
export function ifChosen(
  cx: Context,
  choice: Choice,
  node: ts.Node,
  given: (chosen: Static) => Bound,
  none: (instead: Atom) => Bound,
  hint: Hint | null,
): Bound {
  return branch(
    cx,
    node,
    isChosen(cx, choice, node),
    () => given(chosenOf(choice)),
    () => none(insteadOf(choice)),
    hint,
  );
}

/** Whether the key names a function at all. */
export function isChosen(cx: Context, choice: Choice, node: ts.Node): Atom {
  if (!mayBeNone(choice)) return boolean(true);
  const chosenIn = (one: Static): Bound => (one.kind === "choice" ? isChosen(cx, one, node) : boolean(true));
  const from = (at: number): Bound => {
    const one = choice.cases[at];
    if (one === undefined) return choice.otherwise === null ? boolean(false) : chosenIn(choice.otherwise);
    const test = testOf(cx, choice.key, one.when, node);
    const isLast = choice.otherwise === null && at === choice.cases.length - 1;
    if (isLast && !mayBeNone(one.then)) return test;
    return branch(
      cx,
      node,
      test,
      () => chosenIn(one.then),
      () => from(at + 1),
      null,
    );
  };
  const bound = from(0);
  return isAtom(bound) ? bound : poison;
}

/** The functions that a value may be, each once. */
export function functionsIn(bound: Bound): readonly Static[] {
  if (bound.kind !== "choice") return isFollowed(bound) ? [bound] : [];
  return chosenFrom(bound)
    .flatMap(functionsIn)
    .filter((one, i, whole) => whole.findIndex((each) => sameStatic(each, one)) === i);
}

export function sameStatic(a: Bound, b: Bound): boolean {
  if (a === b) return true;
  if (isAtom(a) || isAtom(b)) return false;
  if (a.kind === "closure" && b.kind === "closure")
    return a.node === b.node && a.scope === b.scope && a.self === b.self;
  if (a.kind === "builtin" && b.kind === "builtin") return a.name === b.name;
  if (a.kind === "ruled" && b.kind === "ruled") return a.rule === b.rule;
  if (a.kind === "class" && b.kind === "class") return a.node === b.node;
  if (a.kind === "namespace" && b.kind === "namespace") return a.name === b.name;
  if (a.kind === "choice" && b.kind === "choice")
    return a.key === b.key && sameParts(choiceParts(a), choiceParts(b));
  if (a.kind === "kept" && b.kind === "kept") return a.record === b.record && a.text === b.text;
  if (a.kind === "held" && b.kind === "held") return a.object === b.object && a.field === b.field;
  if (a.kind === "partial" && b.kind === "partial")
    return sameParts([a.callee, ...a.args], [b.callee, ...b.args]);
  if (a.kind === "perhaps" && b.kind === "perhaps") return a.when === b.when && sameStatic(a.value, b.value);
  return a.kind === "list" && b.kind === "list" && sameParts(a.elements, b.elements);
}

/** What there is to choose from; nothing stands for none. */
export function chosenFrom({ cases, otherwise }: Choice): readonly Static[] {
  return [...cases.map(({ then }) => then), ...(otherwise === null ? [] : [otherwise])];
}

/** What a choice is between. */
export function choiceParts(choice: Choice): readonly Bound[] {
  return [...choice.cases.map(({ then }) => then), choice.otherwise ?? unset];
}

function sameParts(a: readonly Bound[], b: readonly Bound[]): boolean {
  return a.length === b.length && a.every((one, i) => sameStatic(one, b[i] ?? poison));
}

/** An array of functions, or of what holds functions: it is known while compiling, and never written to. */
export function listOfBounds(
  cx: Context,
  elements: readonly Bound[],
  node: ts.Node | null = null,
): List | null {
  const values = elements.map((each) => (each.kind === "perhaps" ? each.value : each));
  const holds = values.some(
    (each) => !isAtom(each) || (each.kind === "value" && cx.unit.members.has(each.id)),
  );
  const isPattern = (each: Bound): boolean => each.kind === "unknown" && each.pattern !== undefined;
  const isPlain = elements.every(
    (each) =>
      isAtom(each) || isCallable(each) || each.kind === "list" || each.kind === "perhaps" || isPattern(each),
  );
  const isKept = node !== null && cx.unit.records.isKeptMember(node, "*");
  return holds && isPlain && !isKept ? { kind: "list", elements, ...(node === null ? {} : { node }) } : null;
}
