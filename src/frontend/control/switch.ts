/**
 * `switch`: a chain of comparisons, each made only if those before it failed. A case runs from its first statement to
 * the jump that ends it, through the cases below if need be.
 */
import type { ts } from "ts-morph";
import type { Atom } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Branch, type Outcome, type Rest, andThen, arrive, choose, makeExit } from "./control.js";
import { type Context, inScope, onStatement, poison, refuseExpression } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { join, arm } from "./join.js";
import { type Bound, Scope, isAtom } from "../scope.js";
import { hoistFunctions, lowerSequence } from "./statements.js";
import { endsUnreached } from "./unreachable.js";
import { apply, atomOf, isReference } from "../values.js";
import { boolean } from "../../ir/builder.js";

/** Cases that start at the same statement. */
interface Entry {
  readonly tests: readonly ts.CaseClause[];
  /** The first clause whose statements run. */
  readonly start: number;
}

/** Lowers the whole statement, and then `rest`. */
export function lowerSwitch(cx: Context, node: ts.SwitchStatement, rest: Rest): Outcome {
  const subject = atomOf(cx, lowerExpression(cx, node.expression), node.expression);
  const { clauses } = node.caseBlock;
  const inner = inScope(cx, new Scope(cx.scope));
  hoistFunctions(
    inner,
    clauses.flatMap((clause) => [...clause.statements]),
  );
  const fallback = firstBody(clauses, fallbackOf(cx, node));
  return lowerEntries(inner, node, subject, entriesOf(cx, clauses, fallback), fallback, rest);
}

/** The clause for what no case names. One that is never reached leaves the last case in its place. */
function fallbackOf(cx: Context, node: ts.SwitchStatement): number {
  const { clauses } = node.caseBlock;
  const index = clauses.findIndex((clause) => cx.ts.isDefaultClause(clause));
  if (index < 0) return withoutDefault(cx, node);
  const isUnreached = endsUnreached(cx, clauses[index]?.statements ?? []);
  return isUnreached && index > 0 && index === clauses.length - 1 ? index - 1 : index;
}

/**
 * Where no case applies. A switch that names every value of its type and ends the function needs no last test: where
 * it ran on, there would be no result.
 */
function withoutDefault(cx: Context, node: ts.SwitchStatement): number {
  const { clauses } = node.caseBlock;
  return isLast(cx, node) && isExhaustive(cx, node) ? clauses.length - 1 : clauses.length;
}

function isExhaustive(cx: Context, node: ts.SwitchStatement): boolean {
  const valueOf = (type: ts.Type): unknown =>
    type.isLiteral()
      ? type.value
      : (type.flags & cx.ts.TypeFlags.BooleanLiteral) === 0
        ? null
        : cx.checker.typeToString(type);
  const type = cx.checker.getTypeAtLocation(node.expression);
  const values = (type.isUnion() ? type.types : [type]).map(valueOf);
  const labels = new Set(
    node.caseBlock.clauses.map((clause) =>
      cx.ts.isCaseClause(clause) ? valueOf(cx.checker.getTypeAtLocation(clause.expression)) : null,
    ),
  );
  return values.length > 0 && values.every((value) => value !== null && labels.has(value));
}

/** True if nothing follows the statement in its function. */
function isLast(cx: Context, node: ts.Node): boolean {
  const { parent } = node;
  if (cx.ts.isBlock(parent)) return parent.statements.at(-1) === node && isLast(cx, parent);
  if (cx.ts.isCaseOrDefaultClause(parent)) {
    const { statements, parent: block } = parent;
    return statements.at(-1) === node && block.clauses.at(-1) === parent && isLast(cx, block.parent);
  }
  if (cx.ts.isIfStatement(parent)) return isLast(cx, parent);
  return cx.ts.isFunctionLike(parent);
}

