/** A walk over syntax that does not recurse: sums of thousands of terms are nested as deep. */
import type { ts } from "ts-morph";
import type { FrontendProject } from "../project/project.js";

/** A node and all that is in it, in the order of the source, each before its parts. */
export function* descendants(ts: FrontendProject["ts"], root: ts.Node): Generator<ts.Node> {
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    yield node;
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => {
      children.push(child);
    });
    pending.push(...children.reverse());
  }
}
