/** What operations give on values that are known, and on objects that are certainly there. */
import { boolean, number } from "../ir/builder.js";
import { kindOfValue } from "../ir/shapes.js";
import type { Apply, Atom, Literal, Type } from "../ir/types.js";
import {
  copy,
  eq,
  isDefined,
  isNotNull,
  isNull,
  isNullish,
  isPresent,
  isUndefined,
  narrow,
  ne,
  not,
  truthy,
} from "../ops/scalar.js";
import { unread } from "./cell-of.js";
import { isReference } from "./merge.js";

/** A word or a truth: what it decides is decided, and it needs no name. */
export function isSteering({ kind, type }: Atom): boolean {
  return kind === "literal" && (type.kind === "string" || type.kind === "bool");
}

/** `undefined` where something else is expected: seldom read, and then as JavaScript's arithmetic reads it. */
export function ofNothing(type: Type): Atom {
  return type.kind === "real" ? number(NaN, "NaN") : unread(type);
}

/** False in an arm that is for values of another kind, and is never run. */
export function isOfKind({ type }: Literal, wanted: Type): boolean {
  if (type.kind === "nothing") return false;
  return wanted.kind === "maybe" || kindOfValue(type) === kindOfValue(wanted);
}

/** What an operation gives on something that is certainly absent; null for one that has to be run. */
export function onNothing(instr: Apply): Atom | null {
  const [source] = instr.args;
  if (source?.kind !== "literal" || source.type.kind !== "nothing") return null;
  if (instr.op === narrow) return ofNothing(instr.out.type);
  const known = knownAbsence(instr, false) ?? knownTruth(instr);
  return known === null ? null : boolean(known);
}

/** What an operation gives on something that is certainly absent or certainly there; null for one that has to be run. */
export function onSettled(instr: Apply): Atom | null {
  const outcome = knownAbsence(instr, false) ?? knownTruth(instr);
  return outcome === null ? onNothing(instr) : boolean(outcome);
}

/** A cell known not to be `undefined` needs no assertion. */
export function narrowed(instr: Apply): Apply {
  const [source] = instr.args;
  if (instr.op !== narrow || source === undefined || source.type.kind === "maybe") return instr;
  return { ...instr, op: copy };
}

/** What a comparison of two literals gives: the kind of an object that is made here is known, and it is no word. */
export function knownEquality({ op, args }: Apply, isLocal: (atom: Atom) => boolean): boolean | null {
  const [a, b] = args;
  if ((op !== eq && op !== ne) || a === undefined || b === undefined) return null;
  if ([a, b].some(isLocal) && ![a, b].every(({ type }) => isReference(type))) return op === ne;
  if (a.kind !== "literal" || b.kind !== "literal") return null;
  return (a.value === b.value) === (op === eq);
}

/** What is certainly absent is not truthy, and what is known can be negated. */
export function knownTruth({ op, args: [source] }: Apply): boolean | null {
  if (op === not && source?.kind === "literal" && source.type.kind === "bool") return source.value !== true;
  if (op === truthy && source?.kind === "literal" && isScalar(source)) return Boolean(source.value);
  return op === truthy && source?.type.kind === "nothing" ? false : null;
}

function isScalar({ type: { kind } }: Literal): boolean {
  return kind === "real" || kind === "int" || kind === "bool" || kind === "string";
}

/** What a test gives of what is certainly absent or certainly present, as a local object is; null for all else. */
export function knownAbsence({ op, args: [source] }: Apply, isLocal: boolean): boolean | null {
  const isNegated = op === isPresent || op === isNotNull || op === isDefined;
  if (source === undefined || !(isNegated || op === isNullish || op === isNull || op === isUndefined))
    return null;
  if (isLocal) return isNegated;
  if (source.type.kind === "maybe") return null;
  if (source.type.kind !== "nothing") return isNegated;
  const isOneOfBoth = op === isNullish || op === isPresent || source.kind !== "literal";
  const isNone = isOneOfBoth || (source.value === null) === (op === isNull || op === isNotNull);
  return isNone !== isNegated;
}
