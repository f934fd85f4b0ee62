/**
 * `try`, `catch` and `finally`. A `throw` within, and within the calls there, is a jump to the handler, so that how far
 * the block came is known at each place: what was written before is written, what comes behind does not run.
 */
import type { ts } from "ts-morph";
import { boolean } from "../../ir/builder.js";
import { type Catching, type Kind, type Wants, caught, catching, textOf, throwInto } from "./catching.js";
import { type Branch, type Outcome, type Rest, andThen, choose, fell, jumpsOf, left } from "./control.js";
import type { Program } from "../functions/companions.js";
import { descendants } from "../classes/descendants.js";
import { type Context, type Exit, inScope, onStatement, poison, refuse } from "../context.js";
import { bindPattern } from "../expressions/patterns.js";
import { risksOf } from "./risks.js";
import { excerpt } from "../../diagnostics/collector.js";
import { declareVariable } from "../expressions/declarations.js";
import { withReturnBehind } from "./loop-statements.js";
import { splice } from "./join.js";
import { close, closeOutcome, closing } from "./openings.js";
import { wantsOf } from "./rethrows.js";
import { Scope, isAtom } from "../scope.js";
import { lowerBlock } from "./statements.js";
import { throwAgain } from "./throws.js";

/** Lowers the whole statement, and then `rest`. */
export function lowerTry(cx: Context, node: ts.TryStatement, rest: Rest): Outcome {
  const { finallyBlock } = node;
  if (finallyBlock === undefined) return lowerCaught(cx, node, rest);
  const { returns, breaks, continues, labels, yields } = jumpsOf(cx, finallyBlock);
  if (returns || breaks || continues || labels || yields) {
    refuse(cx, "tryStatement", finallyBlock, { what: "a jump out of a `finally`" });
    return fell;
  }
  return withReturnBehind(cx, node, (inner) => lowerFinally(inner, node, finallyBlock), rest);
}

/** The block and its handler, then what runs in any case, and then the jumps that were taken go on. */
function lowerFinally(cx: Context, node: ts.TryStatement, last: ts.Block): Outcome {
  const all = catching(cx, node, allOf(cx), cx.catches);
  const before = closing(cx, () => lowerCaught({ ...cx, catches: all }, node, null));
  const after = closing(cx, () => lowerBlock(cx, last.statements, null));
  if (after.end !== null || before.end !== null) return after.end !== null ? after : before;
  const thrown = [...all.kinds.values()];
  const pending = { ...before, exits: [...new Set([...before.exits, ...after.exits])] };
  return arrivals(cx, node, thrown, pending, (kind) => () => throwOn(cx, kind, last))(null);
}

/** What was caught goes on to what catches it outside, whatever it is. */
function throwOn(cx: Context, kind: Kind, node: ts.Node): Outcome {
  const error = caught(cx, kind);
  const { catches } = cx;
  if (!isAtom(error)) return error.kind === "error" ? throwAgain(cx, error, node) : fell;
  const again = kind.again === null ? null : textOf(cx, kind.again);
  if (catches !== null) return throwInto(cx, catches, { error, again });
  return left({ kind: "throw", ...(again ?? { text: [error] }), statement: cx.statement });
}

/** What is thrown goes on behind the `finally`, to what catches it there. */
function allOf({ catches }: Context): Wants {
  return catches === null ? { value: false, fields: new Set(), again: () => true } : catches.wants;
}

function lowerCaught(cx: Context, node: ts.TryStatement, rest: Rest): Outcome {
  const { tryBlock, catchClause } = node;
  if (catchClause === undefined) return lowerBlock(cx, tryBlock.statements, rest);
  const here = catching(cx, node, wantsOf(cx, catchClause));
  const { tries } = cx.unit.program;
  const block = (): Outcome => {
    const outcome = lowerBlock({ ...cx, catches: here }, tryBlock.statements, null);
    tries.set(node, { cx, times: [...(tries.get(node)?.times ?? []), here] });
    return outcome;
  };
  return catchAll(
    cx,
    here,
    block,
    { handle: (kind) => handler(cx, catchClause, kind), isShort: isShort(cx, catchClause.block) },
    rest,
  );
}

/** What JavaScript throws by itself is not seen: a `try` that may wait for that, and for nothing else, is refused. */
export function reportIdleTries({ tries }: Program): void {
  for (const [node, { cx, times }] of tries) {
    if (times.some(({ kinds }) => kinds.size > 0)) continue;
    const [risk] = times.flatMap((each) => risksOf(each));
    if (risk === undefined) continue;
    const what = `a \`try\` in which nothing is thrown but by JavaScript itself, where \`${excerpt(risk)}\` finds nothing`;
    refuse(cx, "tryStatement", node.getFirstToken() ?? node, { what });
  }
}

