/** Putting functions into memory: a record of what the function sees, which the variables of its text are read from. */
import { selfOf } from "./inline.js";
import { receiverOf } from "../classes/instances.js";
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { Atom, Field, Shape, Type } from "../../ir/types.js";
import { assigns, isOfIteration, isSteady, usesThis, variablesSeen } from "./captures.js";
import { type Context, poison, refuse, refuseExpression, unset } from "../context.js";
import { allocateElements } from "../arrays/elements.js";
import type { KeptText, Slot } from "./function-texts.js";
import { isIdentified, isOnce, recordOnce } from "./function-identity.js";
import { insteadOf, isNothingElse, mayBeNone, sameStatic, testOf } from "./functions.js";
import { keptCells } from "../classes/kept-errors.js";
import { boxOf, canBeShared } from "../expressions/shared-variables.js";
import { branch } from "../control/join.js";
import { type KeptNames, namesOf } from "./kept-names.js";
import { allocate } from "../expressions/literals.js";
import { holds, loadRaw, shapeOfType } from "../memory.js";
import { stringLiteral } from "../names.js";
import {
  type Bound,
  type Choice,
  type Closure,
  type ErrorKind,
  type ErrorValue,
  type List,
  type Partially,
  type Static,
  type Variable,
  isAtom,
} from "../scope.js";
import { holderOf } from "../syntax.js";
import { atomOf, isRef } from "../values.js";
import { keepList, widenTo } from "../types/widening.js";
import { isPerhaps } from "../arrays/optional-elements.js";

/** What stands for the function in memory. */
export function keep(cx: Context, bound: Static, node: ts.Node): Atom {
  switch (bound.kind) {
    case "kept":
      return bound.record;
    case "held":
      return isRef(bound.object)
        ? atomOf(cx, loadRaw(cx, bound.object, bound.field, node, null), node)
        : poison;
    case "closure":
      return keepClosure(cx, bound, node, false);
    case "builtin":
      return keepText(
        cx,
        { ...named(bound.name.replace(/^.*\./u, "")), key: bound.name, plain: bound },
        [],
        node,
      );
    case "ruled":
      return keepText(
        cx,
        { ...named(bound.rule.callee.at(-1) ?? ""), key: bound.rule, plain: bound },
        [],
        node,
      );
    case "error":
      return keepError(cx, bound, node);
    case "class": {
      const name = bound.node.name?.text ?? "class";
      return keepText(cx, { ...named(name), key: bound.node, plain: bound }, [], node);
    }
    case "partial":
      return keepPartial(cx, bound, node, false);
    case "choice":
      return keepChoice(cx, bound, node);
    case "list": {
      if (bound.elements.length === 0) keepList(cx, bound);
      if (bound.elements.some(isPerhaps)) return keepOptional(cx, bound, node);
      const elements = bound.elements.map((each) => atomOf(cx, each, node));
      if (elements.includes(poison)) return poison;
      meetAll(cx, elements);
      const array = allocateElements(cx, (bound.node ?? node) as ts.Expression, elements, null);
      return isAtom(array) ? array : poison;
    }
    default:
      return refuseKeeping(cx, node);
  }
}

/** From the next attempt on, the array that the list was made of lies in memory. */
function keepOptional(cx: Context, list: List, node: ts.Node): Atom {
  keepList(cx, list);
  return list.node === undefined ? refuseKeeping(cx, node) : poison;
}

/** Whatever the array is declared to be, what stands for its functions is of one type. */
function meetAll(cx: Context, [first, ...others]: readonly Atom[]): void {
  if (first?.type.kind !== "ref") return;
  for (const { type } of others) if (type.kind === "ref") cx.unit.records.meet(first.type.shape, type.shape);
}

function refuseKeeping(cx: Context, node: ts.Node): Atom {
  cx.unit.records.hasRefused = true;
  return refuse(cx, "escapingFunction", node, { name: excerpt(node) });
}

/** The one that is chosen; where there is none, nothing. */
function keepChoice(cx: Context, choice: Choice, node: ts.Node): Atom {
  if (choice.elsewhere !== undefined || (mayBeNone(choice) && !isNothingElse(choice)))
    return refuseKeeping(cx, node);
  const from = (at: number): Bound => {
    const one = choice.cases[at];
    if (one !== undefined)
      return branch(
        cx,
        node,
        testOf(cx, choice.key, one.when, node),
        () => keep(cx, one.then, node),
        () => from(at + 1),
        null,
      );
    if (choice.otherwise !== null) return keep(cx, choice.otherwise, node);
    return insteadOf(choice);
  };
  return atomOf(cx, from(0), node);
}

