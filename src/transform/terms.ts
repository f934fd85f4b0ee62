/**
 * Products and sums of factors, the form in which cotangents travel within one line of code.
 *
 * A partial derivative times an incoming cotangent is kept as a coefficient, factors and divisors until it reaches a
 * name; so signs and constants meet (`0.5 * 2` vanishes), like terms join (`x + x` becomes `2 * x`), and what is
 * printed is what one would write by hand.
 */
import { number } from "../ir/builder.js";
import type { Atom } from "../ir/types.js";

/** Where a factor stands in a product: constants, what the user multiplied by, local slopes, the cotangent. */
export type Rank = 0 | 1 | 2 | 3;

export interface Factor {
  readonly atom: Atom;
  readonly rank: Rank;
  /** Known to be a constant other than 0. */
  readonly nonzero?: boolean;
}

/** The term counts only where `test` has the value `when`; elsewhere it is exactly 0. */
export interface Mask {
  readonly test: Atom;
  readonly when: boolean;
  /** Made to keep a cotangent of 0 away from infinite partials; one such mask serves all that follow. */
  readonly isGuard?: boolean;
}

export interface Term {
  readonly coefficient: number;
  readonly factors: readonly Factor[];
  readonly divisors: readonly Atom[];
  readonly masks: readonly Mask[];
}

export const one: Term = constant(1);

export function constant(coefficient: number): Term {
  return { coefficient, factors: [], divisors: [], masks: [] };
}

/** The atom as a term: digits become the coefficient, everything else (`Math.PI`, a value) a factor. */
export function fromAtom(atom: Atom, rank: Rank): Term {
  if (atom.kind === "literal") {
    if (typeof atom.value === "number" && Number.isFinite(atom.value) && isDigits(atom.spelling)) {
      return constant(atom.value);
    }
    return { ...one, factors: [{ atom, rank: 0 }] };
  }
  return { ...one, factors: [{ atom, rank }] };
}

export function multiply(a: Term, b: Term): Term {
  const product = a.coefficient * b.coefficient;
  const masks = [...a.masks, ...b.masks.filter((mask) => !a.masks.some((other) => sameMask(mask, other)))];
  const rest = { factors: [...a.factors, ...b.factors], divisors: [...a.divisors, ...b.divisors], masks };
  if (isShort(product, a.coefficient, b.coefficient)) return { coefficient: product, ...rest };
  // Digits that the user would not recognise any more stay apart.
  const literal: Factor = { atom: number(b.coefficient), rank: 0 };
  return { coefficient: a.coefficient, ...rest, factors: [literal, ...rest.factors] };
}

export function divide(a: Term, b: Term): Term | null {
  if (b.masks.length > 0 || b.coefficient === 0) return null;
  const divisor = b.coefficient === 1 ? [] : b.coefficient === -1 ? [] : [number(Math.abs(b.coefficient))];
  return {
    coefficient: b.coefficient < 0 ? -a.coefficient : a.coefficient,
    factors: [...a.factors, ...b.divisors.map((atom): Factor => ({ atom, rank: 2 }))],
    divisors: [...a.divisors, ...divisor, ...b.factors.map((factor) => factor.atom)],
    masks: a.masks,
  };
}

export function negate(term: Term): Term {
  return { ...term, coefficient: -term.coefficient };
}

export function masked(term: Term, test: Atom, when: boolean, isGuard = false): Term {
  return { ...term, masks: [...term.masks, { test, when, isGuard }] };
}

export function isZero(term: Term): boolean {
  return term.coefficient === 0;
}

/** Needs no arithmetic to write down: a number or a single factor, perhaps negated. */
export function isTrivial(term: Term): boolean {
  if (term.divisors.length > 0 || term.masks.length > 0) return false;
  if (term.factors.length === 0) return true;
  return term.factors.length === 1 && Math.abs(term.coefficient) === 1;
}

/** The atom that the term is, if it is one. */
export function asAtom(term: Term): Atom | null {
  if (term.divisors.length > 0 || term.masks.length > 0) return null;
  const [factor, ...more] = term.factors;
  if (factor === undefined) return number(term.coefficient);
  return term.coefficient === 1 && more.length === 0 ? factor.atom : null;
}

/** Adds up terms that differ in their coefficient only, and drops those that vanish; keeps the order of first sight. */
export function collect(terms: readonly Term[]): readonly Term[] {
  const sums = new Map<string, Term>();
  for (const term of terms) {
    const key = keyOf(term);
    const other = sums.get(key);
    sums.set(
      key,
      other === undefined ? term : { ...other, coefficient: other.coefficient + term.coefficient },
    );
  }
  return [...sums.values()].filter((term) => !isZero(term)).map(reduceDivisors);
}

