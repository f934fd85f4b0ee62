/**
 * Functions that are called, within a `try`, and may throw. In place of throwing they return, and say so in an object
 * that goes from caller to callee, one for each kind of error, as do variables from outside (`companion-boxes.ts`). The
 * caller looks there behind the call.
 */
import type { ts } from "ts-morph";
import { kindOfError } from "../classes/errors.js";
import { isBoxType } from "../../ir/boxes.js";
import { boolean } from "../../ir/builder.js";
import type { ArrayShape, Atom, MemoryShape, Shape, Type } from "../../ir/types.js";
import { type Catching, type Wants, caught, textOf, throwInto, wantsSame } from "../control/catching.js";
import { type Outcome, choose, fell, goOn, left } from "../control/control.js";
import { type Context, poison, refuse } from "../context.js";
import { allocate } from "../expressions/literals.js";
import { placeholder } from "../control/join.js";
import { openBehind } from "../control/openings.js";
import { noteCallIn } from "../control/risks.js";
import { catchAll } from "../control/try.js";
import type { CompanionFunction, Program } from "./companions.js";
import { endOfCompanion } from "./companion-results.js";
import { emptyArray } from "../arrays/array-spread.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, type ErrorText, type ErrorValue, type Variable, isAtom } from "../scope.js";
import { narrowed } from "../values.js";

/** Errors of one class that carry the same. */
export interface Failure {
  readonly flag: Variable;
  readonly error: ErrorValue;
  /** What goes along with it, and stands there while nothing has failed. */
  readonly carries: ReadonlyMap<Variable, Atom>;
}

/** What may be thrown by functions that are called, by its kind. */
export type Failures = Map<string, Failure>;

/** The function is lowered for what the handler wants. */
export function raisesFor(
  catches: Catching | null,
  { raises, boxes, unit }: Pick<CompanionFunction, "raises" | "boxes" | "unit">,
): boolean {
  if (raises === null || catches === null) return raises === catches;
  const failures = [...unit.program.failures.values()].filter(({ flag }) => boxes.has(flag));
  return wantsSame(
    raises.wants,
    catches.wants,
    failures.map(({ error }) => error),
  );
}

/** Lowers the body of a function that is called in a `try`; `noted` is told of what it throws. */
export function raisingBody(
  cx: Context,
  node: ts.Node,
  here: Catching,
  result: Type | null,
  noted: (variable: Variable) => void,
  lower: (inner: Context) => Outcome,
): Outcome {
  resetFailures({ ...cx, catches: here });
  const give = (error: Bound) => (): Outcome => {
    if (isAtom(error) || error.kind !== "error") {
      const what = "a call in a `try` of a function that is not written out, and throws what is no error";
      refuse(cx, "tryStatement", node, { what });
      return fell;
    }
    for (const [variable, atom] of raised(cx, error, here.wants)) {
      cx.unit.environment.set(variable, atom);
      noted(variable);
    }
    const none = result === null ? undefinedLiteral : nothingOf(cx, result, node);
    return left(endOfCompanion(cx, none, result, node));
  };
  return catchAll(
    cx,
    here,
    () => lower({ ...cx, catches: here }),
    { handle: (kind) => give(caught(cx, kind)), isShort: true },
    null,
  );
}

/** What has to be set for the caller to see that this was thrown. */
function raised(cx: Context, error: ErrorValue, { fields }: Wants): ReadonlyMap<Variable, Atom> {
  const { environment, program } = cx.unit;
  const valueOf = (variable: Variable): Atom | null => {
    const bound = environment.get(variable);
    return bound !== undefined && isAtom(bound) && isPlain(bound.type) ? bound : null;
  };
  const given = [...error.cells].flatMap(([name, variable]) => {
    const value = fields?.has(name) === false ? null : valueOf(variable);
    return value === null ? [] : [{ name, value }];
  });
  const text = error.again?.text.map((part) => (typeof part === "string" ? part : valueOf(part))) ?? [null];
  const isKnown = text.every((part) => part !== null);
  const holes = isKnown ? text.filter((part) => typeof part !== "string") : [];
  const key = [
    kindOfError(error),
    ...given.map(({ name, value }) => `${name}:${value.type.kind}`),
    ...(isKnown ? text.map((part) => (typeof part === "string" ? part : part.type.kind)) : []),
  ].join("\n");
  const failure = program.failures.get(key) ?? failureOf(program, error, given, isKnown ? text : null);
  program.failures.set(key, failure);
  const values = [...given.map(({ value }) => value), ...holes];
  return new Map<Variable, Atom>([
    [failure.flag, boolean(true)],
    ...[...failure.carries.keys()].flatMap((variable, i): [Variable, Atom][] => {
      const value = values[i];
      return value === undefined ? [] : [[variable, value]];
    }),
  ]);
}

