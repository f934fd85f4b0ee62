/** Sorting by insertion, written out: for comparisons that call functions of the emitted file, or rules by hand. */
import { suggested } from "../../ir/builder.js";
import type { Atom } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { keyOfIndex, one, zero } from "./array-growth.js";
import type { Call } from "./array-iteration.js";
import type { Comparing } from "./comparing.js";
import { poison } from "../context.js";
import { choose, fell, goOn, jump } from "../control/control.js";
import { assignedIn } from "../control/loop-assigned.js";
import { countedLoop, lowerLoop } from "../control/loops.js";
import { loadCell, loadLength, storeCell } from "../memory.js";
import { type Bound, type Variable, isAtom } from "../scope.js";
import { apply, atomOf } from "../values.js";

/** Stable, as the library's is; which of two comes first is asked as it asks, the later one against the earlier. */
export function sortByInsertion(call: Call, { text, of }: Comparing): Bound {
  const { cx, ref, node } = call;
  const { environment } = cx.unit;
  const hole: Variable = { name: "hole", hint: suggested("hole"), depth: null };
  countedLoop(cx, node, {
    from: one,
    to: loadLength(cx, ref, node),
    assignedIn: text,
    body: (index) => {
      const moving = loadCell(cx, ref, keyOfIndex(index), node, suggested("moving"));
      environment.set(hole, index);
      const at = (): Atom => atomOf(cx, environment.get(hole) ?? poison, node);
      lowerLoop(cx, node, assignedIn(cx, text, [hole]), {
        kind: "while",
        test: () => apply(cx, ops.gt, [at(), zero], node),
        body: (jumps, rest) => {
          const before = apply(cx, ops.sub, [at(), one], node);
          const other = loadCell(cx, ref, keyOfIndex(before), node, null);
          return choose(
            cx,
            node,
            apply(cx, ops.lt, [of(moving, other), zero], node),
            (then) => {
              if (isAtom(other)) storeCell(cx, ref, keyOfIndex(at()), other, node);
              environment.set(hole, before);
              return goOn(then);
            },
            () => jump(cx, jumps.breaks),
            rest,
          );
        },
      });
      if (isAtom(moving)) storeCell(cx, ref, keyOfIndex(at()), moving, node);
      return fell;
    },
  });
  return ref;
}
