/** What a name stands for: a variable, a function, a constant of a module, or something of the library. */
import type { ts } from "ts-morph";
import { enumObject } from "./expressions/enum-objects.js";
import { lowerWord } from "./expressions/surroundings.js";
import { readShared } from "./expressions/shared-variables.js";
import { excerpt } from "../diagnostics/collector.js";
import { enumMember as enumType, number, text } from "../ir/builder.js";
import type { Atom, Literal } from "../ir/types.js";
import { constants, mathFunctions } from "../ops/table.js";
import { type Exported, exportedByAssignment } from "./project/common-js.js";
import { wholeOf } from "./project/common-modules.js";
import { resolveAlias } from "./project/exports.js";
import { lowerClass } from "./classes/classes.js";
import { exportedExpression, expressionVariable, moduleVariable } from "./expressions/constants.js";
import { type Context, poison, refuse, unset } from "./context.js";
import { fieldOfFunction } from "./functions/callable-objects.js";
import { ruledFunction } from "./targets/rule-calls.js";
import type { Bound, Closure, Variable } from "./scope.js";
import { isAtom } from "./scope.js";
import { isJavaScript } from "./syntax.js";
import { fillAhead } from "./control/fill-ahead.js";
import { isReadTooEarly } from "./control/lazy-variables.js";
import { isChanged } from "./control/written.js";

export const undefinedLiteral: Literal = Object.freeze({
  ...unset,
  type: { kind: "nothing", none: "undefined" },
} as const);
export const nullLiteral: Literal = Object.freeze({
  kind: "literal",
  type: { kind: "nothing", none: "null" },
  value: null,
  spelling: "null",
} as const);

/** The classes of errors that the library has. */
export const libraryErrors: ReadonlySet<string> = new Set([
  ...["Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"],
]);

/** The value of a variable, function or constant that is named. */
export function lowerIdentifier(cx: Context, node: ts.Identifier): Bound {
  const symbol = symbolOf(cx, node);
  return symbol === null
    ? refuse(cx, "unsupportedBuiltin", node, { name: node.text })
    : (lowerWord(cx, node, null) ?? lowerSymbol(cx, symbol, node));
}

/** The symbol that a name refers to, behind imports and exports. */
export function symbolOf(cx: Context, node: ts.Node): ts.Symbol | null {
  const { parent } = node;
  const symbol = cx.ts.isShorthandPropertyAssignment(parent)
    ? cx.checker.getShorthandAssignmentValueSymbol(parent)
    : cx.checker.getSymbolAtLocation(node);
  return symbol === undefined ? null : resolveAlias(cx.ts, cx.checker, symbol);
}

/** What a symbol stands for where `node` uses it. */
export function lowerSymbol(cx: Context, named: ts.Symbol, node: ts.Node): Bound {
  const ruled = ruledFunction(cx, named);
  if (ruled !== null) return ruled;
  const symbol = cx.unit.project.implemented.of(named);
  const variable = cx.scope.lookup(symbol);
  if (variable !== null) return read(cx, variable, node);
  if (cx.checker.isUndefinedSymbol(symbol)) return undefinedLiteral;
  if (isOfLibrary(cx, symbol) || isOfHost(symbol)) return libraryMember(symbol.name);

  const assigned = exportedByAssignment(cx, symbol);
  if (assigned !== null) return lowerAssigned(cx, assigned, symbol, named, node);

  const { flags } = symbol;
  const { SymbolFlags } = cx.ts;
  if (flags & SymbolFlags.Function) return declaredFunction(cx, symbol, named, node);
  if (flags & SymbolFlags.EnumMember) return enumMember(cx, symbol, node);
  if (flags & SymbolFlags.RegularEnum && cx.ts.isIdentifier(node)) return enumObject(cx, symbol, node);
  if (flags & SymbolFlags.Class) return lowerClass(cx, symbol, node);
  if (flags & SymbolFlags.Variable) {
    const made = moduleVariable(cx, symbol, node);
    return made === null ? poison : read(cx, made, node);
  }
  const ofFunction = fieldOfFunction(cx, symbol, node);
  if (ofFunction !== null) return ofFunction;
  const exported = exportedExpression(cx, symbol);
  if (exported !== null) {
    const made = expressionVariable(cx, symbol, exported, node);
    return made === null ? poison : read(cx, made, node);
  }
  const whole = flags & SymbolFlags.ValueModule ? wholeOf(cx.unit.project, symbol) : null;
  if (whole !== null && whole !== symbol) return lowerSymbol(cx, whole, node);
  // A module as a value has its path for a name.
  return refuse(cx, "unsupportedBuiltin", node, { name: excerpt(node) });
}

