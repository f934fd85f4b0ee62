/** Expressions of generated programs: smooth for the most part, bounded where a loop could make them grow. */
import type { Choices } from "./choices.js";
import { callOf } from "./helpers.js";
import { arrays, ofKind, type Scope, type Variable } from "./scope.js";

const literals = ["0.5", "1.5", "-0.7", "0.3", "2", "1", "-1.2", "0.1"] as const;

/** A number that may be differentiated. */
export function real(choices: Choices, scope: Scope, depth = 2): string {
  if (depth === 0 || choices.exhausted) return leaf(choices, scope);
  const next = (): string => real(choices, scope, depth - 1);
  switch (choices.upTo(15)) {
    case 0:
    case 1:
      return leaf(choices, scope);
    case 2:
      return `(0.5 * ${next()} + 0.4 * ${next()})`;
    case 3:
      return `(${next()} - 0.3 * ${next()})`;
    case 4:
      return `${choices.pick(literals).replace("-", "-1 * ")} * ${next()}`;
    case 5:
      return `(${test(choices, scope, depth - 1)} ? ${next()} : ${next()})`;
    case 6:
      return `${choices.pick(["Math.max", "Math.min"])}(${next()}, ${next()})`;
    case 7:
      return `-${parenthesized(next())}`;
    case 8:
      return called(choices, scope, next());
    default:
      return bounded(choices, scope, depth);
  }
}

/** A number between -2 and 2 or so, whatever its parts are. */
export function bounded(choices: Choices, scope: Scope, depth = 2): string {
  const next = (): string => (depth > 0 ? real(choices, scope, depth - 1) : leaf(choices, scope));
  switch (choices.upTo(9)) {
    case 0:
      return `Math.sin(${next()})`;
    case 1:
      return `Math.tanh(${next()})`;
    case 2:
      return `Math.cos(${next()} * ${next()})`;
    case 3:
      return square(choices, scope, (s) => `1 / (1 + ${s})`);
    case 4:
      return square(choices, scope, (s) => `Math.exp(-${s})`);
    case 5:
      return `Math.atan(${next()})`;
    case 6:
      return `Math.sin(${next()} * ${next()})`;
    case 7:
      return called(choices, scope, next());
    default:
      return `Math.tanh(${next()} - ${parenthesized(next())})`;
  }
}

/** A function of the program's own. */
function called(choices: Choices, scope: Scope, argument: string): string {
  const call = choices.upTo(2) === 0 ? callOf(choices, scope) : null;
  if (call !== null) return call;
  const closure = choices.any(ofKind(scope, "closure"));
  if (closure && choices.upTo(3) > 0) return `Math.sin(${closure.name}(${argument}))`;
  const list = choices.any(ofKind(scope, "list", "grown"));
  if (!list) return `Math.sin(${argument})`;
  const name = choices.rarely(12) ? "viaScratch" : choices.pick(["norm", "first"]);
  return `Math.tanh(${name}(${list.name}, ${argument}))`;
}

/** In parentheses, as an operand of anything. */
function square(choices: Choices, scope: Scope, around: (square: string) => string): string {
  const x = leaf(choices, scope);
  return `(${around(`${parenthesized(x)} * ${parenthesized(x)}`)})`;
}

function parenthesized(text: string): string {
  return text.startsWith("-") || text.includes(" ") ? `(${text})` : text;
}

function leaf(choices: Choices, scope: Scope): string {
  const kinds = ["real", ...arrays, "object", "rows", "objects", "tuple", "box"] as const;
  const found = choices.any(ofKind(scope, ...kinds));
  if (found === undefined || choices.rarely(8)) return choices.pick(literals);
  return found.kind === "real" ? found.name : place(choices, scope, found);
}

/** An element or field that holds a number. */
export function place(choices: Choices, scope: Scope, { name, kind, minLength, mutable }: Variable): string {
  const at = index(choices, scope, name, mutable ? 1 : minLength);
  switch (kind) {
    case "object":
      return `${name}.${choices.pick(["a", "b"])}`;
    case "tuple":
      return `${name}[${choices.upTo(2)}]`;
    case "box": {
      const field = `${name}.${choices.pick(["u", "v"])}`;
      return `${field}[${index(choices, scope, field, 1)}]`;
    }
    case "objects":
      return `${name}[${at}].${choices.pick(["a", "b"])}`;
    case "rows":
      return `${name}[${at}][${index(choices, scope, `${name}[${at}]`, 1)}]`;
    default:
      return `${name}[${at}]`;
  }
}

/** A valid index of that array, which has at least `minLength` elements. */
export function index(choices: Choices, scope: Scope, array: string, minLength: number): string {
  const counter = choices.any(ofKind(scope, "int"));
  const exact = choices.any(ofKind(scope, "int").filter(({ indexOf }) => indexOf === array));
  if (exact && choices.upTo(4) > 0) return exact.name;
  switch (choices.upTo(7)) {
    case 0:
      return "0";
    case 1:
      return String(choices.upTo(minLength));
    case 2:
      return `${array}.length - 1`;
    case 3:
      return counter ? `Math.min(${counter.name}, ${array}.length - 1)` : "0";
    case 4:
      return `Math.floor(Math.abs(${leaf(choices, { ...scope, variables: ofKind(scope, "real") })})) % ${array}.length`;
    default:
      return counter ? `(${counter.name} + ${choices.upTo(3)}) % ${array}.length` : "0";
  }
}

/** A condition, on numbers that are differentiated or on counters. */
export function test(choices: Choices, scope: Scope, depth = 1): string {
  const counter = choices.any(ofKind(scope, "int"));
  const inner = Math.max(0, depth);
  switch (choices.upTo(6)) {
    case 0:
    case 1:
      return `${real(choices, scope, inner)} ${choices.pick(["<", ">", ">="])} ${choices.pick(literals)}`;
    case 2:
      return counter ? `${counter.name} % 2 === ${choices.upTo(2)}` : `${real(choices, scope, inner)} < 0.2`;
    case 3:
      return counter ? `${counter.name} > ${choices.upTo(3)}` : `${real(choices, scope, inner)} > 0.4`;
    case 4:
      return depth > 0
        ? `(${test(choices, scope, depth - 1)} ${choices.pick(["&&", "||"])} ${test(choices, scope, depth - 1)})`
        : `${leaf(choices, scope)} > 0.35`;
    default:
      return `${real(choices, scope, inner)} > ${real(choices, scope, inner)}`;
  }
}

/** A whole number, not negative. */
export function whole(choices: Choices, scope: Scope): string {
  const counter = choices.any(ofKind(scope, "int"));
  switch (choices.upTo(4)) {
    case 0:
      return `Math.floor(3 * Math.abs(${bounded(choices, scope, 0)}))`;
    case 1:
      return String(choices.upTo(4));
    default:
      return counter?.name ?? String(choices.upTo(3));
  }
}