/** The cases in the order of their tests; the last ones, where they lead to the default anyway, need none. */
function entriesOf(
  cx: Context,
  clauses: readonly ts.CaseOrDefaultClause[],
  fallback: number,
): readonly Entry[] {
  const entries: { tests: ts.CaseClause[]; start: number }[] = [];
  clauses.forEach((clause, i) => {
    if (!cx.ts.isCaseClause(clause)) return;
    const start = firstBody(clauses, i);
    const last = entries.at(-1);
    if (last?.start === start) last.tests.push(clause);
    else entries.push({ tests: [clause], start });
  });
  const isPure = ({ tests }: Entry): boolean => tests.every(({ expression }) => isPlainLabel(cx, expression));
  for (let last = entries.at(-1); last?.start === fallback && isPure(last); last = entries.at(-1))
    entries.pop();
  return entries;
}

function isPlainLabel(cx: Context, node: ts.Expression): boolean {
  return (
    cx.ts.isLiteralExpression(node) || cx.ts.isIdentifier(node) || cx.ts.isPropertyAccessExpression(node)
  );
}

/** Cases without statements share those of the next one. */
function firstBody(clauses: readonly ts.CaseOrDefaultClause[], from: number): number {
  let start = from;
  while (start < clauses.length && clauses[start]?.statements.length === 0) start++;
  return start;
}

function lowerEntries(
  cx: Context,
  node: ts.SwitchStatement,
  subject: Atom,
  entries: readonly Entry[],
  fallback: number,
  rest: Rest,
): Outcome {
  const [entry, ...others] = entries;
  if (entry === undefined) return bodyFrom(cx, node, fallback)(rest);
  const here = onStatement(cx, entry.tests[0] ?? node);
  const test = lowerTests(here, node, subject, entry.tests);
  return choose(
    here,
    node,
    test,
    bodyFrom(cx, node, entry.start),
    (then) => lowerEntries(cx, node, subject, others, fallback, then),
    rest,
  );
}

/** The statements from a clause on, up to the `break` that leaves the switch. */
function bodyFrom(cx: Context, node: ts.SwitchStatement, start: number): Branch {
  return (rest) => {
    const statements = node.caseBlock.clauses.slice(start).flatMap((clause) => [...clause.statements]);
    const exit = makeExit(cx, `${cx.frame.prefix}broke`);
    const inner: Context = { ...cx, breaks: exit, scope: new Scope(cx.scope) };
    return andThen(cx, node, arrive(cx, exit, lowerSequence(inner, statements, 0, null)), rest);
  };
}

/** `subject === a || subject === b`. */
function lowerTests(
  cx: Context,
  node: ts.SwitchStatement,
  subject: Atom,
  tests: readonly ts.CaseClause[],
): Atom {
  let whole: Atom | null = null;
  for (const clause of tests) {
    const before: Atom | null = whole;
    whole = before === null ? lowerTest(cx, subject, clause) : either(cx, node, before, subject, clause);
  }
  return whole ?? boolean(false);
}

function either(cx: Context, node: ts.Node, before: Atom, subject: Atom, clause: ts.CaseClause): Atom {
  const part = arm<Bound>(cx, () => lowerTest(cx, subject, clause));
  const { result } = part;
  const isSimple =
    part.writes.size === 0 && part.instrs.every((instr) => instr.kind === "apply" && instr.op.cheap);
  if (isSimple && isAtom(result)) {
    for (const instr of part.instrs) cx.unit.builder.emit(instr);
    return apply(cx, ops.or, [before, result], clause);
  }
  const taken = { result: boolean(true), instrs: [], writes: new Map() };
  const joined = join(cx, node, before, taken, part, { a: taken.result, b: result, hint: null });
  return isAtom(joined) ? joined : poison;
}

/** `switch (true)` takes the conditions of its cases. */
function lowerTest(cx: Context, subject: Atom, { expression }: ts.CaseClause): Atom {
  const label = atomOf(cx, lowerExpression(cx, expression), expression);
  if (label === poison || subject === poison) return poison;
  if (subject.kind === "literal" && subject.value === true && label.type.kind === "bool") return label;
  if (isReference(label) || isReference(subject))
    return refuseExpression(cx, expression, "comparison of objects");
  return apply(cx, ops.eq, [subject, label], expression);
}
