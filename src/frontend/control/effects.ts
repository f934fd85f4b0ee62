/** What goes to the console, or to functions of the caller: an effect that the gradient has as well, once per call and in its order. */
import type { ts } from "ts-morph";
import type { Atom, ForeignFunction, ImportedName, Value } from "../../ir/types.js";
import { excerpt } from "../../diagnostics/collector.js";
import { type Context, origin, poison, refuse } from "../context.js";
import {
  type Kept,
  type KeptPlace,
  type KeptText,
  keptText,
  spreadOfNothing,
} from "../functions/kept-text.js";
import { symbolOf, undefinedLiteral } from "../names.js";
import type { Bound } from "../scope.js";
import { unwrapped } from "../syntax.js";
import type { RefValue } from "../values.js";

const onConsole = { name: "a call of the console", takesMemory: true, mayShorten: false } as const;

/** Methods of the console that only write something. */
const consoleMethods: ReadonlySet<string> = new Set([
  ...["log", "info", "warn", "error", "debug", "trace", "dir", "table", "assert"],
  ...["time", "timeLog", "timeEnd", "count", "countReset", "group", "groupCollapsed", "groupEnd"],
]);

/** `console.log(…)`; null for any other call. */
export function lowerConsole(cx: Context, node: ts.CallExpression): Bound | null {
  const { expression } = node;
  if (!cx.ts.isPropertyAccessExpression(expression) || !isConsole(cx, expression.expression)) return null;
  if (!consoleMethods.has(expression.name.text))
    return refuse(cx, "unsupportedBuiltin", expression, { name: expression.getText() });
  const before = cx.unit.diagnostics.errorCount;
  const { text, imports } = keptArguments(cx, node, onConsole);
  if (cx.unit.diagnostics.errorCount > before) return poison;
  emitKept(cx, node, [`${expression.getText()}(`, ...text, ")"], imports);
  return undefinedLiteral;
}

const ofCaller = {
  name: "a call of a function of the caller",
  takesMemory: false,
  mayShorten: false,
} as const;

/** `onStep(i, loss)`, `options.log?.(…)`: a function that the caller gives, for what it does; null for any other call. */
export function lowerCallback(cx: Context, node: ts.CallExpression): Bound | null {
  // What it throws would have to be caught.
  if (cx.catches !== null || cx.unit !== cx.unit.root() || !isVoid(cx, cx.checker.getTypeAtLocation(node)))
    return null;
  const callee = givenFunction(cx, node.expression);
  if (callee === null) return null;
  const before = cx.unit.diagnostics.errorCount;
  const { text, imports } = keptArguments(cx, node, ofCaller);
  if (cx.unit.diagnostics.errorCount > before) return poison;
  emitKept(cx, node, [...callee, isAsked(cx, node, callee) ? "?.(" : "(", ...text, ")"], imports);
  return undefinedLiteral;
}

/**
 * A function in a field of an object of the caller's, `const { log } = options`: it can be called for what it does, and
 * handed on. Null for any other field.
 */
export function callbackIn(cx: Context, given: RefValue, field: string, node: ts.Node): Bound | null {
  if (!cx.unit.given.has(given.id)) return null;
  const { checker, ts: tsc } = cx;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
  const calls = checker.getSignaturesOfType(type, tsc.SignatureKind.Call);
  const isCallback =
    calls.length > 0 && calls.every((each) => isVoid(cx, checker.getReturnTypeOfSignature(each)));
  return isCallback ? { kind: "unknown", untold: null, given, field } : null;
}

/** With a function that does nothing in its place where it is missing; null for another default. */
export function callbackOr(cx: Context, bound: Bound, initializer: ts.Node): Bound | null {
  if (bound.kind !== "unknown" || bound.untold !== null || bound.given === undefined) return null;
  const tsc = cx.ts;
  const made = tsc.isExpression(initializer) ? unwrapped(tsc, initializer) : initializer;
  const isFunction = tsc.isArrowFunction(made) || tsc.isFunctionExpression(made);
  const isIdle = isFunction && tsc.isBlock(made.body) && made.body.statements.length === 0;
  return isIdle
    ? { ...bound, orNothing: true }
    : refuse(cx, "unknownCallee", initializer, { code: excerpt(initializer.parent) });
}

