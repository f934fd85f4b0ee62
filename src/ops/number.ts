/** Tests and conversions of numbers, and numbers made of other things. */
import { box, type OpEntry } from "./entry.js";
import { predicate, prefix, variadic } from "./op.js";

export const numberIsFinite = predicate("Number.isFinite", 1, Number.isFinite);
export const numberIsInteger = predicate("Number.isInteger", 1, Number.isInteger);
export const numberIsNaN = predicate("Number.isNaN", 1, Number.isNaN);
export const numberIsSafeInteger = predicate("Number.isSafeInteger", 1, Number.isSafeInteger);
export const objectIs = predicate("Object.is", 2, Object.is);
export const globalIsFinite = predicate("isFinite", 1, (x) => Number.isFinite(Number(x)));
export const globalIsNaN = predicate("isNaN", 1, (x) => Number.isNaN(Number(x)));

/** `Number(x)`: the identity on a number. */
export const toNumber: OpEntry = variadic("Number", 1, Number, {
  partials: () => [1],
  domain: [box([-3, 3])],
});

/** `+x`: the identity on a number. */
export const plus: OpEntry = variadic("unary +", 1, Number, {
  spelling: prefix("+"),
  partials: () => [1],
  cheap: true,
  domain: [box([-3, 3])],
});

/** Reads a number from text. */
export const parseFloat: OpEntry = predicate("parseFloat", 1, (x) => Number.parseFloat(String(x)), {
  result: "real",
  cheap: false,
  losesDerivative: true,
});

/** Reads an integer from text; the radix is optional. */
export const parseInt: OpEntry = predicate(
  "parseInt",
  null,
  (x, radix) => Number.parseInt(String(x), radix === undefined ? undefined : Number(radix)),
  { result: "int", cheap: false, losesDerivative: true },
);

export const random: OpEntry = variadic("Math.random", 0, () => Math.random(), {
  partials: () => [],
  impure: true,
  note: "a constant drawn anew at each call",
});

export const dateNow: OpEntry = variadic("Date.now", 0, () => Date.now(), {
  partials: () => [],
  impure: true,
  note: "a constant, read anew at each call",
});

export const performanceNow: OpEntry = variadic("performance.now", 0, () => performance.now(), {
  partials: () => [],
  impure: true,
  note: "a constant, read anew at each call",
});

export const stringLength: OpEntry = predicate("stringLength", 1, (x) => String(x).length, {
  spelling: { kind: "member", suffix: ".length" },
  result: "int",
});
