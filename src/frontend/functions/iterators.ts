/** Objects that say themselves how they are gone through: `*[Symbol.iterator]()` of a class, `xs.values()`. */
import type { ts } from "ts-morph";
import { isKeyed } from "../../ir/shapes.js";
import type { Hint } from "../../ir/types.js";
import { leaveAlways } from "./calls.js";
import { type ClassNode, baseOf, declaredClassOf, exactClassOf, isOverriddenBy } from "../classes/classes.js";
import { isLiteralNode } from "../classes/class-index.js";
import { type Context, poison, refuse } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { nextOf } from "./hand-iterators.js";
import { isSteppedByHand, makeCursor } from "./cursors.js";
import { inlineCall } from "./inline.js";
import { scopeOfClass } from "../classes/local-classes.js";
import type { Bound, Generated } from "../scope.js";
import { bare } from "../syntax.js";
import { type RefValue, isRef, present } from "../values.js";

/** What an expression gives, where that is gone through: for an instance, what its iterator gives. */
export function lowerIterable(cx: Context, node: ts.Expression, hint: Hint | null = null): Bound {
  return iteratedBy(cx, lowerExpression(cx, node, hint), node);
}

/** The same for what it has given. */
export function iteratedBy(cx: Context, bound: Bound, node: ts.Node): Bound {
  const atom = bound.kind === "value" ? present(cx, bound, node) : bound;
  if (!isRef(atom) || atom.type.shape.kind !== "object" || isKeyed(atom.type.shape)) return bound;
  const method = iteratorOf(cx, atom, node);
  if (method === null || method === "refused") return method === null ? bound : poison;
  const self = {
    kind: "closure",
    node: method,
    scope: scopeOfClass(cx, method.parent as ClassNode),
    name: "iterator",
    prefix: "",
    self: atom,
  } as const;
  const given = inlineCall(cx, self, [], node, null, (end) => {
    leaveAlways(cx, end);
  });
  const next = nextOf(cx, given);
  return next === null ? given : generatedBy(cx, { kind: "iterator", next }, node);
}

/** `xs[Symbol.iterator]()`, `xs.values()` of an array; null for other calls. */
export function lowerIterator(cx: Context, node: ts.CallExpression): Bound | null {
  const callee = bare(cx.ts, node.expression);
  if (node.arguments.length > 0 || cx.ts.isOptionalChain(node)) return null;
  const isSymbol = cx.ts.isElementAccessExpression(callee) && isIteratorSymbol(cx, callee.argumentExpression);
  const isValues =
    cx.ts.isPropertyAccessExpression(callee) &&
    callee.name.text === "values" &&
    cx.checker.isArrayType(cx.checker.getTypeAtLocation(callee.expression));
  if (!isSymbol && !isValues) return null;
  const bound = lowerIterable(cx, callee.expression);
  if (
    isRef(bound) &&
    bound.type.shape.kind === "array" &&
    !isKeyed(bound.type.shape) &&
    isSteppedByHand(cx, node)
  )
    return makeCursor(cx, bound, node, null);
  return isRef(bound) && bound.type.shape.kind === "array" ? generatedBy(cx, bound, node) : bound;
}

function generatedBy(cx: Context, of: Generated["of"], node: ts.Node): Generated {
  return { kind: "generated", of, node, depth: cx.unit.environment.depth, use: { isUsed: false } };
}

function iteratorOf(cx: Context, ref: RefValue, node: ts.Node): ts.MethodDeclaration | "refused" | null {
  const known = exactClassOf(cx, ref, node);
  const start = known ?? declaredClassOf(cx, node);
  if (start === null || isLiteralNode(start, cx.unit.project)) return null;
  if (known === null && isOverriddenBy(cx, start, (each) => ownIterator(cx, each) !== null)) {
    refuse(cx, "dynamicDispatch", node, { name: "[Symbol.iterator]" });
    return "refused";
  }
  for (
    let each: ClassNode | "unknown" | null = start;
    each !== null && each !== "unknown";
    each = baseOf(cx, each)
  ) {
    const own = ownIterator(cx, each);
    if (own !== null) return own;
  }
  return null;
}

function ownIterator({ ts: tsc, ...cx }: Context, owner: ClassNode): ts.MethodDeclaration | null {
  const found = owner.members
    .filter((each) => tsc.isMethodDeclaration(each))
    .find(
      ({ name }) => tsc.isComputedPropertyName(name) && isIteratorSymbol({ ts: tsc, ...cx }, name.expression),
    );
  return found ?? null;
}

function isIteratorSymbol({ ts: tsc }: Context, node: ts.Expression): boolean {
  const inner = bare(tsc, node);
  return (
    tsc.isPropertyAccessExpression(inner) &&
    inner.name.text === "iterator" &&
    tsc.isIdentifier(inner.expression) &&
    inner.expression.text === "Symbol"
  );
}