interface Seeing {
  readonly slot: Slot;
  readonly name: string;
  readonly bound: Bound;
}

/** What stands for `f.bind(…)`; `isMade`: from when it is made. */
export function keepPartial(cx: Context, partial: Partially, node: ts.Node, isMade: boolean): Atom {
  const { callee, args } = partial;
  const seeing = [callee, ...args].map((bound, i): Seeing => {
    const name = i === 0 ? "callee" : `argument${String(i)}`;
    return { slot: name, name, bound };
  });
  return keepText(cx, { ...named("bound"), key: partialKey(partial), isMade }, seeing, node);
}

/** All that are given as many arguments are of one text. */
export function partialKey({ args }: Partially): string {
  return `bind ${String(args.length)}`;
}

/** What stands for an error: its message, and what else it holds. */
function keepError(cx: Context, error: ErrorValue, node: ts.Node): Atom {
  const held = keptCells(cx, error);
  if (held === null)
    return refuse(cx, "tryStatement", node, { what: `the error \`${excerpt(node)}\` as a whole` });
  const seeing = held.cells.map(([name, bound]): Seeing => ({ slot: name, name, bound }));
  return keepText(cx, { ...named(held.name), key: held.key, error: held.error }, seeing, node);
}

function named(name: string): Omit<Source, "key"> {
  return { names: { name, owner: null, typeName: null }, closure: null, plain: null };
}

/** What stands for a function from when it is made. */
export function keepMade(cx: Context, closure: Closure, node: ts.Node): Atom {
  return keepClosure(cx, closure, node, true);
}

function keepClosure(cx: Context, closure: Closure, node: ts.Node, isMade: boolean): Atom {
  const { records, environment } = cx.unit;
  const source: Source = { key: closure.node, names: namesOf(cx, closure), closure, plain: null, isMade };
  const { text } = records.text(closure.node, closure.scope.types, { ...source.names, plain: null });
  const { fixed } = records.see(text, closure);
  const seeing: Seeing[] = [];
  for (const { symbol, variable } of variablesSeen(cx, closure)) {
    const bound = environment.get(variable);
    if (bound === poison) return poison;
    if (bound?.kind === "closure" && bound.fields?.owner === symbol) {
      text.statics.set(symbol, "owner");
      continue;
    }
    if (bound !== undefined && isStatic(text, symbol, bound, closure)) continue;
    if ((bound ?? unset) === unset && isNameOf(cx, symbol, closure)) {
      text.statics.set(symbol, "itself");
      continue;
    }
    if (assigns(cx, closure, variable)) return shareOrRefuse(cx, symbol, variable, closure);
    if (isFixed(cx, text, symbol, variable)) {
      const known = fixed.get(symbol);
      if (known !== undefined && known !== variable) records.setApart(text, symbol);
      fixed.set(symbol, variable);
      continue;
    }
    if (
      bound === undefined ||
      bound === unset ||
      !(variable.isShared === true || isSteady(cx, symbol, closure.node))
    )
      return shareOrRefuse(cx, symbol, variable, closure);
    const seen = variable.isShared === true ? boxOf(cx, variable, node) : bound;
    seeing.push({ slot: symbol, name: symbol.name, bound: seen });
  }
  if (usesThis(cx, closure.node)) {
    const around = cx.ts.isArrowFunction(closure.node) ? receiverOf(cx, closure.scope) : null;
    const made = selfOf(cx, closure) ?? around;
    if (made?.kind === "draft") {
      // From the next attempt on, the object is there before the function.
      records.makeFirst(made.node);
      return poison;
    }
    if (made !== null && made.kind !== "class") seeing.push({ slot: "this", name: "self", bound: made });
  }
  return keepText(cx, source, seeing, node);
}

