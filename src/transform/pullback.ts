/** Partial derivatives as terms: a formula of the op table with the values of one application put in. */
import type { Definitions } from "../analysis/definitions.js";
import { type Builder, type Origin, number } from "../ir/builder.js";
import type { Formula } from "../ir/op.js";
import type { Apply, Atom, Value } from "../ir/types.js";
import { div, mul, neg, select } from "../ops/scalar.js";
import { isFlatZero } from "../ops/partials.js";
import type { Recovery } from "./recovery.js";
import { type Rank, type Term, divide, fromAtom, masked, multiply, negate, one } from "./terms.js";

/** Products with more factors than this are not taken apart: their value is reused. */
const mostFactors = 3;

export class Pullback {
  readonly #builder: Builder;
  readonly #definitions: Definitions;
  readonly #recovery: Recovery;

  constructor(builder: Builder, definitions: Definitions, recovery: Recovery) {
    this.#builder = builder;
    this.#definitions = definitions;
    this.#recovery = recovery;
  }

  /** The partial as a term, its instructions emitted at the current place. */
  term(formula: Formula, instr: Apply, origin: Origin): Term {
    // What the user multiplies by comes before the slopes that differentiation brings in.
    return this.#term(formula, instr, origin, formula.kind === "arg" ? 1 : 2);
  }

  #term(formula: Formula, instr: Apply, origin: Origin, rank: Rank): Term {
    switch (formula.kind) {
      case "literal":
        return fromAtom(literalAtom(formula), 0);
      case "arg": {
        const atom = instr.args[formula.index];
        return atom === undefined ? one : this.decompose(atom, rank);
      }
      case "result":
        return fromAtom(this.#recovery.value(instr.out), rank);
      case "apply":
        return (
          this.#applied(formula, instr, origin, rank) ?? fromAtom(this.#atom(formula, instr, origin), rank)
        );
    }
  }

  #applied(
    formula: Extract<Formula, { kind: "apply" }>,
    instr: Apply,
    origin: Origin,
    rank: Rank,
  ): Term | null {
    const [a, b, c] = formula.args;
    if (a === undefined) return null;
    const term = (part: Formula): Term => this.#term(part, instr, origin, rank);
    if (formula.op === neg) return negate(term(a));
    if (b === undefined) return null;
    if (formula.op === mul) return multiply(term(a), term(b));
    if (formula.op === div) return divide(term(a), term(b));
    if (formula.op === select && c !== undefined) {
      const keepsAway = instr.op.singular !== "none";
      if (isFlatZero(c)) return masked(term(b), this.#atom(a, instr, origin), true, keepsAway);
      if (isFlatZero(b)) return masked(term(c), this.#atom(a, instr, origin), false, keepsAway);
    }
    return null;
  }

  #atom(formula: Formula, instr: Apply, origin: Origin): Atom {
    switch (formula.kind) {
      case "literal":
        return literalAtom(formula);
      case "arg": {
        const atom = instr.args[formula.index];
        return atom === undefined ? number(0) : this.#recovery.atom(atom);
      }
      case "result":
        return this.#recovery.value(instr.out);
      case "apply": {
        const args = formula.args.map((part) => this.#atom(part, instr, origin));
        return this.#builder.apply(formula.op, args, { ...origin, hint: null });
      }
    }
  }

  /** Small unnamed products are taken apart, so that `0.5 * r` meets the 0.5 and the r of its neighbours. */
  decompose(atom: Atom, rank: Rank): Term {
    const product = atom.kind === "value" ? this.#product(atom, rank) : null;
    if (product !== null && product.factors.length <= mostFactors) {
      return {
        ...product,
        factors: product.factors.map((factor) => ({ ...factor, atom: this.#recovery.atom(factor.atom) })),
      };
    }
    return fromAtom(this.#recovery.atom(atom), rank);
  }

  #product(value: Value, rank: Rank): Term | null {
    const instr = this.#definitions.of.get(value.id)?.instr;
    if (instr?.kind !== "apply" || value.hint?.declared === true) return null;
    const [a, b] = instr.args;
    if (instr.op === neg && a !== undefined) return negate(this.#part(a, rank));
    if (instr.op === mul && a !== undefined && b !== undefined) {
      return multiply(this.#part(a, rank), this.#part(b, rank));
    }
    return null;
  }

  #part(atom: Atom, rank: Rank): Term {
    const product = atom.kind === "value" ? this.#product(atom, rank) : null;
    return product ?? fromAtom(atom, rank);
  }
}

function literalAtom(formula: Extract<Formula, { kind: "literal" }>): Atom {
  if (typeof formula.value === "boolean") {
    return { kind: "literal", type: { kind: "bool" }, value: formula.value, spelling: String(formula.value) };
  }
  return number(formula.value, formula.spelling ?? String(formula.value));
}
