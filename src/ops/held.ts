/** Whether one object lies in several places of what is given. */
import type { HeldList, HeldStep } from "../ir/op.js";
import type { OpEntry } from "./entry.js";
import { predicate } from "./op.js";

/** True where one of the references that are written to is among the others, too; what is missing is no object. */
export function heldTwice(lists: readonly HeldList[]): OpEntry {
  const evaluate = (...args: readonly unknown[]): boolean => {
    const heldBy = (each: readonly HeldList[]): readonly unknown[] =>
      each.flatMap(({ arg, steps }) => found(args[arg], steps));
    const written = heldBy(lists.filter(({ isWritten }) => isWritten));
    const others = new Set(heldBy(lists.filter(({ isWritten }) => !isWritten)));
    return new Set(written).size < written.length || written.some((each) => others.has(each));
  };
  return predicate("heldTwice", null, evaluate, {
    spelling: { kind: "held", lists },
    reads: true,
    cheap: false,
  });
}

function found(value: unknown, steps: readonly HeldStep[]): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  if (step.kind === "field") return found((value as Record<string, unknown>)[step.name], rest);
  const cells = value instanceof Map ? value.values() : Object.values(value);
  return [...(cells as Iterable<unknown>)].flatMap((cell) => found(cell, rest));
}
