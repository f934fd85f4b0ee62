/** What tests say of values and literals: TypeScript refuses to compare with one literal what it knows to be another. */
import type { Apply, Atom, Instr, Literal, Value, ValueId } from "../ir/types.js";
import { and, eq, ne, not, or } from "../ops/scalar.js";

/** `x === 1`, or that it is not. */
export interface LiteralFact {
  readonly value: Value;
  readonly literal: Literal;
  readonly isEqual: boolean;
}

/** What is known where the test has come out as `outcome`. */
export function literalFacts(
  test: Atom,
  outcome: boolean,
  instrOf: ReadonlyMap<ValueId, Instr>,
): readonly LiteralFact[] {
  const instr = test.kind === "value" ? instrOf.get(test.id) : undefined;
  const facts = (atom: Atom | undefined, whether: boolean): readonly LiteralFact[] =>
    atom === undefined ? [] : literalFacts(atom, whether, instrOf);
  if (instr?.kind === "apply") {
    const { op, args } = instr;
    const compared = comparedIn(instr);
    if (compared !== null) return [{ ...compared, isEqual: outcome === (op === eq) }];
    if (op === not) return facts(args[0], !outcome);
    return op === (outcome ? and : or) ? args.flatMap((arg) => facts(arg, outcome)) : [];
  }
  if (instr?.kind !== "if") return [];
  // `a && b` and `a || b`.
  const [a, b] = [instr.consequent, instr.alternate].map(({ end }) =>
    end.kind === "yield" ? end.values[0] : undefined,
  );
  if (b?.kind === "literal" && b.value === !outcome)
    return [...facts(instr.test, true), ...facts(a, outcome)];
  if (a?.kind === "literal" && a.value === !outcome)
    return [...facts(instr.test, false), ...facts(b, outcome)];
  return [];
}

/** The comparison with the literal can only fail. */
export function isExcluded(instr: Apply, facts: readonly LiteralFact[]): boolean {
  const compared = comparedIn(instr);
  if (compared === null) return false;
  return facts.some(
    ({ value, literal, isEqual }) =>
      value.id === compared.value.id && isEqual === (literal.value !== compared.literal.value),
  );
}

/** What `x === 1` and `x !== 1` compare. */
function comparedIn({ op, args }: Apply): { readonly value: Value; readonly literal: Literal } | null {
  const [value, literal] = args;
  if ((op !== eq && op !== ne) || value?.kind !== "value" || literal?.kind !== "literal") return null;
  return { value, literal };
}
