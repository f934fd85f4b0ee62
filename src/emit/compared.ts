/** Constants to which TypeScript would give the types of the literals they hold, and then refuse to compare with others. */
import { forEachInstr } from "../ir/visit.js";
import type { Atom, Func, Instr, ValueId } from "../ir/types.js";
import { eq, ne, select } from "../ops/scalar.js";
import type { Variables } from "./variables.js";

/** What variables are compared with. */
export type Compared = ReadonlyMap<ValueId, ReadonlySet<unknown>>;

export function findCompared(func: Func, variables: Variables): Compared {
  const found = new Map<ValueId, Set<unknown>>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "apply" || (instr.op !== eq && instr.op !== ne)) return;
    const literal = instr.args.find((arg) => arg.kind === "literal");
    const value = instr.args.find((arg) => arg.kind === "value");
    if (literal === undefined || value === undefined) return;
    const root = variables.of(value.id);
    found.set(root, (found.get(root) ?? new Set()).add(literal.value));
  });
  return found;
}

/** True for `k === "a" ? 1 : 0` and `"low"`, where that is compared with something else. */
export function isNarrow(instr: Instr, against: ReadonlySet<unknown> | undefined): boolean {
  if (against === undefined) return false;
  const parts = partsOf(instr).map((atom) => (atom.kind === "literal" ? atom.value : null));
  if (parts.length === 0 || !parts.every((value) => typeof value === "number" || typeof value === "string"))
    return false;
  return [...against].some((value) => !parts.some((part) => part === value));
}

/** What the value may be. */
function partsOf(instr: Instr): readonly Atom[] {
  if (instr.kind === "if")
    return [instr.consequent, instr.alternate].flatMap(({ end }) => (end.kind === "yield" ? end.values : []));
  if (instr.kind !== "apply") return [];
  if (instr.op === select) return instr.args.slice(1);
  return instr.op.spelling.kind === "identity" ? instr.args : [];
}
