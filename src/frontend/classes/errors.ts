/**
 * Errors that are made, thrown and caught within the function: no memory, but a class that is known, and a variable for
 * each field. Only what is thrown out of the function is an error in the emitted code as well.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean } from "../../ir/builder.js";
import { type ClassNode, baseOf } from "./classes.js";
import { type Context, poison, refuse, unset } from "../context.js";
import { lowerElements } from "../arrays/elements.js";
import { isOfLibrary, libraryErrors, stringLiteral, symbolOf, undefinedLiteral } from "../names.js";
import type { Access } from "../expressions/properties.js";
import { type Bound, type Draft, type ErrorKind, type ErrorValue, type Variable, isAtom } from "../scope.js";
import { narrowed, truthOf } from "../values.js";
import { isChosen } from "../functions/functions.js";
import { branch } from "../control/join.js";
import { eachError, isOfErrors } from "./kept-errors.js";
import { derives } from "../types/families.js";

/** Of such a one, only its class is known. */
export const ofCalled = "an error from a function that is called rather than written out";

/** Fields that only an error which is really thrown has. */
const realFields: ReadonlySet<string> = new Set(["stack", "cause"]);

/** The error of the library that a class extends, maybe by way of others; null for any other class. */
export function libraryErrorOf(cx: Context, start: ClassNode): string | null {
  let node = start;
  for (let base = baseOf(cx, node); base !== null; base = baseOf(cx, node)) {
    if (base !== "unknown") {
      node = base;
      continue;
    }
    const clause = node.heritageClauses?.find(({ token }) => token === cx.ts.SyntaxKind.ExtendsKeyword);
    const expression = clause?.types[0]?.expression;
    const symbol = expression === undefined ? null : symbolOf(cx, expression);
    return symbol !== null && libraryErrors.has(symbol.name) && isOfLibrary(cx, symbol) ? symbol.name : null;
  }
  return null;
}

export function isLibraryError(bound: Bound): boolean {
  return bound.kind === "builtin" && libraryErrors.has(bound.name);
}

/** `new Error("…")`. */
export function newLibraryError(cx: Context, name: string, node: ts.NewExpression): Bound {
  const args = lowerElements(cx, node.arguments ?? [], () => null);
  return args === null ? poison : libraryError(cx, name, args[0] ?? stringLiteral(""));
}

export function libraryError(cx: Context, name: string, message: Bound): ErrorValue {
  const cells = new Map([["message", fieldOf("message")]]);
  const error: ErrorValue = { kind: "error", class: null, library: name, name, cells, again: null };
  setCell(cx, cells, "message", message);
  return error;
}

/** An instance of a class of the user, when its constructor has run. */
export function errorOf(cx: Context, draft: Draft, library: string): ErrorValue {
  const cells = new Map(draft.cells);
  const called = cells.get("name");
  const held = called === undefined ? undefined : cx.unit.environment.get(called);
  const name = held?.kind === "literal" && typeof held.value === "string" ? held.value : null;
  if (name !== null) cells.delete("name");
  return {
    kind: "error",
    class: draft.class,
    library,
    ...(name === null ? {} : { name }),
    cells,
    again: null,
  };
}

/** Tells errors apart that hold the same cells. */
export function kindOfError({ class: own, library, name = "" }: ErrorKind): string {
  const of = own === null ? library : `${own.getSourceFile().fileName}:${String(own.pos)}`;
  return `${of} ${name}`;
}

/** What the constructor of the library does. */
export function initializeError(cx: Context, draft: Draft, library: string, args: readonly Bound[]): void {
  setCell(cx, draft.cells, "name", stringLiteral(library));
  setCell(cx, draft.cells, "message", args[0] ?? stringLiteral(""));
}

/** Statements of a constructor that matter only for how an error is shown, and for old targets of TypeScript. */
export function isCosmetic(statement: ts.Statement, isOfError: boolean): boolean {
  const text = statement.getText();
  if (!isOfError) return /^Object\.setPrototypeOf\(\s*this,\s*new\.target\.prototype\s*\);?$/u.test(text);
  return /^(?:Object\.setPrototypeOf|Error\.captureStackTrace\??\.?)\(\s*this,/u.test(text);
}

function fieldOf(name: string): Variable {
  return { name, hint: null, depth: null };
}

function setCell(cx: Context, cells: ReadonlyMap<string, Variable>, name: string, bound: Bound): void {
  const variable = cells.get(name);
  if (variable !== undefined) cx.unit.environment.set(variable, bound);
}

/** `e.message`, of whichever error it is; null for what is none. */
export function errorsMember(cx: Context, base: Bound, node: Access): Bound | null {
  const name = cx.ts.isPropertyAccessExpression(node) ? node.name.text : null;
  const own = name === "message" || name === "name" ? null : name;
  return eachError(cx, base, node.expression, (error) => errorField(cx, error, name, node), own);
}

export function errorField(cx: Context, error: ErrorValue, name: string | null, node: ts.Node): Bound {
  if (name === "name" && error.name !== undefined) return stringLiteral(error.name);
  const variable = name === null ? undefined : error.cells.get(name);
  const bound = variable === undefined ? undefined : cx.unit.environment.get(variable);
  if (name === null || bound === undefined || realFields.has(name)) {
    const of = error.cells.size === 0 ? ofCalled : "an error that is caught";
    return refuse(cx, "tryStatement", node, { what: `\`${name ?? excerpt(node)}\` of ${of}` });
  }
  return bound === unset ? undefinedLiteral : narrowed(cx, bound, node);
}

/** `e instanceof RayError`; null for anything else. */
export function errorTest(cx: Context, bound: Bound, wanted: Bound, node: ts.Node): Bound | null {
  const test = (error: ErrorValue): Bound => testOfError(cx, error, wanted) ?? poison;
  const isKnown = isLibraryError(wanted) || wanted.kind === "class";
  if (isKnown && isOfErrors(cx, bound)) {
    const isThere = bound.kind === "choice" ? isChosen(cx, bound, node) : truthOf(cx, bound, node);
    return branch(
      cx,
      node,
      isThere,
      () => eachError(cx, bound, node, test) ?? poison,
      () => boolean(false),
      null,
    );
  }
  // What is no object is no error.
  const isPlain = isAtom(bound) && ["real", "int", "bool", "string", "nothing"].includes(bound.type.kind);
  return isPlain && bound !== poison && isLibraryError(wanted) ? boolean(false) : null;
}

function testOfError(cx: Context, error: ErrorValue, wanted: Bound): Bound | null {
  if (wanted.kind === "class")
    return boolean(error.class !== null && derives(error.class, wanted.node, cx.unit.project));
  if (wanted.kind !== "builtin" || !libraryErrors.has(wanted.name)) return null;
  return boolean(wanted.name === "Error" || wanted.name === error.library);
}
