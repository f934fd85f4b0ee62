/**
 * Functions that are called, within a `try`, and may throw. In place of throwing they return, and say so in an object
 * that goes from caller to callee, one for each kind of error, as do variables from outside (`companion-boxes.ts`). The
 * caller looks there behind the call.
 */
import type { ts } from "ts-morph";
import { boolean } from "../../ir/builder.js";
import type { Atom, MemoryShape, Shape, Type } from "../../ir/types.js";
import { caught, catching, throwInto } from "../control/catching.js";
import { type Outcome, choose, fell, goOn, left } from "../control/control.js";
import { type Context, poison, refuse } from "../context.js";
import { allocate } from "../expressions/literals.js";
import { placeholder } from "../control/join.js";
import { openBehind } from "../control/openings.js";
import { catchAll } from "../control/try.js";
import type { CompanionFunction } from "./companions.js";
import { endOfCompanion } from "./companion-results.js";
import { emptyArray } from "../arrays/array-spread.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, type ErrorValue, type Variable, isAtom } from "../scope.js";

/** Errors of one class, or of none that is known. */
export interface Failure {
  readonly flag: Variable;
  readonly error: ErrorValue;
}

/** What may be thrown by functions that are called, by its kind. */
export type Failures = Map<string, Failure>;

/** Lowers the body of a function that is called in a `try`; `noted` is told of what it throws. */
export function raisingBody(
  cx: Context,
  node: ts.Node,
  result: Type | null,
  noted: (flag: Variable) => void,
  lower: (inner: Context) => Outcome,
): Outcome {
  const here = catching(cx, node, { value: true, again: () => false });
  resetFailures({ ...cx, catches: here });
  const give = (error: Bound) => (): Outcome => {
    if (error.kind !== "error") {
      const what = "a call in a `try` of a function that is not written out, and throws what is no error";
      refuse(cx, "tryStatement", node, { what });
      return fell;
    }
    const { flag } = failureFor(cx, error);
    cx.unit.environment.set(flag, boolean(true));
    noted(flag);
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

function failureFor(cx: Context, { class: node, library }: ErrorValue): Failure {
  const { failures } = cx.unit.program;
  const key = node === null ? library : `${node.getSourceFile().fileName}:${String(node.pos)}`;
  const name = failures.size === 0 ? "failed" : `failed${String(failures.size + 1)}`;
  const made: Failure = failures.get(key) ?? {
    flag: { name, hint: null, depth: null },
    error: { kind: "error", class: node, library, cells: new Map(), again: null },
  };
  failures.set(key, made);
  return made;
}

/** Before a call, nothing has failed. */
export function resetFailures(cx: Context): void {
  if (cx.catches === null) return;
  for (const { flag } of cx.unit.program.failures.values()) cx.unit.environment.set(flag, boolean(false));
}

/** Behind a call: where it failed, the error is thrown here. */
export function raiseBehind(cx: Context, { boxes }: CompanionFunction, node: ts.Node): void {
  const { catches, unit } = cx;
  const { environment, program } = unit;
  if (catches === null) return;
  for (const { flag, error } of program.failures.values()) {
    if (!boxes.has(flag)) continue;
    const failed = environment.get(flag);
    environment.set(flag, boolean(false));
    const { exits } = choose(
      cx,
      node,
      failed !== undefined && isAtom(failed) ? failed : poison,
      () => throwInto(cx, catches, { error, again: null }),
      goOn,
      null,
    );
    openBehind(cx, exits);
  }
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
  if (shape.kind === "array") return shape.storage === "Array" ? emptyArray(cx, shape, node, null) : null;
  if (shape.kind === "object" && (shape.named !== undefined || shape.isBox === true)) return null;
  const cells: readonly (readonly [string, Shape])[] =
    shape.kind === "tuple"
      ? shape.elements.map((each, i) => [String(i), each])
      : shape.fields.map(({ name, shape: each }) => [name, each]);
  const entries: { name: string; value: Atom }[] = [];
  for (const [name, each] of cells) {
    const value = valueOf(cx, each, node);
    if (value === null) return null;
    entries.push({ name, value });
  }
  return allocate(cx, shape, entries, node, null);
}

function valueOf(cx: Context, shape: Shape, node: ts.Node): Atom | null {
  switch (shape.kind) {
    case "real":
    case "int":
    case "bool":
    case "string":
      return placeholder(shape);
    case "maybe":
    case "nothing":
      return undefinedLiteral;
    case "array":
    case "tuple":
    case "object":
      return memoryOf(cx, shape, node);
    default:
      return null;
  }
}