function isVoid({ ts: { TypeFlags } }: Context, type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.every(({ flags }) => (flags & (TypeFlags.Void | TypeFlags.Undefined)) !== 0);
}

/** It may be missing, and the text does not say so yet. */
function isAsked(
  cx: Context,
  { expression, questionDotToken }: ts.CallExpression,
  callee: KeptText,
): boolean {
  const last = callee.at(-1);
  const isOpen = questionDotToken !== undefined || mayBeMissing(cx, expression);
  return isOpen && !(typeof last === "string" && last.endsWith("?."));
}

/** As it is declared, whatever tests around the call have found out. */
function mayBeMissing(cx: Context, callee: ts.Expression): boolean {
  const symbol = cx.checker.getSymbolAtLocation(
    cx.ts.isPropertyAccessExpression(callee) ? callee.name : callee,
  );
  const type = symbol === undefined ? undefined : cx.checker.getTypeOfSymbol(symbol);
  return type !== undefined && cx.checker.getNonNullableType(type) !== type;
}

/** A parameter of the function, or a field of one, as it is written. */
function givenFunction(cx: Context, node: ts.Expression): KeptText | null {
  const tsc = cx.ts;
  const isField = tsc.isPropertyAccessExpression(node);
  const root = isField ? node.expression : node;
  const symbol = tsc.isIdentifier(root) ? symbolOf(cx, root) : null;
  const variable = symbol === null ? null : cx.scope.lookup(symbol);
  const bound = variable === null ? undefined : cx.unit.environment.get(variable);
  if (!isField)
    return bound?.kind === "unknown" && bound.untold === null && bound.given !== undefined
      ? [
          bound.given,
          `${bound.field === undefined ? "" : `.${bound.field}`}${bound.orNothing === true ? "?." : ""}`,
        ]
      : null;
  const member = cx.checker.getSymbolAtLocation(node.name)?.valueDeclaration;
  const isOfCaller = member !== undefined && tsc.isPropertySignature(member);
  if (!isOfCaller || bound?.kind !== "value" || !cx.unit.given.has(bound.id)) return null;
  return [bound, `${node.questionDotToken === undefined ? "." : "?."}${node.name.text}`];
}

function isConsole(cx: Context, node: ts.Expression): boolean {
  if (!cx.ts.isIdentifier(node) || node.text !== "console") return false;
  const declarations = symbolOf(cx, node)?.declarations ?? [];
  return declarations.every((each) => each.getSourceFile().isDeclarationFile);
}

/** Emits the text with its values in their places; `out` is what the call gives, where that is wanted. */
export function emitKept(
  cx: Context,
  node: ts.Node,
  parts: KeptText,
  imports: readonly ImportedName[],
  out: Value | null = null,
): void {
  const text: string[] = [];
  const args: Atom[] = [];
  let open = "";
  for (const part of parts) {
    if (typeof part === "string") open += part;
    else {
      args.push(part);
      text.push(open);
      open = "";
    }
  }
  text.push(open);
  const callee: ForeignFunction = { source: null, text, imports, rule: null };
  cx.unit.builder.foreign(callee, args, out, origin(cx, node));
}

/** The arguments as text. */
function keptArguments(cx: Context, { arguments: given }: ts.CallExpression, place: KeptPlace): Kept {
  const kept = given
    .map((argument) => keptText(cx, argument, place))
    .filter(({ text }) => text.length > 1 || text[0] !== spreadOfNothing);
  return {
    text: kept.flatMap((each, i) => (i === 0 ? each.text : [", ", ...each.text])),
    imports: kept.flatMap((each) => each.imports),
  };
}
