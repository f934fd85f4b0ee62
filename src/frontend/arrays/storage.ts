/** Typed arrays: what becomes of a number that is stored in one. */
import type { ts } from "ts-morph";
import { int, number } from "../../ir/builder.js";
import { type SeveralShape, holdsCotangents, isSeveral } from "../../ir/containers.js";
import type { Op } from "../../ir/op.js";
import type { Atom, MemoryShape, Storage } from "../../ir/types.js";
import { instanceOf } from "../../ops/classes.js";
import * as ops from "../../ops/scalar.js";
import { type Context, poison, refuseExpression } from "../context.js";
import { branch } from "../control/join.js";
import { isAtom } from "../scope.js";
import { type RefValue, apply } from "../values.js";

/** The typed arrays that hold whole numbers, with the numbers that they hold as they are. */
const ranges: ReadonlyMap<Storage, readonly [number, number]> = new Map([
  ["Int8Array", [-(2 ** 7), 2 ** 7 - 1]],
  ["Uint8Array", [0, 2 ** 8 - 1]],
  ["Uint8ClampedArray", [0, 2 ** 8 - 1]],
  ["Int16Array", [-(2 ** 15), 2 ** 15 - 1]],
  ["Uint16Array", [0, 2 ** 16 - 1]],
  ["Int32Array", [-(2 ** 31), 2 ** 31 - 1]],
  ["Uint32Array", [0, 2 ** 32 - 1]],
]);

/** How JavaScript makes other numbers fit, one operation after the other. */
const conversions: ReadonlyMap<Storage, readonly (readonly [Op, number])[]> = new Map([
  ["Int8Array", [[ops.shl, 24] as const, [ops.shr, 24] as const]],
  ["Uint8Array", [[ops.bitAnd, 0xff] as const]],
  ["Int16Array", [[ops.shl, 16] as const, [ops.shr, 16] as const]],
  ["Uint16Array", [[ops.bitAnd, 0xffff] as const]],
  ["Int32Array", [[ops.bitOr, 0] as const]],
  ["Uint32Array", [[ops.ushr, 0] as const]],
]);

/** The typed array of that name, if it can be used: `BigInt64Array` holds no numbers. */
export function typedStorage(name: string | null): Storage | null {
  if (name === "Float64Array" || name === "Float32Array") return name;
  return [...ranges.keys()].find((each) => each === name) ?? null;
}

/** True where all elements are whole numbers, which carry no derivative. */
export function holdsWholeNumbers(storage: Storage): boolean {
  return ranges.has(storage);
}

/** The number that is read back once `value` has been stored in the array. */
export function fitted(cx: Context, ref: RefValue, value: Atom, node: ts.Node): Atom {
  const { shape } = ref.type;
  return isSeveral(shape) ? fittedToOne(cx, ref, shape, value, node) : fittedTo(cx, shape, value, node);
}

/** The same, where only the call knows what the array is. */
function fittedToOne(cx: Context, ref: RefValue, shape: SeveralShape, value: Atom, node: ts.Node): Atom {
  if (!holdsCotangents(shape.containers))
    return refuseExpression(cx, node, "number stored in an array that may hold whole numbers only");
  if (!shape.containers.includes("Float32Array") || value === poison) return value;
  const isSingle = apply(cx, instanceOf("Float32Array", "Float32Array", []), [ref], node);
  const rounded = (): Atom => apply(cx, ops.fround, [value], node);
  const stored = branch(cx, node, isSingle, rounded, () => value, null);
  return isAtom(stored) ? stored : poison;
}

export function fittedTo(cx: Context, shape: MemoryShape, value: Atom, node: ts.Node): Atom {
  if (shape.kind !== "array") return value;
  if (shape.storage === "Float32Array") return apply(cx, ops.fround, [value], node);
  const range = ranges.get(shape.storage);
  if (range === undefined || value === poison) return value;
  if (value.kind === "literal" && isWithin(value.value, range)) return { ...value, type: int };
  const steps = conversions.get(shape.storage);
  if (steps === undefined) return refuseExpression(cx, node, `number that \`${shape.storage}\` would clamp`);
  return steps.reduce<Atom>((atom, [op, by]) => apply(cx, op, [atom, number(by)], node), value);
}

function isWithin(value: unknown, [low, high]: readonly [number, number]): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= low && value <= high;
}