/** What a CommonJS module exports. */
function lowerAssigned(
  cx: Context,
  assigned: Exported,
  symbol: ts.Symbol,
  named: ts.Symbol,
  node: ts.Node,
): Bound {
  switch (assigned.kind) {
    case "symbol":
      return lowerSymbol(cx, resolveAlias(cx.ts, cx.checker, assigned.symbol), node);
    case "method":
      return functionOf(cx, assigned.method, named.name);
    case "expression": {
      if (isChanged(cx, symbol)) return refuse(cx, "mutableOuter", node, { name: symbol.name, shown: "" });
      const made = expressionVariable(cx, symbol, assigned.expression, node);
      return made === null ? poison : read(cx, made, node);
    }
  }
}

/** A function of a module, which sees what all modules see. */
function functionOf(cx: Context, node: ts.FunctionLikeDeclaration, name: string): Closure {
  return { kind: "closure", node, scope: cx.unit.globals, name, prefix: `${name}_` };
}

function read(cx: Context, variable: Variable, node: ts.Node): Bound {
  if (variable.filling?.scope !== undefined) fillAhead(cx, variable.filling, node);
  if (isReadTooEarly(cx, variable, node)) return poison;
  if (variable.isShared === true) {
    cx.unit.counterReads.add(node);
    return readShared(cx, variable, node);
  }
  const bound = cx.unit.environment.get(variable);
  if (bound === undefined) return refuse(cx, "unknownCallee", node, { code: excerpt(node) });
  // An unset variable that TypeScript lets one read holds `undefined`.
  return bound === unset ? undefinedLiteral : bound;
}

/** What Node's types declare where TypeScript's do not. */
function isOfHost({ name, declarations = [] }: ts.Symbol): boolean {
  return (
    (name === "performance" || name === "structuredClone") &&
    declarations.every((each) => each.getSourceFile().isDeclarationFile)
  );
}

/** True for what TypeScript's own library declares, such as `Math`; false where the user has shadowed it. */
export function isOfLibrary(cx: Context, symbol: ts.Symbol): boolean {
  const declarations = symbol.declarations ?? [];
  return declarations.some((each) =>
    cx.unit.project.program.isSourceFileDefaultLibrary(each.getSourceFile()),
  );
}

/** A member of the library by its full name: `Math.PI`, `Number.isFinite`, `Infinity`. */
export function libraryMember(name: string): Bound {
  const constant = constants.get(name);
  if (constant !== undefined) return number(constant, name);
  if (mathFunctions.has(name) || !namespaces.has(name)) return { kind: "builtin", name };
  return { kind: "namespace", name };
}

const namespaces: ReadonlySet<string> = new Set(["Math", "globalThis", "Reflect", "JSON", "console"]);

function declaredFunction(cx: Context, symbol: ts.Symbol, called: ts.Symbol, node: ts.Node): Bound {
  // JavaScript may declare a function again, and TypeScript's own errors forbid it: then the last one counts.
  const declaration = symbol.declarations?.findLast(
    (each): each is ts.FunctionDeclaration => cx.ts.isFunctionDeclaration(each) && each.body !== undefined,
  );
  if (declaration !== undefined && isJavaScript(cx, declaration) && isChanged(cx, symbol))
    return refuse(cx, "mutableOuter", node, { name: symbol.name, shown: "" });
  if (declaration === undefined) return refuse(cx, "noSource", node, { callee: nameAt(cx, symbol, node) });
  return functionOf(cx, declaration, functionName(cx, declaration, called, node));
}

/** What the user calls it. */
export function nameAt({ ts: tsc }: Context, { name }: ts.Symbol, node: ts.Node): string {
  return name === "default" && tsc.isIdentifier(node) ? node.text : name;
}

/** Its own name, or that which its package declares; the user's for one without. */
function functionName(
  cx: Context,
  declaration: ts.FunctionDeclaration,
  called: ts.Symbol,
  node: ts.Node,
): string {
  const own = declaration.name?.text;
  const isDeclaredApart = !(called.declarations ?? []).includes(declaration);
  if (isDeclaredApart && called.name !== "default") return called.name;
  return own ?? (cx.ts.isIdentifier(node) ? node.text : called.name);
}

function enumMember(cx: Context, symbol: ts.Symbol, node: ts.Node): Atom {
  const declaration = symbol.declarations?.find((each) => cx.ts.isEnumMember(each));
  const value = declaration === undefined ? undefined : cx.checker.getConstantValue(declaration);
  if (typeof value === "number") return { ...number(value), type: enumType };
  if (typeof value === "string") return stringLiteral(value);
  return refuse(cx, "unsupportedBuiltin", node, { name: symbol.name });
}

export function stringLiteral(value: string): Literal {
  return text(value);
}

/** The number or string that a value is known to be while compiling; null where it is not. */
export function knownKey(cx: Context, bound: Bound): number | string | null {
  if (!isAtom(bound)) return null;
  const value = bound.kind === "literal" ? bound.value : cx.unit.known.get(bound.id);
  return typeof value === "number" || typeof value === "string" ? value : null;
}
