/** Whether two references lead to the very same object. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean } from "../../ir/builder.js";
import { regionOf } from "../../ir/places.js";
import type { Atom, RegionId, Type, Value } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import type { Context, Unit } from "../context.js";
import { sameFunction } from "../functions/function-identity.js";
import { functionsOf } from "../functions/kept-calls.js";
import { referenceRegion } from "../memory.js";
import type { CopiedParts } from "../records/deep-copies.js";
import { reportCopiedKeys } from "../records/copied-keys.js";
import { apply } from "../values.js";

/** A comparison of two objects. */
export interface Comparison {
  readonly a: Atom;
  readonly b: Atom;
  readonly node: ts.Node;
}

export function compareReferences(cx: Context, node: ts.Node, a: Atom, b: Atom, negated: boolean): Atom {
  if (functionsOf(a) !== null && functionsOf(b) !== null) return sameFunction(cx, node, a, b, negated);
  if (a === b) return boolean(!negated);
  cx.unit.comparisons.push({ a, b, node });
  return apply(cx, negated ? ops.ne : ops.eq, [a, b], node);
}

/** Reports comparisons of what lies in a copy of a parameter with what lies in another one: that is never the copy. */
export function reportCopied(unit: Unit, copied: readonly CopiedParts[], given: readonly Value[]): void {
  const { comparisons, regions, diagnostics } = unit;
  const below = (types: readonly Type[]): ReadonlySet<RegionId> =>
    new Set(types.flatMap((type) => [...regions.below(referenceRegion(type) ?? -1)]));
  const types = copied.flatMap(({ made, objects }) => [...made.map(({ type }) => type), ...objects]);
  const copies = below(types);
  const outside = below(given.map(({ type }) => type));
  if (types.length > 0) reportCopiedKeys(unit, types, outside);
  for (const { a, b, node } of comparisons) {
    const [one, other] = [a, b]
      .flatMap((each) => regionOf(each) ?? [])
      .map((each) => regions.canonical(each));
    if (one === undefined || other === undefined || copies.has(one) === copies.has(other)) continue;
    if (!outside.has(copies.has(one) ? other : one)) continue;
    const what =
      "comparison with an object of a parameter that the function changes, and so works on copies of";
    diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what });
  }
}
