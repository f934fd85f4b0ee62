/**
 * Where cotangents gather. A slot stands for one thing that has a cotangent: a value, or a cell of a parameter. Each
 * block of the reverse sweep has a ledger of slots; an arm's ledger reads through to the one around it, and what it
 * leaves behind is merged there when both arms are done. The ledger of a reversed loop carries what the loop adds to
 * slots outside of it.
 */
import { type Site, isWithin } from "../analysis/definitions.js";
import { type Builder, type Origin, number, real, suggested } from "../ir/builder.js";
import type { Atom, Carried, Hint, Statement, Value } from "../ir/types.js";
import { type Term, asAtom, fromAtom, isZero } from "./terms.js";
import { accumulate, write } from "./write.js";

export interface Slot {
  readonly key: string;
  /** Null for an unnamed value: its cotangent stays symbolic until its definition is reversed. */
  readonly hint: Hint | null;
  /** A name for the cotangent of an unnamed value, where it has to be bound after all. */
  readonly temporary?: Hint | null;
  /** The block of the forward sweep that defines the value; null for parameters and their cells. */
  readonly home: Site | null;
}

interface Contribution {
  readonly term: Term;
  /** Position of the use in the primal: contributions are written in the order of the user's line. */
  readonly order: number;
  readonly statement: Statement | null;
  /** The seed: not worth a line of its own. */
  readonly seed: boolean;
}

interface Account {
  readonly slot: Slot;
  /** What has been written down so far. */
  bound: Atom | null;
  /** What has been written down, where it is a constant. */
  constant: Term | null;
  pending: Contribution[];
}

/** A slot outside of a loop to which an iteration adds. */
interface Passage {
  readonly slot: Slot;
  readonly param: Value;
  readonly init: Atom;
  /** The loop begins with what the ledger around it holds. */
  readonly continues: boolean;
}

export class Ledger {
  readonly #builder: Builder;
  readonly #parent: Ledger | null;
  /** The body of the loop that is reversed with this ledger; null for an arm and for the function. */
  readonly #loop: Site | null;
  readonly #fused: boolean;
  readonly #accounts = new Map<string, Account>();
  readonly #passages: Passage[] = [];
  /** Accounts of named slots that have something to write down. */
  #dirty = new Set<Account>();

  /** `fused`: the loop runs forward, and the code that opens this ledger comes behind it. */
  constructor(builder: Builder, parent: Ledger | null, loop: Site | null = null, fused = false) {
    this.#builder = builder;
    this.#parent = parent;
    this.#loop = loop;
    this.#fused = fused;
  }

  contribute(slot: Slot, term: Term, order: number, statement: Statement | null, seed = false): void {
    if (isZero(term)) return;
    const account = this.#open(slot);
    account.pending.push({ term, order, statement, seed });
    if (account.slot.hint !== null && !seed) this.#dirty.add(account);
  }

