/** Functions that lie in memory, as what can be called: what they see is read from their records. */
import type { ts } from "ts-morph";
import { suggested } from "../../ir/builder.js";
import type { Field, Hint, Value } from "../../ir/types.js";
import { type Context, type Frame, poison, refuse } from "../context.js";
import { openError } from "../classes/kept-errors.js";
import { knownClasses } from "../classes/known-classes.js";
import { functionIn } from "./callable-objects.js";
import { dispatcherOf, oneOf } from "./dispatch.js";
import type { KeptText, Slot } from "./function-texts.js";
import { isIdentified } from "./function-identity.js";
import { functionsIn } from "../types/function-shapes.js";
import { isFollowed, overChoice } from "./functions.js";
import { inlineCall } from "./inline.js";
import { leaveAlways } from "./calls.js";
import { usesThis } from "./captures.js";
import { loadRaw } from "../memory.js";
import {
  scopeWithThis,
  type Bound,
  type Closure,
  type Held,
  type Kept,
  Scope,
  type Static,
  type Variable,
  isAtom,
} from "../scope.js";
import { type RefValue, isRef, narrowed, trusted } from "../values.js";

/** What can be called of a value; null where it is no function. */
export function functionOf(cx: Context, bound: Bound, node: ts.Node): Static | null {
  if (!isAtom(bound)) return isFollowed(bound) ? bound : null;
  if (bound === poison) return null;
  if (functionsOf(bound) === null) {
    const inside = functionIn(cx, bound, node);
    return inside === null ? null : functionOf(cx, inside, node);
  }
  const record = trusted(cx, bound, node);
  if (!isRef(record)) return null;
  const variations = cx.unit.records.variations(record.type.shape);
  return dispatcherOf(cx, record, variations) ?? oneOf(cx, record, variations, node);
}

/** The function that the field of the object holds; null where all has to be lowered once more. */
export function readHeld(cx: Context, { object, field }: Held, node: ts.Node): Static | null {
  return isRef(object) ? functionOf(cx, loadRaw(cx, object, field, node, null), node) : null;
}

/** What a getter that lies in memory gives; null for any other value. */
export function readOfGetter(cx: Context, bound: Bound, node: ts.Node, hint: Hint | null): Bound | null {
  const shape = isAtom(bound) && isRef(bound) ? bound.type.shape : null;
  const texts = shape === null ? [] : cx.unit.records.variations(shape).map(({ text: { key } }) => key);
  const isGetter = (key: object | string): boolean =>
    typeof key === "object" && cx.ts.isGetAccessorDeclaration(key as ts.Node);
  if (texts.length === 0 || !texts.every(isGetter)) return null;
  const callee = functionOf(cx, bound, node);
  if (callee === null) return null;
  const read = (one: Static, name: Hint | null): Bound => {
    const opened = one.kind === "kept" ? openKept(cx, one, node) : null;
    if (opened?.kind !== "closure") return poison;
    return inlineCall(cx, opened, [], node, name, (end) => {
      leaveAlways(cx, end);
    });
  };
  const result =
    callee.kind === "choice"
      ? overChoice(cx, callee, node, (one) => read(one, null), hint)
      : read(callee, hint);
  return narrowed(cx, result, node, hint);
}

/** The number of the functions that a value may be; null for what is no function. */
export function functionsOf(bound: Bound): number | null {
  if (!isAtom(bound)) return null;
  const type = bound.type.kind === "maybe" ? bound.type.type : bound.type;
  return type.kind === "ref" ? functionsIn(type.shape) : null;
}

/** The function with what it sees, read from its record; null where all has to be lowered once more. */
export function openKept(cx: Context, { record, text }: Kept, node: ts.Node): Static | null {
  const { key, plain: own, error } = text;
  if (own !== null) return own;
  const { records, environment } = cx.unit;
  const cells = records.recordOf(text)?.variation.cells;
  if (cells === undefined || !isRef(record)) return null;
  const read = (name: string, hint: string): Bound => loadRaw(cx, record, name, node, suggested(hint));
  if (error !== undefined) return openError(cx, error, [...cells.values()], read);
  if (typeof key === "string") {
    const values = [...cells.values()].map(({ name }) => read(name, name));
    const [callee, ...args] = values;
    const bound = callee === undefined ? null : functionOf(cx, callee, node);
    return bound === null ? null : { kind: "partial", callee: bound, args };
  }
  const seen = records.seen(text);
  if (seen === null && !text.isApart) {
    records.setApart(text, null);
    return null;
  }
  const plain: Closure = seen?.closure ?? {
    kind: "closure",
    node: key as ts.FunctionLikeDeclaration,
    scope: new Scope(cx.unit.globals, null, text.types),
    name: text.name,
    prefix: text.name === null ? "" : `${text.name}_`,
  };
  for (const [slot, variable] of seen?.fixed ?? []) {
    if (cells.has(slot) || environment.get(variable) !== undefined) continue;
    records.setApart(text, slot);
    return null;
  }
  const isWithin = isUnderWay(cx, plain);
  if (isWithin) records.noteRecursion(text);
  const isDispatched = cx.frame.closure?.dispatches !== undefined;
  if (isDispatched || (!records.isEndless(text) && !isWithin)) return toBeWrittenOut(cx, record, text, plain);
  const object = receiver(cx, record.id, plain);
  // A method of an object literal is called of that, which is all that it sees.
  if (object !== null && cells.size === 0) return ofObject(cx, plain, object);
  if (object === null && !cells.has("this") && text.statics.size === 0)
    return toBeCalled(cx, record, text, plain);
  if (!isWithin) return toBeWrittenOut(cx, record, text, plain);
  refuse(cx, "recursion", node, { name: text.name ?? "function", reason: "sees `this` or a class" });
  return null;
}

