/**
 * What an `if` has given as one of two literals is asked for by its own test: `(flag ? "a" : "b") === "a"` is `flag`.
 * Words that are asked for more than once read better than a test that has no name.
 */
import { boolean } from "../ir/builder.js";
import { countUses, mapBlocks, substituteAtoms, substituteEnd } from "../ir/visit.js";
import type { Apply, Atom, Block, Func, If, Instr, Literal, ValueId } from "../ir/types.js";
import { copy, eq, ne, not } from "../ops/scalar.js";

/** What stands for one of two literals. */
interface Choice {
  readonly test: Atom;
  readonly yes: Literal;
  readonly no: Literal;
}

export function askOutcomes(func: Func): Func {
  const choices = new Map<ValueId, Choice>();
  const known = new Map<ValueId, Atom>();
  const uses = countUses(func.body);
  const resolve = (atom: Atom): Atom => (atom.kind === "value" ? (known.get(atom.id) ?? atom) : atom);
  return { ...func, body: visit(func.body) };

  function visit(block: Block): Block {
    const instrs = block.instrs.flatMap((original): Instr[] => {
      const instr = substituteAtoms(original, resolve);
      if (instr.kind === "if") noteChoices(instr);
      const asked = instr.kind === "apply" ? answer(instr) : instr;
      return asked === null ? [] : [mapBlocks(asked, visit)];
    });
    return { instrs, end: substituteEnd(block.end, resolve) };
  }

  function noteChoices({ test, outs, consequent, alternate }: If): void {
    if (consequent.end.kind !== "yield" || alternate.end.kind !== "yield") return;
    for (const [i, out] of outs.entries()) {
      const [yes, no] = [consequent.end.values[i], alternate.end.values[i]];
      const isNamed = test.kind === "value" && test.hint?.declared === true;
      if (!isNamed && uses.get(out.id) !== 1) continue;
      if (yes?.kind !== "literal" || no?.kind !== "literal" || yes.value === no.value) continue;
      choices.set(out.id, { test, yes, no });
    }
  }

  /** Null where the value that is asked for has a name already. */
  function answer(instr: Apply): Apply | null {
    if (instr.op !== eq && instr.op !== ne) return instr;
    const [asked, literal] = instr.args;
    const choice = asked?.kind === "value" ? choices.get(asked.id) : undefined;
    if (choice === undefined || literal?.kind !== "literal") return instr;
    const isYes = choice.yes.value === literal.value;
    if (!isYes && choice.no.value !== literal.value) return give(instr, boolean(instr.op === ne));
    return isYes === (instr.op === eq)
      ? give(instr, choice.test)
      : { ...instr, op: not, args: [choice.test] };
  }

  function give(instr: Apply, atom: Atom): Apply | null {
    if (instr.out.hint?.declared === true) return { ...instr, op: copy, args: [atom] };
    known.set(instr.out.id, atom);
    return null;
  }
}