/** A handler that may as well stand wherever something is thrown: `return 0;`. */
function isShort(cx: Context, { statements }: ts.Block): boolean {
  const [only, ...others] = statements;
  if (only === undefined) return true;
  if (others.length > 0 || only.getText().length > 40) return false;
  return [...descendants(cx.ts, only)].every(
    (node) => !cx.ts.isCallExpression(node) && !cx.ts.isNewExpression(node) && !cx.ts.isBlock(node),
  );
}

interface Handling {
  readonly handle: (kind: Kind) => Branch;
  /** It may be written out several times. */
  readonly isShort: boolean;
}

/** Lowers the block, and the handler for each kind of error that it may throw; then `rest`. */
export function catchAll(
  cx: Context,
  here: Catching,
  block: () => Outcome,
  { handle, isShort: isRepeatable }: Handling,
  rest: Rest,
): Outcome {
  const { openings } = cx.unit;
  const outside = openings.length;
  let outcome = block();
  const kinds = [...here.kinds.values()];
  const isOwn = (exit: Exit): boolean => kinds.some((kind) => kind.exit === exit);
  const places = openings.length - outside + outcome.exits.filter(isOwn).length;
  while (openings.length > outside) {
    const exit = openings.at(-1)?.exit;
    const kind = kinds.find((each) => each.exit === exit);
    if (kind === undefined || !(isRepeatable || places === 1)) {
      outcome = closeOutcome(cx, outcome);
      continue;
    }
    // What else was thrown is handled where it was.
    outcome = arrivals(cx, here.node, kinds, outcome, handle)(null);
    while (openings.at(-1)?.exit !== exit) outcome = closeOutcome(cx, outcome);
    const { test, open } = close(cx, outcome);
    const arrive = (then: Rest): Outcome => {
      cx.unit.environment.set(kind.exit.flag, boolean(false));
      return handle(kind)(then);
    };
    const goOn = (then: Rest): Outcome => andThen(cx, here.node, splice(cx, open), then);
    const isLast = openings.length === outside;
    outcome = choose(handlerContext(cx, here.node), here.node, test, arrive, goOn, isLast ? rest : null);
    if (isLast) return outcome;
  }
  return arrivals(cx, here.node, kinds, outcome, handle)(rest);
}

function handlerContext(cx: Context, node: ts.Node): Context {
  return cx.ts.isTryStatement(node) ? onStatement(cx, node.catchClause ?? node) : cx;
}

/** The handlers, one for each kind of error, and where nothing was thrown what else came of the block. */
function arrivals(
  cx: Context,
  node: ts.Node,
  kinds: readonly Kind[],
  outcome: Outcome,
  handle: Handling["handle"],
): Branch {
  const { environment } = cx.unit;
  const [kind, ...others] = kinds;
  if (kind === undefined) return (rest) => andThen(cx, node, outcome, rest);
  const { exit } = kind;
  if (!outcome.exits.includes(exit)) return arrivals(cx, node, others, outcome, handle);
  const remaining = { ...outcome, exits: outcome.exits.filter((each) => each !== exit) };
  const arrive: Branch = (rest) => {
    environment.set(exit.flag, boolean(false));
    return handle(kind)(rest);
  };
  if (!remaining.falls && remaining.exits.length === 0) return arrive;
  const flag = environment.get(exit.flag);
  return (rest) =>
    choose(
      handlerContext(cx, node),
      node,
      flag !== undefined && isAtom(flag) ? flag : poison,
      arrive,
      (then) => {
        environment.set(exit.flag, boolean(false));
        return arrivals(cx, node, others, remaining, handle)(then);
      },
      rest,
    );
}

function handler(cx: Context, { variableDeclaration, block }: ts.CatchClause, kind: Kind): Branch {
  return (rest) => {
    const inner = inScope(cx, new Scope(cx.scope));
    const name = variableDeclaration?.name;
    if (name !== undefined && !cx.ts.isIdentifier(name)) {
      bindPattern(inner, name, caught(cx, kind), name);
    } else if (name !== undefined) {
      const variable = declareVariable(inner, inner.scope, cx.checker.getSymbolAtLocation(name), name.text);
      cx.unit.environment.set(variable, caught(cx, kind));
    }
    return lowerBlock(inner, block.statements, rest);
  };
}
