/**
 * Conditions that the code around has tested already: where `t` is known to hold, `if (t)` is its first arm. What a
 * method tests, its caller often has.
 */
import { blocksOf, forEachInstr, mapBlocks, substituteAtoms, substituteEnd } from "../ir/visit.js";
import type { Op } from "../ir/op.js";
import type { Apply, Atom, Block, Func, If, Instr, Literal, Value, ValueId } from "../ir/types.js";
import { and, copy, eq, ne, not, or } from "../ops/scalar.js";

export function decideImplied(func: Func): Func {
  return { ...func, body: new Deciding(func).block(func.body, nothingKnown) };
}

/** Atoms of which one at least is as it says. */
type Either = readonly (readonly [Atom, boolean])[];

interface Known {
  readonly truths: ReadonlyMap<ValueId, boolean>;
  readonly eithers: readonly Either[];
  /** Values that are known to be literals. */
  readonly literals: ReadonlyMap<ValueId, Literal>;
}

const nothingKnown: Known = { truths: new Map(), eithers: [], literals: new Map() };

class Deciding {
  readonly #made = new Map<ValueId, Apply>();
  readonly #replaced = new Map<ValueId, Atom>();

  constructor(func: Func) {
    forEachInstr(func.body, (instr) => {
      if (instr.kind === "apply") this.#made.set(instr.out.id, instr);
    });
  }

  block(block: Block, known: Known): Block {
    const instrs: Instr[] = [];
    let now = known;
    for (const each of block.instrs) {
      const instr = substituteAtoms(each, this.#resolve);
      if (instr.kind === "guard") {
        if (this.#truthOf(instr.test, now) === false) continue;
        instrs.push({ ...instr, body: this.block(instr.body, this.#assume(now, instr.test, true)) });
        now = this.#assume(now, instr.test, false);
      } else if (instr.kind === "if") {
        instrs.push(...this.#if(instr, now));
      } else if (blocksOf(instr).length > 0) {
        const within = now;
        instrs.push(mapBlocks(instr, (inner) => this.block(inner, within)));
      } else {
        instrs.push(instr);
      }
    }
    return { instrs, end: substituteEnd(block.end, this.#resolve) };
  }

  readonly #resolve = (atom: Atom): Atom =>
    atom.kind === "value" ? (this.#replaced.get(atom.id) ?? atom) : atom;

  #if(instr: If, known: Known): readonly Instr[] {
    const truth = this.#truthOf(instr.test, known);
    const taken = truth === null ? null : truth ? instr.consequent : instr.alternate;
    if (taken !== null && isReplaceable(instr, taken)) {
      const { instrs, end } = this.block(taken, known);
      const named = instr.outs.flatMap((out, i): Instr[] => {
        const atom = end.kind === "yield" ? end.values[i] : undefined;
        if (atom === undefined) return [];
        if (isNamed(out, atom)) return [{ kind: "apply", out, op: copy, args: [atom] }];
        this.#replaced.set(out.id, atom);
        return [];
      });
      return [...instrs, ...named];
    }
    const arm = (block: Block, outcome: boolean): Block =>
      this.block(block, this.#assume(known, instr.test, outcome));
    return [{ ...instr, consequent: arm(instr.consequent, true), alternate: arm(instr.alternate, false) }];
  }

  #truthOf(atom: Atom, known: Known): boolean | null {
    if (atom.kind === "literal") return null;
    const truth = known.truths.get(atom.id);
    if (truth !== undefined) return truth;
    const made = this.#made.get(atom.id);
    if (made === undefined) return null;
    const { op, args } = made;
    const asked = comparedIn(made);
    const literal = asked === null ? undefined : known.literals.get(asked.id);
    if (asked !== null && literal !== undefined)
      return (literal.value === asked.literal.value) === (op === eq);
    if (!isLogical(op)) return null;
    const [a, b] = args.map((arg) => this.#truthOf(arg, known));
    if (op === not) return a === undefined || a === null ? null : !a;
    if (a === (op === or) || b === (op === or)) return op === or;
    return a === null || b === null ? null : op === and;
  }

  #assume(known: Known, atom: Atom, outcome: boolean): Known {
    if (atom.kind === "literal" || known.truths.get(atom.id) === outcome) return known;
    const truths = new Map(known.truths).set(atom.id, outcome);
    const made = this.#made.get(atom.id);
    const { op, args } = made ?? { op: null, args: [] };
    const [a, b] = args;
    const found = made === undefined || outcome !== (op === eq) ? null : comparedIn(made);
    const literals = found === null ? known.literals : new Map(known.literals).set(found.id, found.literal);
    const now = this.#settle({ ...known, truths, literals });
    if (op === not && a !== undefined) return this.#assume(now, a, !outcome);
    if (a === undefined || b === undefined || (op !== or && op !== and)) return now;
    if (outcome === (op === and)) return this.#assume(this.#assume(now, a, outcome), b, outcome);
    const either: Either = [
      [a, outcome],
      [b, outcome],
    ];
    return this.#settle({ ...now, eithers: [...now.eithers, either] });
  }

  /** Where all but one have turned out otherwise, that one is so. */
  #settle(known: Known): Known {
    for (const either of known.eithers) {
      const open = either.filter(([atom, outcome]) => this.#truthOf(atom, known) !== !outcome);
      const [only] = open;
      if (open.length !== 1 || only === undefined || this.#truthOf(only[0], known) !== null) continue;
      const eithers = known.eithers.filter((each) => each !== either);
      return this.#assume({ ...known, eithers }, ...only);
    }
    return known;
  }
}

/** What `x === 1` and `x !== 1` compare. */
function comparedIn({ op, args }: Apply): { readonly id: ValueId; readonly literal: Literal } | null {
  const [asked, literal] = args;
  if ((op !== eq && op !== ne) || asked?.kind !== "value" || literal?.kind !== "literal") return null;
  return { id: asked.id, literal };
}

function isLogical(op: Op): boolean {
  return op === not || op === and || op === or;
}

/** What the arm gives is as good as what the `if` gives. */
function isReplaceable({ outs }: If, { end }: Block): boolean {
  return end.kind === "yield" && outs.every(({ type }, i) => end.values[i]?.type.kind === type.kind);
}

/** A name that its value has not got yet. */
function isNamed({ hint, type }: Value, atom: Atom): boolean {
  if (hint === null || type.kind === "ref" || type.kind === "maybe") return false;
  return atom.kind === "literal" || atom.hint === null;
}
