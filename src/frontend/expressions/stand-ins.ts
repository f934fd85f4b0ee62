/** Copies that stand for an object or a tuple in another form: the same, as long as nothing writes to either. */
import type { ts } from "ts-morph";
import { type Diagnostics, excerpt } from "../../diagnostics/collector.js";
import { regionOf } from "../../ir/places.js";
import type { RefType } from "../../ir/types.js";
import type { Unit } from "../context.js";

export interface StandIn {
  readonly original: RefType;
  readonly copy: RefType;
  readonly node: ts.Node;
  /** What happens there: "a tuple is used as an array". */
  readonly what: string;
}

/** Reports writes to originals and to copies, and comparisons of copies, which are objects of their own. */
export function reportStandIns({ standIns, comparisons, regions }: Unit, diagnostics: Diagnostics): void {
  for (const { original, copy, node, what } of standIns) {
    const here = `${what} here: \`${excerpt(node)}\``;
    const written = regions.writtenAt(original.region) ?? regions.writtenAt(copy.region, false);
    if (written !== null) {
      const reason = `${here}, and neither may be changed`;
      diagnostics.report("unsupportedAssignment", written.node, { code: excerpt(written.node), reason });
    }
    const isCopy = (region: number | null): boolean =>
      region !== null && regions.canonical(region) === regions.canonical(copy.region);
    for (const each of comparisons) {
      if (!isCopy(regionOf(each.a)) && !isCopy(regionOf(each.b))) continue;
      diagnostics.report("unsupportedExpression", each.node, {
        code: excerpt(each.node),
        what: `comparison of what may be a copy: ${here}`,
      });
    }
  }
}