function failureOf(
  { failures }: Program,
  error: ErrorValue,
  given: readonly { readonly name: string; readonly value: Atom }[],
  text: readonly (string | Atom)[] | null,
): Failure {
  const name = failures.size === 0 ? "failed" : `failed${String(failures.size + 1)}`;
  const carries = new Map<Variable, Atom>();
  const carried = (of: string, { type }: Atom): Variable => {
    const variable: Variable = { name: `${name}_${of}`, hint: null, depth: null };
    carries.set(variable, placeholder(type));
    return variable;
  };
  const cells = new Map(given.map((each) => [each.name, carried(each.name, each.value)] as const));
  const again: ErrorText | null = text && {
    text: text.map((part) => (typeof part === "string" ? part : carried("value", part))),
    imports: error.again?.imports ?? [],
  };
  return { flag: { name, hint: null, depth: null }, error: { ...error, cells, again }, carries };
}

function isPlain({ kind }: Type): boolean {
  return kind === "real" || kind === "int" || kind === "bool" || kind === "string";
}

/** Before a call, nothing has failed. */
export function resetFailures(cx: Context): void {
  if (cx.catches === null) return;
  const { environment, program } = cx.unit;
  for (const { flag, carries } of program.failures.values()) {
    environment.set(flag, boolean(false));
    for (const [variable, none] of carries) environment.set(variable, none);
  }
}

/** Behind a call: where it failed, the error is thrown here. Gives the result for where it did not. */
export function raiseBehind(cx: Context, callee: CompanionFunction, result: Bound, node: ts.Node): Bound {
  const { catches, unit } = cx;
  const { environment, program } = unit;
  if (catches === null) return result;
  noteCallIn(cx, callee);
  const found = [...program.failures.values()].filter(({ flag }) => callee.boxes.has(flag));
  const flags = found.map(({ flag }) => environment.get(flag));
  for (const { flag } of found) environment.set(flag, boolean(false));
  for (const [i, { error, carries }] of found.entries()) {
    const failed = flags[i];
    const again = error.again === null ? null : textOf(cx, error.again);
    const { exits } = choose(
      cx,
      node,
      failed !== undefined && isAtom(failed) ? failed : poison,
      () => throwInto(cx, catches, { error, again }),
      goOn,
      null,
    );
    for (const [variable, none] of carries) environment.set(variable, none);
    openBehind(cx, exits);
  }
  return isAtom(result) ? narrowed(cx, result, node) : result;
}

/** The variable holds what an error carries, which is read behind the call and nowhere else. */
export function isCarried({ failures }: Program, variable: Variable): boolean {
  return [...failures.values()].some(({ carries }) => carries.has(variable));
}

/** The result where the function may have failed: what cannot be made of nothing is missing. */
export function orFailed(type: Type | null): Type | null {
  if (type?.kind !== "ref" || isBoxType(type) || isMakeable(type.shape)) return type;
  return { kind: "maybe", type, none: "undefined" };
}

/** Something of the type of the result, which nobody reads. */
function nothingOf(cx: Context, type: Type, node: ts.Node): Atom {
  if (type.kind !== "ref") return type.kind === "maybe" ? undefinedLiteral : placeholder(type);
  return (
    memoryOf(cx, type.shape, node) ??
    refuse(cx, "tryStatement", node, {
      what: "a call in a `try` of a function that is not written out, may throw, and returns such an object",
    })
  );
}

function memoryOf(cx: Context, shape: MemoryShape, node: ts.Node): Atom | null {
  if (!isMakeable(shape)) return null;
  if (shape.kind === "array") return emptyArray(cx, shape, node, null);
  const entries = cellsOf(shape).flatMap(([name, each]) => {
    const value = valueOf(cx, each, node);
    return value === null ? [] : [{ name, value }];
  });
  return allocate(cx, shape, entries, node, null);
}

function cellsOf(shape: Exclude<MemoryShape, ArrayShape>): readonly (readonly [string, Shape])[] {
  return shape.kind === "tuple"
    ? shape.elements.map((each, i) => [String(i), each])
    : shape.fields.map(({ name, shape: each }) => [name, each]);
}

/** Something of that shape can be made without anything to put into it. */
function isMakeable(shape: Shape): boolean {
  switch (shape.kind) {
    case "array":
      return shape.storage === "Array";
    case "object":
      if (shape.named !== undefined || shape.isBox === true) return false;
      return shape.fields.every((field) => isMakeable(field.shape));
    case "tuple":
      return shape.elements.every(isMakeable);
    case "knot":
    case "opaque":
      return false;
    default:
      return true;
  }
}

function valueOf(cx: Context, shape: Shape, node: ts.Node): Atom | null {
  switch (shape.kind) {
    case "array":
    case "tuple":
    case "object":
      return memoryOf(cx, shape, node);
    case "maybe":
    case "nothing":
      return undefinedLiteral;
    case "knot":
    case "opaque":
      return null;
    default:
      return placeholder(shape);
  }
}
