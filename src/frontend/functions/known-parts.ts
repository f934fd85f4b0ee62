/** What a value that is known while compiling consists of, and the variables that it needs. */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import type { Context } from "../context.js";
import { symbolOf } from "../names.js";
import type { Bound, Variable } from "../scope.js";
import { choiceParts } from "./functions.js";

/**
 * The variables that the functions in a value can see and that `find` knows: they live on as long as these do.
 */
export function capturedBy(
  cx: Context,
  roots: readonly Bound[],
  find: (variable: Variable) => Bound | undefined,
): ReadonlySet<Variable> {
  const captured = new Set<Variable>();
  const seen = new Set<Bound>();
  const visit = (bound: Bound): void => {
    if (seen.has(bound)) return;
    seen.add(bound);
    for (const part of partsOf(cx, bound)) visit(part);
    if (bound.kind === "error") {
      for (const variable of bound.cells.values()) addVariable(variable);
    }
    if (bound.kind !== "closure") return;
    const { selfVariable } = bound.scope;
    if (selfVariable !== null && find(selfVariable) !== undefined) captured.add(selfVariable);
    for (const symbol of symbolsIn(cx, bound.node)) {
      const variable = bound.scope.lookup(symbol);
      if (variable !== null) addVariable(variable);
    }
  };
  const addVariable = (variable: Variable): void => {
    const held = find(variable);
    if (held === undefined || captured.has(variable)) return;
    captured.add(variable);
    visit(held);
  };
  for (const root of roots) visit(root);
  return captured;
}

/** What a value consists of, as far as functions can be in it. */
export function partsOf(cx: Context, bound: Bound): readonly Bound[] {
  switch (bound.kind) {
    case "choice":
      return choiceParts(bound);
    case "partial":
      return [bound.callee, ...bound.args];
    case "list":
      return bound.elements;
    case "perhaps":
      return [bound.value];
    case "map":
      return [...bound.entries.values()];
    case "closure":
      return bound.self === undefined ? [] : [bound.self];
    case "generated":
      return bound.of.kind === "call" ? [bound.of.closure, ...bound.of.args] : [];
    case "value":
      return [...(cx.unit.members.get(bound.id)?.values() ?? [])];
    default:
      return [];
  }
}

function symbolsIn(cx: Context, root: ts.Node): readonly ts.Symbol[] {
  return [...descendants(cx.ts, root)].flatMap((node) => {
    const symbol = cx.ts.isIdentifier(node) ? symbolOf(cx, node) : null;
    return symbol === null ? [] : [symbol];
  });
}

/** True for a function that is known only together with values of the function in which it is made. */
export function dependsOnValues(bound: Bound): boolean {
  switch (bound.kind) {
    case "choice":
      return bound.key.kind === "value" || choiceParts(bound).some(dependsOnValues);
    case "partial":
      return dependsOnValues(bound.callee) || bound.args.some(holdsValue);
    case "list":
      return bound.elements.some(holdsValue);
    case "map":
      return [...bound.entries.values()].some(dependsOnValues);
    case "error":
    case "kept":
    case "held":
    case "perhaps":
      return true;
    case "closure":
      return bound.self !== undefined && holdsValue(bound.self);
    default:
      return false;
  }
}

function holdsValue(bound: Bound): boolean {
  return bound.kind === "value" || dependsOnValues(bound);
}

/** A function, or an error, that a called one can be given as a record: of which one it is, and of what it sees. */
export function isChosenThere(bound: Bound): boolean {
  return ["choice", "kept", "held", "error"].includes(bound.kind) && dependsOnValues(bound);
}