function ofObject(cx: Context, plain: Closure, object: RefValue): Closure {
  const { selfClasses: _, ...anyone } = plain;
  const selfClasses = knownClasses(cx, object);
  return { ...anyone, self: object, ...(selfClasses === null ? {} : { selfClasses }) };
}

/** It is being written out around this call. */
function isUnderWay(cx: Context, { node }: Closure): boolean {
  for (let frame: Frame | null = cx.frame; frame !== null; frame = frame.caller)
    if (frame.closure?.node === node && frame.closure.dispatches === undefined) return true;
  return false;
}

/** What the function sees is in variables of its own for this call. */
function toBeWrittenOut(cx: Context, record: RefValue, text: KeptText, plain: Closure): Closure {
  const { environment, records } = cx.unit;
  const cells = records.recordOf(text)?.variation.cells ?? new Map<Slot, Field>();
  const read = (name: string, hint: string): Bound => loadRaw(cx, record, name, plain.node, suggested(hint));
  const self = cells.get("this");
  const object = self === undefined ? receiver(cx, record.id, plain) : read(self.name, `${plain.prefix}self`);
  const scope = scopeWithThis(environment, plain.scope, object ?? undefined);
  for (const [slot, { name }] of cells) {
    if (typeof slot === "string") continue;
    const hint = suggested(`${plain.prefix}${slot.name}`);
    const variable: Variable = { name: slot.name, hint, depth: null, ...sharing(cx, slot) };
    scope.declare(slot, variable);
    environment.set(variable, read(name, hint.text));
  }
  // Of which class `this` is, was known of the first such function.
  const { selfClasses: _, ...anyone } = plain;
  const closure: Closure = object === null ? { ...plain, scope } : { ...anyone, scope, self: object };
  bindStatics(cx, text, scope, closure, record);
  return closure;
}

function sharing({ unit: { records } }: Context, symbol: ts.Symbol): Pick<Variable, "isShared"> {
  return records.isShared(symbol) ? { isShared: true } : {};
}

function bindStatics(cx: Context, text: KeptText, scope: Scope, closure: Closure, record: Value): void {
  const itself = isIdentified(cx.unit.records, text) ? record : closure;
  for (const [slot, bound] of text.statics) {
    if (typeof slot === "string") continue;
    const variable: Variable = { name: slot.name, hint: null, depth: null };
    scope.declare(slot, variable);
    const held = bound === "owner" ? cx.unit.receivers.get(record.id) : bound === "itself" ? itself : bound;
    if (held !== undefined) cx.unit.environment.set(variable, held);
  }
}

/** A function that may see its like is called with its record, from which its body reads what it sees. */
function toBeCalled(cx: Context, record: RefValue, text: KeptText, plain: Closure): Closure {
  const cells = cx.unit.records.recordOf(text)?.variation.cells ?? new Map<Slot, Field>();
  const about = cx.unit.records.see(text, plain);
  if (about.called === null) {
    const scope = new Scope(plain.scope);
    const variables = new Map<string, Variable>();
    for (const [slot, { name }] of cells) {
      if (typeof slot === "string") continue;
      const hint = suggested(slot.name);
      const variable: Variable = { name: slot.name, hint, depth: null, ...sharing(cx, slot) };
      scope.declare(slot, variable);
      variables.set(name, variable);
    }
    about.called = { scope, variables };
  }
  const name = plain.name ?? text.name;
  return { ...plain, name, scope: about.called.scope, self: record, seen: about.called.variables };
}

/** Reads what the function sees from its record. */
export function bindSeen(cx: Context, { seen, node }: Closure, record: Value): void {
  if (seen === undefined || !isRef(record)) return;
  for (const [name, variable] of seen)
    cx.unit.environment.set(variable, loadRaw(cx, record, name, node, variable.hint));
}

/** The object that a method is called of. */
function receiver(cx: Context, record: number, { node }: Closure): RefValue | null {
  if (cx.ts.isArrowFunction(node) || !usesThis(cx, node)) return null;
  return cx.unit.receivers.get(record) ?? null;
}
