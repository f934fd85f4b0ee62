/**
 * Closures that come back to themselves by what they see rather than by a name in their text: `alt(p, q)` where `q` is a
 * parser that uses the whole. That is found while they are written out; then all is lowered once more, and they are
 * called. Closures are made anew in each attempt, so they are known by where they were made: by the calls around.
 */
import type { ts } from "ts-morph";
import type { Context, Frame } from "../context.js";
import type { Closure, Scope } from "../scope.js";

/** Notes the activation that a scope is for. */
export function noteBirth({ unit }: Context, scope: Scope, frame: Frame): void {
  unit.program.births.set(scope, frame);
}

/** True for a closure that has turned out to come back to itself. */
export function isCircular(cx: Context, closure: Made): boolean {
  const { circular } = cx.unit.program;
  return circular.size > 0 && circular.has(keyOf(cx, closure));
}

type Made = Pick<Closure, "node" | "scope">;

/** Notes the outermost closure that would be written out within itself; false where that was known. */
export function learnCircle(cx: Context, called: Made): boolean {
  const { circular } = cx.unit.program;
  const around: Made[] = [called];
  for (let frame: Frame | null = cx.frame; frame !== null; frame = frame.caller) {
    if (frame.closure !== null) around.unshift(frame.closure);
    if (frame.returns.kind === "companion") break;
  }
  const first = around.find(({ node, scope }, i) =>
    around.some((each, j) => j > i && each.node === node && each.scope === scope),
  );
  const key = first === undefined ? null : keyOf(cx, first);
  if (key === null || circular.has(key)) return false;
  circular.add(key);
  return true;
}

/** Where a closure was made. */
export function keyOf({ unit }: Context, { node, scope }: Made): string {
  const parts = [placeOf(node)];
  for (let each: Scope | null = scope; each !== null; each = each.outer) {
    const birth = unit.program.births.get(each);
    if (birth !== undefined) parts.push(callsAround(birth));
  }
  return parts.join("\n");
}

/** The calls that led there, from the function that is lowered or from a module. */
function callsAround(birth: Frame): string {
  const calls: string[] = [];
  for (let frame: Frame | null = birth; frame !== null; frame = frame.caller) {
    const { returns, call, closure } = frame;
    if (returns.kind === "none" || call === null) break;
    calls.push(placeOf(call));
    if (returns.kind !== "companion" || closure === null) continue;
    calls.push(placeOf(closure.node));
    break;
  }
  return calls.join(" ");
}

function placeOf(node: ts.Node): string {
  return `${node.getSourceFile().fileName}:${String(node.pos)}-${String(node.end)}`;
}