  /** Writes down what named slots have received, in the order of the user's line. */
  flush(): void {
    const accounts = [...this.#dirty].sort((a, b) => firstOrder(a) - firstOrder(b));
    for (const account of accounts) this.#write(account);
    this.#dirty = new Set();
  }

  /**
   * The whole cotangent of a slot, which is closed: its definition is being reversed. A constant other than 1 and -1
   * keeps the name under which it was written down, unless `asConstant` asks for it itself.
   */
  take(slot: Slot, asConstant = false): readonly Term[] {
    const account = this.#accounts.get(slot.key);
    if (account === undefined) return [];
    if (this.#dirty.delete(account)) this.#write(account);
    this.#accounts.delete(slot.key);
    const bound = account.bound === null ? [] : [boundTerm(account.bound, account.constant, asConstant)];
    return [...bound, ...account.pending.map((contribution) => contribution.term)];
  }

  /** What has been written down for the slot, here or in a ledger around this one. */
  current(slot: Slot): Atom | null {
    const account = this.#accounts.get(slot.key);
    if (account !== undefined) return account.bound;
    if (this.#passes(slot)) return this.#open(slot).bound;
    return this.#parent?.current(slot) ?? null;
  }

  /** Replaces what has been written down, by the result of an `if` or a loop that added to it. */
  rebind(slot: Slot, atom: Atom): void {
    const account = this.#open(slot);
    account.bound = atom;
    account.constant = null;
  }

  /** The slots still open; in an arm's ledger after its reversal, those that belong to the code around it. */
  open(): readonly Slot[] {
    return [...this.#accounts.values()].map((account) => account.slot);
  }

  /** The slot's cotangent at the end of an arm, as one atom; null where the arm adds nothing. */
  settle(key: string, origin: Origin): Atom | null {
    const account = this.#accounts.get(key);
    if (account === undefined) return null;
    const [only, ...more] = account.pending;
    const atom = only === undefined ? null : asAtom(only.term);
    if (account.bound === null && atom !== null && more.length === 0 && only?.seed === true) {
      account.bound = atom;
      account.pending = [];
    }
    if (account.pending.length > 0) this.#write(account, origin);
    this.#dirty.delete(account);
    return account.bound;
  }

  /** What the loop carries for slots outside of it, with what an iteration leaves; `finish` takes what the loop leaves. */
  passages(): readonly { readonly carried: Carried; readonly yielded: Atom; readonly finish: () => void }[] {
    return this.#passages.map(({ slot, param, init, continues }) => {
      const out = this.#builder.value(real, { hint: param.hint, sweep: "backward" });
      const finish = (): void => {
        if (!continues && (slot.hint === null || this.#parent?.current(slot) !== null))
          this.#parent?.contribute(slot, fromAtom(out, 3), 0, null);
        else this.#parent?.rebind(slot, out);
      };
      return { carried: { param, init, out }, yielded: this.settle(slot.key, {}) ?? param, finish };
    });
  }

  #passes(slot: Slot): boolean {
    return this.#loop !== null && (slot.home === null || !isWithin(slot.home, this.#loop));
  }

  #open(slot: Slot): Account {
    const known = this.#accounts.get(slot.key);
    if (known !== undefined) return known;
    const account = this.#passes(slot)
      ? this.#pass(slot)
      : {
          slot,
          bound: slot.hint === null ? null : this.current(slot),
          constant: null,
          pending: [],
        };
    this.#accounts.set(slot.key, account);
    return account;
  }

  #pass(slot: Slot): Account {
    const hint = slot.hint ?? slot.temporary ?? suggested("dsum");
    const before = slot.hint === null ? null : this.#held(slot);
    const param = this.#builder.value(real, { hint, sweep: "backward" });
    this.#passages.push({ slot, param, init: before ?? number(0), continues: before !== null });
    return { slot: { ...slot, hint }, bound: param, constant: null, pending: [] };
  }

  /** What the ledger around this one holds of a slot where the loop begins; null where nothing is known of it there. */
  #held(slot: Slot): Atom | null {
    const parent = this.#parent;
    if (!this.#fused || parent === null) return parent?.current(slot) ?? null;
    // Behind a fused loop the iteration around it may have added to the slot already.
    const param = parent.#passes(slot) && parent.#fused ? parent.current(slot) : null;
    const account = parent.#accounts.get(slot.key);
    const isUntouched = parent.#passages.some((one) => one.param === param) && account?.pending.length === 0;
    return isUntouched ? param : null;
  }

  #write(account: Account, given: Origin = {}): void {
    const pending = [...account.pending].sort((a, b) => a.order - b.order);
    const terms = pending.map((contribution) => contribution.term);
    const statement =
      pending.find((contribution) => !contribution.seed)?.statement ?? pending[0]?.statement ?? null;
    const origin: Origin = { statement, ...given, hint: account.slot.hint, sweep: "backward" };
    account.pending = [];
    const [only, ...more] = terms;
    account.constant =
      account.bound === null && only !== undefined && more.length === 0 && isConstant(only) ? only : null;
    account.bound =
      account.bound === null
        ? write(this.#builder, terms, origin)
        : accumulate(this.#builder, account.bound, terms, origin);
  }
}

function firstOrder(account: Account): number {
  return Math.min(...account.pending.map((contribution) => contribution.order));
}

function boundTerm(atom: Atom, constant: Term | null, asConstant: boolean): Term {
  const isUnit = constant?.factors.length === 0 && Math.abs(constant.coefficient) === 1;
  if (constant !== null && (asConstant || isUnit)) return constant;
  const term = fromAtom(atom, 3);
  return { ...term, factors: term.factors.map((factor) => ({ ...factor, nonzero: constant !== null })) };
}

function isConstant(term: Term): boolean {
  const atoms = [...term.factors.map((factor) => factor.atom), ...term.divisors];
  return term.masks.length === 0 && atoms.every((atom) => atom.kind === "literal");
}
