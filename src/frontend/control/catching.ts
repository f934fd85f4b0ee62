/**
 * What a `try` catches. Nothing is thrown in the gradient where the source catches it: a `throw` is a jump to the
 * handler, which takes along what the handler asks of the error. Errors that the handler can tell apart (by their class,
 * or by the text with which they are thrown again) are jumps of their own, so that it is known of each what it is.
 */
import type { ts } from "ts-morph";
import { kindOfError } from "../classes/errors.js";
import { boolean, suggested } from "../../ir/builder.js";
import type { Atom } from "../../ir/types.js";
import { type Context, type Exit, unset } from "../context.js";
import { type Outcome, jump } from "./control.js";
import type { CompanionFunction } from "../functions/companions.js";
import type { Kept, KeptText } from "../functions/kept-text.js";
import { type Bound, type ErrorText, type ErrorValue, type Variable, isAtom } from "../scope.js";

/** What a handler wants of what is thrown. */
export interface Wants {
  /** It asks for its class, its message or other fields. */
  readonly value: boolean;
  /** Which fields; null where that is not known. */
  readonly fields: ReadonlySet<string> | null;
  /** It may throw it again, out of the function. */
  readonly again: (error: ErrorValue | Atom | null) => boolean;
}

/** The `try` in which code is lowered, and those of the calls around. */
export interface Catching {
  readonly node: ts.Node;
  /** That of the environment where the statement stands. */
  readonly depth: number;
  readonly wants: Wants;
  readonly kinds: Map<string, Kind>;
  /** Where JavaScript may throw by itself: what is read there may be missing, and is used as an object. */
  readonly risks: Set<ts.Node>;
  /** Functions that are called there. */
  readonly calls: Set<CompanionFunction>;
  /** What catches that in the end: of a `finally`, what is around it. */
  readonly outer: Catching | null;
}

/** Errors that the handler takes for the same. */
export interface Kind {
  readonly exit: Exit;
  /** What the name in the `catch` stands for; null where the handler does not want it. */
  readonly error: ErrorValue | null;
  readonly cells: ReadonlyMap<string, Variable>;
  /** How it is thrown again, with variables for the values in the text. */
  readonly again: ErrorText | null;
}

export interface Thrown {
  /** Null where nobody asks for it. */
  readonly error: ErrorValue | Atom | null;
  /** The text that throws it, where it may be thrown again. */
  readonly again: Kept | null;
}

export function catching(cx: Context, node: ts.Node, wants: Wants, outer: Catching | null = null): Catching {
  const { depth } = cx.unit.environment;
  return { node, depth, wants, kinds: new Map(), risks: new Set(), calls: new Set(), outer };
}

/** Handlers that want the same of errors like these, and of any. */
export function wantsSame(a: Wants, b: Wants, errors: readonly ErrorValue[]): boolean {
  if (a === b) return true;
  const [one, other] = [a.fields, b.fields].map((fields) => fields && [...fields].sort().join());
  if (a.value !== b.value || one !== other) return false;
  return [null, ...errors].every((error) => a.again(error) === b.again(error));
}

/** Takes the jump to the handler. */
export function throwInto(cx: Context, to: Catching, thrown: Thrown): Outcome {
  const { environment } = cx.unit;
  const error = to.wants.value ? thrown.error : null;
  const again = to.wants.again(thrown.error) ? thrown.again : null;
  const key = [keyOf(error), again === null ? "" : patternOf(again.text)].join("\n");
  const kind = to.kinds.get(key) ?? makeKind(cx, to, error, again);
  to.kinds.set(key, kind);
  for (const [name, variable] of kind.cells) {
    const cell = error === null ? undefined : isAtom(error) ? error : cellOf(cx, error, name);
    environment.set(variable, cell ?? unset);
  }
  const values = (again?.text ?? []).filter((part) => typeof part !== "string");
  const holes = (kind.again?.text ?? []).filter((part) => typeof part !== "string");
  holes.forEach((variable, i) => {
    environment.set(variable, values[i] ?? unset);
  });
  return jump(cx, kind.exit);
}

function cellOf(cx: Context, error: ErrorValue, name: string): Bound | undefined {
  const variable = error.cells.get(name);
  return variable === undefined ? undefined : cx.unit.environment.get(variable);
}

/** Errors of different classes, and values of different kinds, are told apart. */
function keyOf(error: ErrorValue | Atom | null): string {
  if (error === null) return "";
  if (isAtom(error)) return error.type.kind;
  return kindOfError(error);
}

function patternOf(text: KeptText): string {
  return text.map((part) => (typeof part === "string" ? part : `\n${part.type.kind}`)).join("\n");
}

/** The jump begins at the `try`, wherever it is first taken. */
function makeKind(cx: Context, to: Catching, error: Thrown["error"], again: Kept | null): Kind {
  const { environment } = cx.unit;
  const place = `${cx.frame.prefix}${to.kinds.size === 0 ? "failed" : `failed${String(to.kinds.size + 1)}`}`;
  const variable = (name: string): Variable => {
    const made = { name, hint: suggested(name), depth: null };
    environment.declareAt(to.depth, made, unset);
    return made;
  };
  const names = error === null ? [] : isAtom(error) ? ["thrown"] : [...error.cells.keys()];
  const cells = new Map(names.map((name) => [name, variable(name)]));
  const text = again?.text.map((part) => (typeof part === "string" ? part : variable("thrown")));
  const flag: Variable = { name: place, hint: suggested(place), depth: null };
  environment.declareAt(to.depth, flag, boolean(false));
  const holes = (text ?? []).filter((part) => typeof part !== "string");
  const kept = text === undefined || again === null ? null : { text, imports: again.imports };
  return {
    exit: { flag, carries: [...cells.values(), ...holes], raises: null, caughtBy: to.node },
    error: error === null || isAtom(error) ? null : { ...error, cells, again: kept },
    cells,
    again: kept,
  };
}

/** What the name in the `catch` stands for, when the jump has arrived. */
export function caught(cx: Context, { error, cells, again }: Kind): Bound {
  if (error !== null) return error;
  const [value] = cells.values();
  if (value !== undefined) return cx.unit.environment.get(value) ?? unset;
  return { kind: "error", class: null, library: "", cells: new Map(), again };
}

/** How the error is thrown again, where that is known. */
export function textOf(cx: Context, again: ErrorText): Kept {
  const text = again.text.map((part) => {
    const bound = typeof part === "string" ? part : cx.unit.environment.get(part);
    return typeof bound === "string" || (bound !== undefined && isAtom(bound)) ? bound : unset;
  });
  return { text, imports: again.imports };
}
