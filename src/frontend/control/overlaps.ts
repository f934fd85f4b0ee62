/** Writes to memory that the caller keeps. */
import { namingOf } from "../../config/naming.js";
import type { Instr, Value } from "../../ir/types.js";
import { eq } from "../../ops/scalar.js";
import type { Context } from "../context.js";
import { sameShape } from "../memory.js";
import type { TargetParam } from "../targets/signature.js";

/**
 * A caller may pass one array twice: then a write to one parameter would be seen through the other, but not in the copies
 * that the gradient works on. The gradient refuses such a call by an exception.
 */
export function guardOverlaps(
  cx: Context,
  name: string,
  params: readonly TargetParam[],
  values: readonly Value[],
  written: readonly number[],
): readonly Instr[] {
  const { builder, project } = cx.unit;
  const { functionSuffix } = namingOf(project.config);
  return builder.detached(() => {
    for (const index of written) {
      values.forEach((other, i) => {
        const value = values[index];
        const isDone = written.includes(i) && i < index;
        if (value === undefined || i === index || isDone || !mayBeSame(value, other)) return;
        if (isRest(cx, params[i]) || isRest(cx, params[index])) return;
        const names = [Math.min(i, index), Math.max(i, index)].map((at) => params[at]?.name ?? "");
        const message = `${name}${functionSuffix}: ${names.join(" and ")} are the same, and one of them is written to`;
        const text = [`new Error(${JSON.stringify(message)})`];
        const test = builder.apply(eq, [value, other]);
        builder.guard(test, { instrs: [], end: { kind: "throw", text, statement: null } }, null);
      });
    }
  });
}

/** The array of a rest parameter is made by the call. */
function isRest({ ts }: Pick<Context, "ts">, param: TargetParam | undefined): boolean {
  const node = param?.node;
  return node !== undefined && ts.isParameter(node) && node.dotDotDotToken !== undefined;
}

function mayBeSame(a: Value, b: Value): boolean {
  return a.type.kind === "ref" && b.type.kind === "ref" && sameShape(a.type.shape, b.type.shape);
}
