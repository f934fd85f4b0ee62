/** Expressions as text that knows how tightly it binds, so that parentheses stand exactly where they are needed. */
import { invariant } from "../support/invariant.js";
import type { Spelling } from "../ir/op.js";

export interface Code {
  readonly text: string;
  readonly precedence: number;
}

/** As in the grammar of ECMAScript, greater binds tighter. */
export const precedence = {
  primary: 18,
  member: 17,
  unary: 14,
  power: 13,
  product: 12,
  sum: 11,
  shift: 10,
  relation: 9,
  equality: 8,
  bitAnd: 7,
  bitXor: 6,
  bitOr: 5,
  and: 4,
  or: 3,
  coalesce: 2.5,
  conditional: 2,
  arrow: 1,
} as const;

const operators: ReadonlyMap<string, number> = new Map([
  ["**", precedence.power],
  ["*", precedence.product],
  ["/", precedence.product],
  ["%", precedence.product],
  ["+", precedence.sum],
  ["-", precedence.sum],
  ["<<", precedence.shift],
  [">>", precedence.shift],
  [">>>", precedence.shift],
  ["<", precedence.relation],
  ["<=", precedence.relation],
  [">", precedence.relation],
  [">=", precedence.relation],
  ["in", precedence.relation],
  ["===", precedence.equality],
  ["!==", precedence.equality],
  ["==", precedence.equality],
  ["!=", precedence.equality],
  ["&", precedence.bitAnd],
  ["^", precedence.bitXor],
  ["|", precedence.bitOr],
  ["&&", precedence.and],
  ["||", precedence.or],
  ["??", precedence.coalesce],
]);

export function primary(text: string): Code {
  return { text, precedence: precedence.primary };
}

/** A literal as it is spelled; one with a sign in front is a unary expression. */
export function literalCode(spelling: string): Code {
  if (spelling.startsWith("-")) return { text: spelling, precedence: precedence.unary };
  return /^[\w.$]+$|^["'`]/.test(spelling) ? primary(spelling) : { text: spelling, precedence: 0 };
}

export function binary(operator: string, left: Code, right: Code): Code {
  const own = operators.get(operator) ?? 0;
  if (operator === "**") {
    // A unary operator may not stand to the left of `**`.
    return { text: `${wrap(left, precedence.member)} ** ${wrap(right, own)}`, precedence: own };
  }
  if (operator === "??") {
    return { text: `${wrap(left, precedence.bitOr)} ?? ${wrap(right, precedence.bitOr)}`, precedence: own };
  }
  return { text: `${wrap(left, own)} ${operator} ${wrap(right, own + 0.1)}`, precedence: own };
}

export function prefix(operator: string, operand: Code): Code {
  const text = wrap(operand, precedence.unary);
  const doubled = text.startsWith(operator);
  return { text: `${operator}${doubled ? `(${text})` : text}`, precedence: precedence.unary };
}

export function call(callee: string, args: readonly Code[]): Code {
  return { text: `${callee}(${args.map((arg) => arg.text).join(", ")})`, precedence: precedence.member };
}

export function conditional(test: Code, consequent: Code, alternate: Code): Code {
  const arms = [consequent, alternate].map((arm) => wrap(arm, precedence.conditional));
  return {
    text: `${wrap(test, precedence.coalesce)} ? ${arms.join(" : ")}`,
    precedence: precedence.conditional,
  };
}

/** Something behind an expression: `.x`, `[0]`, `!`. */
export function suffixed(object: Code, suffix: string): Code {
  return { text: `${wrap(object, precedence.member)}${suffix}`, precedence: precedence.member };
}

/** In parentheses if it binds less tightly than what is around it. */
export function wrap(code: Code, least: number): string {
  return code.precedence >= least ? code.text : `(${code.text})`;
}

/** `code as type`. */
export function cast(code: Code, type: string): Code {
  return { text: `${wrap(code, precedence.shift)} as ${type}`, precedence: precedence.relation };
}

/** A pattern that is sought from an index on. */
export function execCall(
  [pattern, from, text]: readonly Code[],
  { suffix }: Extract<Spelling, { readonly kind: "exec" }>,
): Code {
  const start = `{ lastIndex: ${from?.text ?? ""} }`;
  const call = `Object.assign(${pattern?.text ?? ""}, ${start}).exec(${text?.text ?? ""})`;
  return { text: `${call}${suffix}`, precedence: precedence.coalesce };
}

/** `target.name(a, b)`, and what stands for it where it gives nothing. */
export function methodCall(
  [target, ...args]: readonly Code[],
  { name, otherwise, spreads }: Extract<Spelling, { readonly kind: "method" }>,
): Code {
  invariant(target, "emit", "a method of nothing");
  const whole = suffixed(target, `.${name}(${args.map(({ text }) => text).join(", ")})`);
  if (spreads === true) return primary(`[...${whole.text}]`);
  return otherwise === undefined
    ? whole
    : { text: `${whole.text} ?? ${otherwise}`, precedence: precedence.coalesce };
}
