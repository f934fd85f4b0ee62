/** What an iteration of `for…of` and `for…in` is given, and how the names of the head get it. */
import type { ts } from "ts-morph";
import { declared } from "../../ir/builder.js";
import type { Atom, Hint } from "../../ir/types.js";
import { allocateElements } from "../arrays/elements.js";
import type { Context } from "../context.js";
import { locate, write } from "../expressions/assignments.js";
import { assign, bindName, variableOf } from "../expressions/declarations.js";
import { assignTo, isDestructuring } from "../expressions/destructuring.js";
import { type Bound, isAtom } from "../scope.js";

export type Each = ts.ForOfStatement | ts.ForInStatement;

export type Kind = "values" | "keys" | "entries";

/** What an iteration is given: made for a name, at the start of the iteration. */
export interface Item {
  readonly key: Atom;
  readonly value: (hint: Hint | null) => Bound;
  /** Whether there is such an item, where only the call can tell. */
  readonly isThere?: () => Atom;
}

/** Gives the names of the head their values. */
export function bindItem(cx: Context, node: Each, kind: Kind, item: Item): void {
  const { initializer } = node;
  const tsc = cx.ts;
  if (!tsc.isVariableDeclarationList(initializer)) {
    const bound = wholeItem(cx, node, kind, item, null);
    if (isDestructuring(cx, initializer)) assignTo(cx, initializer, bound, initializer);
    else write(cx, locate(cx, initializer), bound, initializer);
    return;
  }
  const name = initializer.declarations[0]?.name;
  if (name === undefined) return;
  if (kind === "entries" && tsc.isArrayBindingPattern(name) && isPair(cx, name)) {
    const [first, second] = name.elements;
    if (first !== undefined && tsc.isBindingElement(first)) bindKey(cx, first.name, item.key);
    if (second !== undefined && tsc.isBindingElement(second)) bindValue(cx, second.name, item.value);
  } else if (kind === "keys") {
    bindKey(cx, name, item.key);
  } else {
    bindValue(cx, name, (hint) => wholeItem(cx, node, kind, item, hint));
  }
}

function wholeItem(cx: Context, node: Each, kind: Kind, item: Item, hint: Hint | null): Bound {
  if (kind === "keys") return item.key;
  const value = item.value(kind === "values" ? hint : null);
  if (kind === "values") return value;
  const target = cx.ts.isVariableDeclarationList(node.initializer)
    ? node.initializer.declarations[0]?.name
    : node.initializer;
  if (target === undefined) return value;
  if (!isAtom(value)) return { kind: "list", elements: [item.key, value] };
  return allocateElements(cx, target, [item.key, value], hint);
}

/** `[i, x]`, without defaults or a rest. */
function isPair(cx: Context, name: ts.ArrayBindingPattern): boolean {
  return (
    name.elements.length <= 2 &&
    name.elements.every(
      (element) =>
        !cx.ts.isBindingElement(element) ||
        (element.dotDotDotToken === undefined && element.initializer === undefined),
    )
  );
}

/** A key needs no line of its own. */
function bindKey(cx: Context, name: ts.BindingName, key: Atom): void {
  if (cx.ts.isIdentifier(name)) cx.unit.environment.set(variableOf(cx, name), key);
  else bindName(cx, name, key, name);
}

function bindValue(cx: Context, name: ts.BindingName, value: (hint: Hint | null) => Bound): void {
  if (cx.ts.isIdentifier(name)) {
    const variable = variableOf(cx, name);
    const bound = value(variable.hint ?? declared(name.text));
    // A whole number that a generator counts has a name already.
    const isCounted =
      isAtom(bound) && bound.type.kind === "int" && bound.kind === "value" && bound.hint !== null;
    if (isCounted) cx.unit.environment.set(variable, bound);
    else assign(cx, variable, bound, name);
  } else {
    bindName(cx, name, value(null), name);
  }
}
