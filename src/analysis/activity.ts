/**
 * Which values vary: carry a derivative with respect to the differentiated parameters. Whether they also reach the
 * result needs no analysis of its own: the reverse sweep meets only those that do.
 */
import type { Atom, Block, Func, Instr, Type, ValueId } from "../ir/types.js";
import { isFlatZero, partialsOf } from "../ops/partials.js";

/** Ids of all varied values; references count as varied where what they point to does. */
export function findVaried(func: Func): ReadonlySet<ValueId> {
  const varied = new Set<ValueId>();
  for (const param of func.params) if (param.wrt) varied.add(param.value.id);
  visit(func.body, varied);
  return varied;
}

export function isVaried(atom: Atom, varied: ReadonlySet<ValueId>): boolean {
  return atom.kind === "value" && varied.has(atom.id);
}

function visit(block: Block, varied: Set<ValueId>): void {
  for (const instr of block.instrs) visitInstr(instr, varied);
}

function visitInstr(instr: Instr, varied: Set<ValueId>): void {
  switch (instr.kind) {
    case "apply": {
      if (!carries(instr.out.type) || !instr.args.some((arg) => isVaried(arg, varied))) return;
      const partials = partialsOf(instr);
      const flows = instr.args.some((arg, i) => {
        const partial = partials?.[i];
        return partial !== undefined && isVaried(arg, varied) && !isFlatZero(partial);
      });
      if (flows) varied.add(instr.out.id);
      return;
    }
    case "load":
      if (carries(instr.out.type) && varied.has(instr.place.ref.id)) varied.add(instr.out.id);
      return;
    case "alloc":
      if (allocated(instr.init).some((atom) => isVaried(atom, varied))) varied.add(instr.out.id);
      return;
    case "store":
      if (isVaried(instr.value, varied)) varied.add(instr.place.ref.id);
      return;
    case "if":
      visit(instr.consequent, varied);
      visit(instr.alternate, varied);
      instr.outs.forEach((out, index) => {
        const arms = [instr.consequent, instr.alternate];
        const yields = arms.map((arm) => (arm.end.kind === "yield" ? arm.end.values[index] : undefined));
        if (yields.some((atom) => atom !== undefined && isVaried(atom, varied))) varied.add(out.id);
      });
      return;
    case "guard":
      visit(instr.body, varied);
      return;
  }
}

function allocated(init: Extract<Instr, { kind: "alloc" }>["init"]): readonly Atom[] {
  switch (init.kind) {
    case "object":
      return init.entries.map((entry) => entry.value);
    case "elements":
      return init.elements;
    case "zeros":
      return [];
  }
}

/** A value of this type can carry a derivative, or point to something that does. */
function carries(type: Type): boolean {
  if (type.kind === "maybe") return carries(type.type);
  return type.kind === "real" || type.kind === "ref";
}
