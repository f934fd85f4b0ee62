/** Formulas and spellings as text, for the documentation and for checking that a spelling means what it says. */
import type { Formula, Op, Spelling } from "../ir/op.js";
import { div, mul, neg } from "./arithmetic.js";

/** Text with the precedence of its outermost operator. */
interface Piece {
  readonly text: string;
  readonly precedence: number;
}

const primary = 20;
const unary = 14;
const conditional = 1;

const precedences: Readonly<Record<string, number>> = {
  "||": 2,
  "&&": 3,
  "|": 4,
  "^": 5,
  "&": 6,
  "===": 7,
  "!==": 7,
  "==": 7,
  "!=": 7,
  "<": 8,
  "<=": 8,
  ">": 8,
  ">=": 8,
  "<<": 9,
  ">>": 9,
  ">>>": 9,
  "+": 10,
  "-": 10,
  "*": 11,
  "/": 11,
  "%": 11,
  "**": 12,
};

/** The formula as TypeScript over these names. */
export function renderFormula(formula: Formula, args: readonly string[], result: string): string {
  return render(formula, args, result).text;
}

/** The operation applied to these names, as the source writes it. */
export function renderCall(op: Op, args: readonly string[]): string {
  return spell(
    op.spelling,
    args.map((text) => ({ text, precedence: primary })),
    args,
  ).text;
}

function render(formula: Formula, args: readonly string[], result: string): Piece {
  switch (formula.kind) {
    case "arg":
      return { text: args[formula.index] ?? "?", precedence: primary };
    case "result":
      return { text: result, precedence: primary };
    case "literal": {
      const text = formula.spelling ?? String(formula.value);
      return { text, precedence: text.startsWith("-") ? unary : primary };
    }
    case "apply": {
      const pieces = formula.args.map((inner) => render(inner, args, result));
      const [operand] = formula.args;
      const [piece] = pieces;
      // `-a * b` for `-(a * b)`: the same number, with fewer parentheses.
      if (formula.op === neg && operand && piece && isProduct(operand) && !piece.text.startsWith("-")) {
        return { text: `-${piece.text}`, precedence: piece.precedence };
      }
      return spell(formula.op.spelling, pieces, args);
    }
  }
}

/** A product or quotient whose first factor takes a sign. */
function isProduct(formula: Formula): boolean {
  if (formula.kind !== "apply" || (formula.op !== mul && formula.op !== div)) return false;
  const [first] = formula.args;
  if (first?.kind !== "apply") return true;
  const { spelling } = first.op;
  return (
    !(spelling.kind === "binary" && spelling.operator === "**") && (isProduct(first) || !isFactor(first))
  );
}

function isFactor(formula: Formula): boolean {
  return formula.kind === "apply" && (formula.op === mul || formula.op === div);
}

function spell(spelling: Spelling, pieces: readonly Piece[], names: readonly string[]): Piece {
  const [a = missing, b = missing, c = missing] = pieces;
  switch (spelling.kind) {
    case "verbatim":
      return { text: spelling.text, precedence: primary };
    case "binary":
      return infix(
        spelling.operator,
        a,
        spelling.right === undefined ? b : { text: spelling.right, precedence: primary },
      );
    case "prefix":
      return { text: spelling.operator + wrap(a, unary + 1), precedence: unary };
    case "call":
      return {
        text: `${spelling.callee}(${pieces.map(({ text }) => text).join(", ")})`,
        precedence: primary,
      };
    case "conditional": {
      const text = `${wrap(a, conditional + 1)} ? ${wrap(b, conditional)} : ${wrap(c, conditional)}`;
      return { text, precedence: conditional };
    }
    case "identity":
      return a;
    case "nonNull":
      return { text: `${wrap(a, primary)}!`, precedence: primary };
    case "member":
      return { text: wrap(a, primary) + spelling.suffix, precedence: primary };
    case "method":
      return {
        text: `${wrap(a, primary)}.${spelling.name}(${names.slice(1).join(", ")})`,
        precedence: primary,
      };
    case "exec":
      return {
        text: `Object.assign(${a.text}, { lastIndex: ${b.text} }).exec(${names[2] ?? ""})${spelling.suffix}`,
        precedence: primary,
      };
    case "spread":
      return { text: `[...${wrap(a, primary)}${spelling.suffix}]`, precedence: primary };
    case "held":
      return { text: `holdsTwice([${names.join(", ")}])`, precedence: primary };
    case "element":
      return { text: `${wrap(a, primary)}[${b.text}]`, precedence: primary };
    case "template":
      return { text: `\`${names.map((name) => `\${${name}}`).join("")}\``, precedence: primary };
    case "formula":
      return render(spelling.formula(pieces.map((_, index) => ({ kind: "arg", index }))), names, "");
  }
}

const missing: Piece = { text: "?", precedence: primary };

function infix(operator: string, a: Piece, b: Piece): Piece {
  const precedence = precedences[operator] ?? 0;
  // `**` groups to the right, and takes no sign on its left.
  const [left, right] = operator === "**" ? [unary + 1, precedence] : [precedence, precedence + 1];
  return { text: `${wrap(a, left)} ${operator} ${wrap(b, right)}`, precedence };
}

function wrap({ text, precedence }: Piece, least: number): string {
  return precedence < least ? `(${text})` : text;
}
