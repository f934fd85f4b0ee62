/** A word for what an operation gives, from which unnamed values get their names: `sum`, `exp`. */
import type { Op } from "../ir/op.js";

const operators: ReadonlyMap<string, string> = new Map([
  ["+", "sum"],
  ["-", "difference"],
  ["*", "product"],
  ["/", "quotient"],
  ["%", "remainder"],
  ["**", "power"],
]);

/** Null where there is no good word. */
export function wordFor(op: Op): string | null {
  const { spelling } = op;
  switch (spelling.kind) {
    case "call":
      return spelling.callee.split(".").at(-1) ?? null;
    case "binary":
      return operators.get(spelling.operator) ?? null;
    case "formula":
      return op.name;
    case "method":
      return spelling.name;
    case "exec":
    case "spread":
    case "held":
    case "verbatim":
    case "element":
    case "template":
    case "prefix":
    case "conditional":
    case "identity":
    case "nonNull":
    case "member":
      return null;
  }
}
