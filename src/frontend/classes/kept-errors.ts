/**
 * Errors as values: in a result, in a variable, in a list. There they are as functions are, one of several that are known
 * while compiling or a record of what the error holds; what is asked of them is asked of each error that it may be.
 */
import type { ts } from "ts-morph";
import type { Field } from "../../ir/types.js";
import { type Context, poison, unset } from "../context.js";
import { kindOfError } from "./errors.js";
import { functionOf, functionsOf, openKept } from "../functions/kept-calls.js";
import { chosenFrom, chosenOf, overChoice } from "../functions/functions.js";
import {
  type Bound,
  type Choice,
  type ErrorKind,
  type ErrorValue,
  type Static,
  type Variable,
  isAtom,
} from "../scope.js";

/** What is kept of an error in memory. */
interface KeptError {
  /** The same for all errors that hold the same cells. */
  readonly key: string;
  readonly name: string;
  readonly error: ErrorKind;
  readonly cells: readonly (readonly [string, Bound])[];
}

/** What an error in memory holds, apart from its class; null for one of which too little is known. */
export function keptCells(cx: Context, error: ErrorValue): KeptError | null {
  const { class: own, library, name } = error;
  const cells = [...error.cells].flatMap(([each, variable]): (readonly [string, Bound])[] => {
    const bound = cx.unit.environment.get(variable) ?? unset;
    return bound === unset ? [] : [[each, bound]];
  });
  if (!cells.some(([each]) => each === "message")) return null;
  const called = own?.name?.text ?? library;
  return {
    key: ["error", kindOfError(error), ...cells.map(([each]) => each)].join("\n"),
    name: called.charAt(0).toLowerCase() + called.slice(1),
    error: { class: own, library, ...(name === undefined ? {} : { name }) },
    cells,
  };
}

/** The error with what it holds read from its record. */
export function openError(
  cx: Context,
  error: ErrorKind,
  fields: readonly Field[],
  read: (name: string, hint: string) => Bound,
): ErrorValue {
  const cells = new Map<string, Variable>();
  for (const { name } of fields) {
    const variable: Variable = { name, hint: null, depth: null };
    cells.set(name, variable);
    cx.unit.environment.set(variable, read(name, name));
  }
  return { kind: "error", ...error, cells, again: null };
}

/** True for what is an error, or nothing where there is none. */
export function isOfErrors(cx: Context, bound: Bound): boolean {
  if (isAtom(bound)) {
    if (functionsOf(bound) === null) return false;
    const type = bound.type.kind === "maybe" ? bound.type.type : bound.type;
    const texts = type.kind === "ref" ? cx.unit.records.variations(type.shape) : [];
    return texts.length > 0 && texts.every(({ text }) => text.error !== undefined);
  }
  if (bound.kind === "kept") return bound.text.error !== undefined;
  if (bound.kind !== "choice") return bound.kind === "error";
  return chosenFrom(bound).every((part) => isOfErrors(cx, part));
}

/** The error, or the choice between errors, that a value is where there is one; null where all is lowered once more. */
export function errorsOf(cx: Context, bound: Bound, node: ts.Node): Static | null {
  const one = isAtom(bound) ? functionOf(cx, bound, node) : bound;
  if (one === null || isAtom(one)) return null;
  return one.kind === "kept" ? openKept(cx, one, node) : one.kind === "choice" ? chosenOf(one) : one;
}

/** Asks each error that the value may be; null for a value that may be something else. */
export function eachError(
  cx: Context,
  bound: Bound,
  node: ts.Node,
  ask: (error: ErrorValue) => Bound,
  field: string | null = null,
): Bound | null {
  if (!isOfErrors(cx, bound)) return null;
  const one = errorsOf(cx, bound, node);
  if (one?.kind === "error") return ask(one);
  const left = one?.kind === "choice" ? havingField(cx, one, field, node) : null;
  if (left?.kind !== "choice") return left === null ? poison : eachError(cx, left, node, ask, field);
  return overChoice(cx, left, node, (each) => eachError(cx, each, node, ask, field) ?? poison, null);
}

/** Those that have the field: TypeScript has found that it is there, so that tests have ruled out the others. */
function havingField(cx: Context, choice: Choice, field: string | null, node: ts.Node): Static {
  const isTold = cx.ts.isIdentifier(node) || cx.ts.isPropertyAccessExpression(node);
  if (field === null || !isTold) return choice;
  const has = (one: Static): boolean =>
    one.kind === "error" ? one.cells.has(field) : one.kind !== "kept" || one.text.cells.has(field);
  const cases = choice.cases.filter(({ then }) => has(then));
  const { otherwise } = choice;
  if (cases.length + (otherwise === null ? 0 : 1) === 0) return choice;
  if (otherwise === null || has(otherwise))
    return cases.length === 0 && otherwise !== null ? otherwise : { ...choice, cases };
  const last = cases.pop();
  if (last === undefined) return choice;
  return cases.length === 0 ? last.then : { ...choice, cases, otherwise: last.then };
}
