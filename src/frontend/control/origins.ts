/** What values were computed from, within one function. */
import { atomsOf, blocksOf, endAtoms, forEachInstr, handedOn, outsOf, paramsOf } from "../../ir/visit.js";
import { copy, narrow } from "../../ops/scalar.js";
import type { Atom, Block, Instr, Load, Place, ValueId } from "../../ir/types.js";

export class Origins {
  readonly #makers = new Map<ValueId, Instr>();
  readonly #bound = new Set<ValueId>();
  readonly #sources = new Map<ValueId, Atom[]>();

  constructor(body: Block) {
    forEachInstr(body, (instr) => {
      for (const out of outsOf(instr)) this.#makers.set(out.id, instr);
      for (const { id } of paramsOf(instr)) this.#bound.add(id);
      if (instr.kind !== "if" && instr.kind !== "loop") return;
      const tests =
        instr.kind === "if" ? [instr.test] : blocksOf(instr).flatMap(({ end }) => endAtoms(end).slice(0, 1));
      for (const [from, { id }] of handedOn(instr))
        this.#sources.set(id, [...(this.#sources.get(id) ?? tests), from]);
    });
  }

  /** One of the loads that the value was computed from is as wanted. */
  comesFrom(atom: Atom, wanted: (load: Load) => boolean): boolean {
    return this.#some(atom, (_, maker) => maker?.kind === "load" && wanted(maker));
  }

  /** It is the same whatever the function is called with, but for the memory that `known` leads to. */
  isAlways(atom: Atom, known: ReadonlySet<ValueId>): boolean {
    return !this.#some(atom, (id, maker) => {
      if (known.has(id)) return false;
      if (maker?.kind === "alloc" || maker?.kind === "foreign" || maker?.kind === "pop") return true;
      return maker === undefined && !this.#sources.has(id);
    });
  }

  #some(start: Atom, test: (id: ValueId, maker: Instr | undefined) => boolean): boolean {
    const seen = new Set<ValueId>();
    const open = [start];
    for (let atom = open.pop(); atom !== undefined; atom = open.pop()) {
      if (atom.kind !== "value" || seen.has(atom.id)) continue;
      seen.add(atom.id);
      const maker = this.#makers.get(atom.id);
      if (test(atom.id, maker)) return true;
      const isJoin = maker?.kind === "if" || maker?.kind === "loop";
      open.push(
        ...(this.#sources.get(atom.id) ?? []),
        ...(maker === undefined || isJoin ? [] : atomsOf(maker)),
      );
    }
    return false;
  }

  /** It is computed in the function, or goes round a loop of it. */
  isMade(atom: Atom): boolean {
    return atom.kind === "value" && (this.#makers.has(atom.id) || this.#bound.has(atom.id));
  }

  /** What the value is one of, and what decides which. */
  choiceOf(atom: Atom): { readonly test: Atom; readonly arms: readonly Atom[] } | null {
    const maker = atom.kind === "value" ? this.#makers.get(atom.id) : undefined;
    if (atom.kind !== "value" || maker?.kind !== "if") return null;
    const arms = [...handedOn(maker)].flatMap(([from, { id }]) => (id === atom.id ? [from] : []));
    return { test: maker.test, arms };
  }

  /** The value is what such a load gives, or nothing. */
  isItself(atom: Atom, wanted: (load: Load) => boolean): boolean {
    if (atom.kind === "literal") return atom.type.kind === "nothing";
    const maker = this.#makers.get(atom.id);
    if (maker?.kind === "load") return wanted(maker);
    if (maker?.kind === "apply") {
      const [source] = maker.op === narrow || maker.op === copy ? maker.args : [];
      return source !== undefined && this.isItself(source, wanted);
    }
    return this.choiceOf(atom)?.arms.every((arm) => this.isItself(arm, wanted)) ?? false;
  }

  isSamePlace(a: Place, b: Place): boolean {
    if (!this.#isSame(a.ref, b.ref)) return false;
    if (a.step.kind === "field" || b.step.kind === "field")
      return a.step.kind === "field" && b.step.kind === "field" && a.step.name === b.step.name;
    return this.#isSame(a.step.index, b.step.index);
  }

  /** Both are computed in the same way from the same. */
  #isSame(a: Atom, b: Atom): boolean {
    if (a.kind === "literal" || b.kind === "literal")
      return a.kind === "literal" && b.kind === "literal" && a.value === b.value;
    if (a.id === b.id) return true;
    const [one, other] = [this.#makers.get(a.id), this.#makers.get(b.id)];
    if (one?.kind === "load" && other?.kind === "load") return this.isSamePlace(one.place, other.place);
    if (one?.kind !== "apply" || other?.kind !== "apply" || one.op !== other.op || one.op.impure)
      return false;
    return (
      one.args.length === other.args.length &&
      one.args.every((arg, i) => this.#isSame(arg, other.args[i] ?? arg))
    );
  }
}