/** What is the same wherever it is: a class, or the function itself, which calls itself by its name. */
function isStatic({ statics }: KeptText, slot: Slot, bound: Bound, closure: Closure): boolean {
  if (isAtom(bound)) return false;
  const isSelf = sameStatic(bound, closure);
  if (!isSelf && bound.kind !== "class" && bound.kind !== "namespace") return false;
  const known = statics.get(slot);
  if (known === undefined) statics.set(slot, isSelf ? "itself" : bound);
  if (known === undefined || typeof known === "string") return known === undefined || isSelf;
  return sameStatic(known, bound);
}

/** `const f = …`, which the function itself names. */
function isNameOf({ ts: tsc }: Context, { valueDeclaration }: ts.Symbol, { node }: Closure): boolean {
  if (valueDeclaration === undefined || !tsc.isVariableDeclaration(valueDeclaration)) return false;
  const isConst = (valueDeclaration.parent.flags & tsc.NodeFlags.Const) !== 0;
  return isConst && holderOf(tsc, node) === valueDeclaration;
}

/** There is one variable only, and it can be looked at where the function is called. */
function isFixed(cx: Context, text: KeptText, symbol: ts.Symbol, variable: Variable): boolean {
  if (text.isApart || text.several.has(symbol) || text.cells.has(symbol) || cx.unit !== cx.unit.root())
    return false;
  return !isOfIteration(cx, symbol) && cx.unit.environment.isOutsideLoops(variable);
}

/** What the function or the code around assigns lies in memory from the next attempt on. */
function shareOrRefuse(
  cx: Context,
  symbol: ts.Symbol,
  { name, isShared }: Variable,
  { node }: Closure,
): Atom {
  if (isShared !== true && canBeShared(cx, symbol)) {
    cx.unit.records.share(symbol);
    return poison;
  }
  cx.unit.records.hasRefused = true;
  return refuse(cx, "keptVariable", node, { name });
}

interface Source {
  readonly key: object | string;
  readonly names: KeptNames;
  readonly closure: Closure | null;
  readonly plain: Static | null;
  readonly error?: ErrorKind;
  /** It is kept where it is made. */
  readonly isMade?: boolean;
}

function keepText(cx: Context, source: Source, seeing: readonly Seeing[], node: ts.Node): Atom {
  const { records } = cx.unit;
  const before = records.changes;
  const types = source.closure?.scope.types ?? new Map<ts.Type, ts.Type>();
  const { names, plain, error } = source;
  const { text } = records.text(source.key, types, {
    ...names,
    plain,
    ...(error === undefined ? {} : { error }),
  });
  const values = new Map<Slot, Atom>();
  for (const { slot, name, bound } of seeing) {
    const value = atomOf(cx, bound, node);
    if (value === poison) return poison;
    values.set(slot, value);
    if (!records.learn(text, slot, name, shapeSeen(value.type))) return refuseSeen(cx, name, source, node);
  }
  const record = records.recordOf(text);
  // All is lowered once more.
  if (records.changes > before || record === null) return poison;
  const { shape, variation } = record;
  const isMany = source.isMade !== true && isIdentified(records, text);
  const isAlone = isOnce(cx, source.plain ?? source.closure);
  if (isMany && !isAlone)
    return refuseExpression(cx, node, "comparison of functions that are made anew where they are used");
  const cells: { readonly name: string; readonly value: Atom }[] = [];
  if (variation.word !== null) cells.push({ name: variation.tag, value: stringLiteral(variation.word) });
  for (const [slot, field] of variation.cells) {
    const value = values.get(slot);
    if (value === undefined || !fits(cx, field, value)) return refuseSeen(cx, field.name, source, node);
    cells.push({ name: field.name, value });
  }
  const make = (here: Context): Atom => allocate(here, shape, cells, source.closure?.node ?? node, null);
  return isMany ? recordOnce(cx, text, node, make) : make(cx);
}

function fits(cx: Context, { shape }: Field, value: Atom): boolean {
  if (holds(shape, value.type) || (shape.kind === "int" && value.type.kind === "int")) return true;
  return isAtom(value) && isRef(value) && widenTo(cx, value, shape);
}

/** What is seen never changes: a whole number stays one. */
function shapeSeen(type: Type): Shape {
  return type.kind === "int" ? type : shapeOfType(type);
}

function refuseSeen(cx: Context, name: string, { closure }: Source, node: ts.Node): Atom {
  if (cx.unit.records.hasRefused) return poison;
  cx.unit.records.hasRefused = true;
  return refuse(cx, "keptVariable", closure?.node ?? node, { name });
}
