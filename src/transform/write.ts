/** Turns terms into instructions: products in reading order, sums with their common factors taken out. */
import { type Builder, type Origin, number } from "../ir/builder.js";
import type { Atom } from "../ir/types.js";
import { add, copy, div, mul, neg, select, sub } from "../ops/scalar.js";
import { type Term, asAtom, collect, factorOut, isZero, multiply, one } from "./terms.js";

/**
 * The sum of the terms as an atom; the literal 0 for none. Where the origin carries a declared name, the result is a
 * value of that name even if it is a mere alias.
 */
export function write(builder: Builder, terms: readonly Term[], origin: Origin): Atom {
  const atom = writeSum(builder, terms, origin);
  const bound = atom.kind === "value" && atom.hint !== null && atom.hint === origin.hint;
  if (origin.hint?.declared !== true || bound) return atom;
  return builder.apply(copy, [atom], origin);
}

/** `previous + terms`, written as an addition or a subtraction so that it can become `+=` or `-=`. */
export function accumulate(builder: Builder, previous: Atom, terms: readonly Term[], origin: Origin): Atom {
  const sum = collect(terms);
  const [only] = sum;
  if (only === undefined) return previous;
  const inner = { ...origin, hint: null };
  const negative = sum.every((term) => term.coefficient < 0);
  const signed = negative ? sum.map((term) => ({ ...term, coefficient: -term.coefficient })) : sum;
  return builder.apply(negative ? sub : add, [previous, writeSum(builder, signed, inner)], origin);
}

function writeSum(builder: Builder, terms: readonly Term[], origin: Origin): Atom {
  const sum = collect(terms);
  const [only, ...more] = sum;
  if (only === undefined) return number(0);
  if (more.length === 0) return writeProduct(builder, only, origin);
  const { common, rest } = factorOut(sum);
  const inner = { ...origin, hint: null };
  const isPlain = asAtom(common) !== null && common.coefficient === 1 && common.factors.length === 0;
  if (isPlain) return writeAdditions(builder, rest, origin);
  const factor = writeAdditions(builder, rest, inner);
  const whole = multiply({ ...one, factors: [{ atom: factor, rank: 2 }] }, common);
  return writeProduct(builder, whole, origin);
}

/** Positive terms first, so that no sum begins with a sign it need not have. */
function writeAdditions(builder: Builder, terms: readonly Term[], origin: Origin): Atom {
  const inner = { ...origin, hint: null };
  const lead = Math.max(
    0,
    terms.findIndex((term) => term.coefficient > 0),
  );
  const ordered = [...terms.slice(lead, lead + 1), ...terms.slice(0, lead), ...terms.slice(lead + 1)];
  let sum: Atom | null = null;
  for (const [index, term] of ordered.entries()) {
    const last = index === ordered.length - 1;
    if (sum === null) {
      sum = writeProduct(builder, term, inner);
      continue;
    }
    const negative = term.coefficient < 0;
    const size = negative ? { ...term, coefficient: -term.coefficient } : term;
    const right = writeProduct(builder, size, inner);
    sum = builder.apply(negative ? sub : add, [sum, right], last ? origin : inner);
  }
  return sum ?? number(0);
}

function writeProduct(builder: Builder, term: Term, origin: Origin): Atom {
  if (isZero(term)) return number(0);
  const inner = { ...origin, hint: null };
  const masks = [...term.masks].reverse();
  const steps = productSteps(builder, term, inner, masks.length === 0 ? origin : inner);
  let result = steps;
  for (const [index, mask] of masks.entries()) {
    const args = mask.when ? [mask.test, result, number(0)] : [mask.test, number(0), result];
    result = builder.apply(select, args, index === masks.length - 1 ? origin : inner, { kind: "real" });
  }
  return result;
}

function productSteps(builder: Builder, term: Term, inner: Origin, origin: Origin): Atom {
  const factors = [...term.factors].sort((a, b) => a.rank - b.rank).map((factor) => factor.atom);
  const divisor = term.divisors.reduce<Atom | null>(
    (product, atom) => (product === null ? atom : builder.apply(mul, [product, atom], inner)),
    null,
  );
  const numerator = writeNumerator(
    builder,
    term.coefficient,
    factors,
    inner,
    divisor === null ? origin : inner,
  );
  return divisor === null ? numerator : builder.apply(div, [numerator, divisor], origin);
}

function writeNumerator(
  builder: Builder,
  coefficient: number,
  factors: readonly Atom[],
  inner: Origin,
  origin: Origin,
): Atom {
  const [first, ...more] = factors;
  if (first === undefined) return number(coefficient);
  const operands: Atom[] = [...more];
  let product: Atom;
  if (coefficient === 1) {
    product = first;
  } else if (coefficient === -1) {
    product = builder.apply(neg, [first], more.length === 0 ? origin : inner);
  } else {
    product = number(coefficient);
    operands.unshift(first);
  }
  for (const [index, operand] of operands.entries()) {
    product = builder.apply(mul, [product, operand], index === operands.length - 1 ? origin : inner);
  }
  return product;
}
