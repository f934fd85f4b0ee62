/** The partials of one application of an operation, its literal arguments handed to the formula as literals. */
import type { Formula, FormulaArg } from "../ir/op.js";
import type { Apply, Atom, ValueId } from "../ir/types.js";

/** One formula per argument; null where the operation has no derivative. `curved` tells which arguments are so. */
export function partialsOf(
  instr: Apply,
  curved: ReadonlySet<ValueId> = new Set(),
): readonly Formula[] | null {
  const args = instr.args.map((atom, index) => argumentOf(atom, index, curved));
  return instr.op.partials?.(args, { kind: "result", named: instr.out.hint?.declared === true }) ?? null;
}

/** A partial that lets nothing through, whatever the values are. */
export function isFlatZero(formula: Formula): boolean {
  return formula.kind === "literal" && formula.value === 0;
}

function argumentOf(atom: Atom, index: number, curved: ReadonlySet<ValueId>): FormulaArg {
  if (atom.kind === "literal" && (typeof atom.value === "number" || typeof atom.value === "boolean")) {
    return { kind: "literal", value: atom.value, spelling: atom.spelling };
  }
  return { kind: "arg", index, curved: atom.kind === "value" && curved.has(atom.id) };
}
