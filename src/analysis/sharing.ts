/** Whether a function may put one object that it makes into two places. */
import { regionOf } from "../ir/places.js";
import { endAtoms } from "../ir/visit.js";
import type { Atom, Block, Call, Func, If, Init, Instr, Loop, RegionId, ValueId } from "../ir/types.js";

/** False if each reference goes to one place at most. Not asked about is memory of others, `outer`. */
export function sharesObjects(func: Func, outer: ReadonlySet<RegionId>): boolean {
  return new Places(func.name, outer, new Set()).isSharedIn(func.body, new Set());
}

class Places {
  readonly #name: string;
  readonly #outer: ReadonlySet<RegionId>;
  /** What lies somewhere already. */
  readonly #placed: Set<ValueId>;

  constructor(name: string, outer: ReadonlySet<RegionId>, placed: Set<ValueId>) {
    this.#name = name;
    this.#outer = outer;
    this.#placed = placed;
  }

  /** `near`: what is another object in each iteration of the loops around. */
  isSharedIn(block: Block, near: Set<ValueId>): boolean {
    return (
      block.instrs.some((instr) => this.#isSharedBy(instr, near)) ||
      endAtoms(block.end).some((atom) => this.#isSecond(atom, near))
    );
  }

  #isSharedBy(instr: Instr, near: Set<ValueId>): boolean {
    switch (instr.kind) {
      case "load":
        // It stays where it is read.
        this.#placed.add(instr.out.id);
        near.add(instr.out.id);
        return false;
      case "pop":
        near.add(instr.out.id);
        return false;
      case "store":
      case "push":
        return this.#isSecond(instr.value, near);
      case "alloc":
        near.add(instr.out.id);
        return this.#isSharedInside(instr.init, near);
      case "apply":
        near.add(instr.out.id);
        return regionOf(instr.out) !== null && instr.args.some((atom) => this.#isSecond(atom, near));
      case "call":
        for (const out of instr.outs) near.add(out.id);
        return this.#isOfOther(instr) || instr.args.some((atom) => this.#isSecond(atom, near));
      case "if":
        return this.#isSharedByIf(instr, near);
      case "loop":
        return this.#isSharedByLoop(instr, near);
      case "guard":
        return new Places(this.#name, this.#outer, new Set(this.#placed)).isSharedIn(
          instr.body,
          new Set(near),
        );
      case "order":
        return false;
      case "foreign":
      case "lambda":
        return true;
    }
  }

  /** What another function makes may be shared in it. */
  #isOfOther({ callee, outs }: Call): boolean {
    const isItself = callee.kind === "function" && callee.name === this.#name;
    return !isItself && outs.some((out) => regionOf(out) !== null);
  }

  #isSharedInside(init: Init, near: ReadonlySet<ValueId>): boolean {
    switch (init.kind) {
      case "object":
        return init.entries.some(({ value }) => this.#isSecond(value, near));
      case "elements":
        return init.elements.some((atom) => this.#isSecond(atom, near));
      case "filled":
        return regionOf(init.value) !== null;
      case "zeros":
      case "tape":
      case "listing":
        return false;
      case "slice":
      case "view":
      case "clone":
      case "closed":
        return true;
    }
  }

  /** One arm runs, or the other. */
  #isSharedByIf({ consequent, alternate, outs }: If, near: Set<ValueId>): boolean {
    const first = new Places(this.#name, this.#outer, new Set(this.#placed));
    const second = new Places(this.#name, this.#outer, new Set(this.#placed));
    const found = first.isSharedIn(consequent, new Set(near)) || second.isSharedIn(alternate, new Set(near));
    for (const arm of [first, second]) for (const id of arm.#placed) this.#placed.add(id);
    for (const out of outs) near.add(out.id);
    return found;
  }

  #isSharedByLoop({ carried, body }: Loop, near: Set<ValueId>): boolean {
    const isTaken = carried.some(({ init }) => this.#isSecond(init, near));
    const found = this.isSharedIn(body, new Set(carried.map(({ param }) => param.id)));
    for (const { out } of carried) near.add(out.id);
    return isTaken || found;
  }

  /** The reference goes to a second place by this, or to one in each iteration. */
  #isSecond(atom: Atom, near: ReadonlySet<ValueId>): boolean {
    const region = regionOf(atom);
    if (atom.kind !== "value" || region === null || this.#outer.has(region)) return false;
    if (this.#placed.has(atom.id) || !near.has(atom.id)) return true;
    this.#placed.add(atom.id);
    return false;
  }
}
