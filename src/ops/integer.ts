/** Integer operations: 32-bit, without derivative. */
import { box, type OpEntry } from "./entry.js";
import { infix, prefix, stepwise, type Traits } from "./op.js";

const pair: Traits = { absorbs: true, domain: [box([5.1, 5.9], [2.1, 2.9])] };
const single: Traits = { absorbs: true, domain: [box([5.1, 5.9]), box([-5.9, -5.1])] };

export const bitAnd: OpEntry = bitwise("&", (x, y) => x & y);
export const bitOr: OpEntry = bitwise("|", (x, y) => x | y);
export const bitXor: OpEntry = bitwise("^", (x, y) => x ^ y);
export const shl: OpEntry = bitwise("<<", (x, y) => x << y);
export const shr: OpEntry = bitwise(">>", (x, y) => x >> y);
export const ushr: OpEntry = bitwise(">>>", (x, y) => x >>> y);
export const bitNot: OpEntry = stepwise("~", 1, (x) => ~x, { ...single, spelling: prefix("~"), cheap: true });
export const imul: OpEntry = stepwise("Math.imul", 2, Math.imul, pair);
export const clz32: OpEntry = stepwise("Math.clz32", 1, Math.clz32, single);

function bitwise(operator: string, evaluate: (x: number, y: number) => number): OpEntry {
  return stepwise(operator, 2, evaluate, { ...pair, spelling: infix(operator), cheap: true });
}
