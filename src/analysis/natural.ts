/** Numbers that are never negative: lengths, indices that count up, sums and products of such. */
import type { Atom, Instr, ValueId } from "../ir/types.js";
import { isLength } from "../ir/places.js";
import { add, mul } from "../ops/scalar.js";

/** `definedBy` gives what defines a value. */
export function isNatural(atom: Atom, definedBy: (id: ValueId) => Instr | null | undefined): boolean {
  if (atom.kind === "literal") return Number(atom.value) >= 0;
  const instr = definedBy(atom.id);
  switch (instr?.kind) {
    case "load":
      return isLength(instr.place);
    case "apply":
      return (instr.op === add || instr.op === mul) && instr.args.every((arg) => isNatural(arg, definedBy));
    case "loop": {
      const { head } = instr;
      return (
        head.kind === "counted" &&
        head.index.id === atom.id &&
        head.step > 0 &&
        isNatural(head.from, definedBy)
      );
    }
    default:
      return false;
  }
}