/** What several terms have in common, and what is left of each: `common * (rest[0] + rest[1] + …)`. */
export function factorOut(terms: readonly Term[]): { common: Term; rest: readonly Term[] } {
  const [first, ...others] = terms;
  if (first === undefined || others.length === 0) return { common: one, rest: terms };
  const sharedMasks = others.every((term) => sameMasks(term, first));
  if (!sharedMasks) return { common: one, rest: terms };
  const factors = shared(terms.map((term) => term.factors.map((factor) => factor.atom)));
  const divisors = shared(terms.map((term) => term.divisors));
  const size = Math.abs(first.coefficient);
  const sameSize = others.every((term) => Math.abs(term.coefficient) === size);
  const allNegative = terms.every((term) => term.coefficient < 0);
  const coefficient = (sameSize ? size : 1) * (allNegative ? -1 : 1);
  const common: Term = {
    coefficient,
    factors: take(first.factors, factors.map(idOf), (factor) => idOf(factor.atom)),
    divisors,
    masks: first.masks,
  };
  const rest = terms.map((term) => ({
    coefficient: term.coefficient / coefficient,
    factors: without(term.factors, factors.map(idOf), (factor) => idOf(factor.atom)),
    divisors: without(term.divisors, divisors.map(idOf), idOf),
    masks: [],
  }));
  return { common, rest };
}

/** Identity of an atom: a value's id or a literal's text. */
export function idOf(atom: Atom): string {
  return atom.kind === "value" ? `v${String(atom.id)}` : `l${atom.spelling}`;
}

function keyOf(term: Term): string {
  const factors = term.factors.map((factor) => idOf(factor.atom)).sort();
  const divisors = term.divisors.map(idOf).sort();
  return `${factors.join("*")}/${divisors.join("*")}?${maskKey(term)}`;
}

function maskKey(term: Term): string {
  return term.masks.map((mask) => `${idOf(mask.test)}=${String(mask.when)}`).join("&");
}

function sameMasks(a: Term, b: Term): boolean {
  return maskKey(a) === maskKey(b);
}

function sameMask(a: Mask, b: Mask): boolean {
  return a.when === b.when && idOf(a.test) === idOf(b.test);
}

/** `2 * x / 4` is `0.5 * x`; but `x / 4` stays as it is. Equal factors above and below are not cancelled: 0 / 0. */
function reduceDivisors(term: Term): Term {
  if (Math.abs(term.coefficient) === 1) return term;
  const index = term.divisors.findIndex((atom) => atom.kind === "literal" && isDigits(atom.spelling));
  const divisor = term.divisors[index];
  if (divisor?.kind !== "literal" || typeof divisor.value !== "number") return term;
  const quotient = term.coefficient / divisor.value;
  if (!isShort(quotient, term.coefficient, divisor.value)) return term;
  return { ...term, coefficient: quotient, divisors: term.divisors.filter((_, i) => i !== index) };
}

/** The multiset that all lists share, in the order of the first. */
function shared(lists: readonly (readonly Atom[])[]): readonly Atom[] {
  const [first, ...others] = lists;
  if (first === undefined) return [];
  const counts = others.map((list) => countById(list));
  return first.filter((atom) => {
    const id = idOf(atom);
    if (!counts.every((count) => (count.get(id) ?? 0) > 0)) return false;
    for (const count of counts) count.set(id, (count.get(id) ?? 0) - 1);
    return true;
  });
}

function countById(atoms: readonly Atom[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const atom of atoms) counts.set(idOf(atom), (counts.get(idOf(atom)) ?? 0) + 1);
  return counts;
}

function without<T>(items: readonly T[], ids: readonly string[], id: (item: T) => string): readonly T[] {
  const left = [...ids];
  return items.filter((item) => {
    const index = left.indexOf(id(item));
    if (index < 0) return true;
    left.splice(index, 1);
    return false;
  });
}

function take<T>(items: readonly T[], ids: readonly string[], id: (item: T) => string): readonly T[] {
  const left = [...ids];
  return items.filter((item) => {
    const index = left.indexOf(id(item));
    if (index < 0) return false;
    left.splice(index, 1);
    return true;
  });
}

function isDigits(spelling: string): boolean {
  return /^-?[\d.]/.test(spelling);
}

/** A product is written out as one number only if it is no longer than the numbers it comes from. */
function isShort(product: number, a: number, b: number): boolean {
  if (!Number.isFinite(product) || (product === 0 && a !== 0 && b !== 0)) return false;
  const longest = Math.max(String(Math.abs(a)).length, String(Math.abs(b)).length);
  return String(Math.abs(product)).length <= longest + 2;
}
