/** What the arms of a conditional tell of functions and lists that have to lie in memory. */
import type { Atom, Instr } from "../../ir/types.js";
import type { Context } from "../context.js";
import { isFollowed } from "../functions/functions.js";
import { functionsOf } from "../functions/kept-calls.js";
import { type Bound, type Variable, isAtom } from "../scope.js";
import { keepList } from "../types/widening.js";

/** What is a function in one arm, and out of memory in the other, is what stands for it there from the next attempt on. */
export function keepBoth(cx: Context, { resultOf, symbol }: Variable, arms: readonly Bound[]): void {
  const kept = resultOf ?? symbol;
  if (kept !== undefined && areMixed(arms)) cx.unit.records.keepVariable(kept);
}

/** A list beside an array in memory, or beside nothing, lies in memory too. */
export function keepLists(cx: Context, arms: readonly Bound[]): void {
  if (arms.some((each) => isAtom(each))) for (const each of arms) keepList(cx, each);
}

/** A function that is known, and one out of memory. */
export function areMixed(arms: readonly Bound[]): boolean {
  return arms.some((each) => functionsOf(each) !== null) && arms.some(isFollowed);
}

/** It was made at the end of the arm, so that nothing has been put into it. */
export function isEmptyArray(last: Instr | undefined, array: Atom): boolean {
  if (last?.kind !== "alloc" || last.out !== array || last.init.kind !== "elements") return false;
  return (
    last.out.type.kind === "ref" && last.out.type.shape.kind === "array" && last.init.elements.length === 0
  );
}
