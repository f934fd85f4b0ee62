/**
 * What an `if` gives and is then taken to be there, is taken so in its arms: `test ? a! : 1` rather than
 * `(test ? a : 1)!`. An arm may give what needs no such assertion.
 */
import { Builder } from "../ir/builder.js";
import { countUses, lastId, lastRegion, mapBlocks } from "../ir/visit.js";
import type { Apply, Atom, Block, Func, If, Instr, Type, Value, ValueId } from "../ir/types.js";
import { narrow } from "../ops/scalar.js";

export function narrowInArms(func: Func): Func {
  const builder = new Builder(lastId(func) + 1, lastRegion(func) + 1);
  const uses = countUses(func.body);
  return { ...func, body: visit(func.body) };

  function visit(block: Block): Block {
    const narrowings = new Map<ValueId, Apply>();
    for (const instr of block.instrs) {
      const [of] = instr.kind === "apply" && instr.op === narrow ? instr.args : [];
      if (
        instr.kind === "apply" &&
        of?.kind === "value" &&
        uses.get(of.id) === 1 &&
        instr.out.type.kind !== "maybe"
      )
        narrowings.set(of.id, instr);
    }
    const gone = new Set<Instr>();
    const instrs: Instr[] = [];
    for (const instr of block.instrs) {
      if (gone.has(instr)) continue;
      const inner = mapBlocks(instr, visit);
      instrs.push(inner.kind === "if" ? narrowed(inner, narrowings, gone) : inner);
    }
    return { ...block, instrs };
  }

  function narrowed(instr: If, narrowings: ReadonlyMap<ValueId, Apply>, gone: Set<Instr>): If {
    const arms: readonly [Instr[], Instr[]] = [[...instr.consequent.instrs], [...instr.alternate.instrs]];
    const [a, b] = [instr.consequent.end, instr.alternate.end];
    if (a.kind !== "yield" || b.kind !== "yield") return instr;
    const yields: readonly [Atom[], Atom[]] = [[...a.values], [...b.values]];
    const outs = instr.outs.map((out, index): Value => {
      const narrowing = narrowings.get(out.id);
      // A variable of the user's keeps its own line.
      const isNamed = out.hint?.declared === true;
      if (narrowing === undefined || isNamed || !yields.every((values) => isThere(values[index]))) return out;
      gone.add(narrowing);
      yields.forEach((values, side) => {
        const atom = values[index];
        if (atom?.type.kind === "maybe") values[index] = asserted(atom, atom.type.type, arms[side] ?? []);
      });
      return narrowing.out;
    });
    return {
      ...instr,
      outs,
      consequent: { instrs: arms[0], end: { ...a, values: yields[0] } },
      alternate: { instrs: arms[1], end: { ...b, values: yields[1] } },
    };
  }

  function asserted(atom: Atom, type: Type, instrs: Instr[]): Value {
    const { statement, span } = atom.kind === "value" ? atom : { statement: null, span: null };
    const out = builder.value(type, { statement, span });
    instrs.push({ kind: "apply", out, op: narrow, args: [atom] });
    return out;
  }
}

/** Nothing can stand for what is not there. */
function isThere(atom: Atom | undefined): boolean {
  return atom !== undefined && atom.type.kind !== "nothing";
}
