/**
 * `stopGradient(x)` of the package: the value passes through, its derivative does not. An object or an array passes
 * through as it is, under a reference with no cotangents of its own: that is sound as long as nothing is written to it
 * afterwards, which `reportChangedStops` sees to.
 */
import type { ts } from "ts-morph";
import { stopped } from "../../ops/stop.js";
import { writtenRegions } from "../../ir/places.js";
import type { Block, Hint, Instr, Value } from "../../ir/types.js";
import { blocksOf, forEachInstr } from "../../ir/visit.js";
import { type Context, origin, poison, refuseExpression } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { isPackageImport, stopName } from "../targets/macro-uses.js";
import { referenceRegion } from "../memory.js";
import { type Bound, isAtom } from "../scope.js";
import { apply, isRef } from "../values.js";

/** A call of `stopGradient`; null for any other call. */
export function lowerStop(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  if (!isStop(cx, node.expression)) return null;
  const [argument] = node.arguments;
  if (argument === undefined) return refuseExpression(cx, node, `call of \`${stopName}\` without a value`);
  return stop(cx, lowerExpression(cx, argument), node, hint);
}

/** `stopGradient` itself, to be handed on or given another name; null for all else. */
export function stopFunction(cx: Context, node: ts.Expression): Bound | null {
  return isStop(cx, node) ? { kind: "builtin", name: stopName } : null;
}

/** What a call of it gives. */
export function stop(cx: Context, bound: Bound, node: ts.CallExpression, hint: Hint | null): Bound {
  if (bound === poison) return poison;
  if (!isAtom(bound) || bound.type.kind === "maybe")
    return refuseExpression(
      cx,
      node,
      `\`${stopName}\` of something that is not a number, an object or an array`,
    );
  if (!isRef(bound)) return apply(cx, stopped, [bound], node, hint, bound.type);
  if (cx.unit !== cx.unit.root())
    return refuseExpression(
      cx,
      node,
      `\`${stopName}\` of an object or an array in a function that calls itself`,
    );
  const type = { ...bound.type, region: cx.unit.regions.fresh() };
  const out = cx.unit.builder.apply(stopped, [bound], origin(cx, node, hint), type);
  cx.unit.stops.push({ source: bound, out, node });
  return out;
}

/** `stopGradient`, or `tsad.stopGradient`, whatever it is called here. */
function isStop(cx: Context, callee: ts.Expression): boolean {
  const tsc = cx.ts;
  if (tsc.isPropertyAccessExpression(callee)) {
    if (callee.name.text !== stopName || !tsc.isIdentifier(callee.expression)) return false;
    const declaration = cx.checker.getSymbolAtLocation(callee.expression)?.declarations?.[0];
    return (
      declaration !== undefined && tsc.isNamespaceImport(declaration) && isPackageImport(tsc, declaration)
    );
  }
  if (!tsc.isIdentifier(callee)) return false;
  const declaration = cx.checker.getSymbolAtLocation(callee)?.declarations?.[0];
  if (declaration === undefined || !tsc.isImportSpecifier(declaration)) return false;
  return (
    (declaration.propertyName ?? declaration.name).text === stopName && isPackageImport(tsc, declaration)
  );
}

/** A reference that `stopGradient` has made. */
export interface Stop {
  readonly source: Value;
  readonly out: Value;
  readonly node: ts.Node;
}

/** Reports memory that is written to after it went through `stopGradient`, under either reference. */
export function reportChangedStops(cx: Context, body: Block): void {
  const { stops, regions, diagnostics } = cx.unit;
  if (stops.length === 0) return;
  const order = new Map<Instr, number>();
  const loops = new Map<Instr, readonly Instr[]>();
  number(body, []);
  const madeBy = new Map<number, Instr>();
  forEachInstr(body, (instr) => {
    if (instr.kind === "apply") madeBy.set(instr.out.id, instr);
  });
  for (const { source, out, node } of stops) {
    const made = madeBy.get(out.id);
    if (made === undefined) continue;
    const reached = new Set(
      [source, out].flatMap(({ type }) => {
        const region = referenceRegion(type);
        return region === null ? [] : [...regions.below(region)];
      }),
    );
    const isChanged = [...order].some(([instr, at]) => {
      const isLate = at > (order.get(made) ?? 0) || isRepeated(instr, made);
      return isLate && writtenRegions(instr).some((region) => reached.has(regions.canonical(region)));
    });
    if (isChanged) diagnostics.report("stopChanged", node, {});
  }

  function number(block: Block, around: readonly Instr[]): void {
    for (const instr of block.instrs) {
      order.set(instr, order.size);
      loops.set(instr, around);
      for (const inner of blocksOf(instr)) number(inner, instr.kind === "loop" ? [...around, instr] : around);
    }
  }

  /** Both lie in a loop in whose iterations the memory is not made anew. */
  function isRepeated(write: Instr, made: Instr): boolean {
    const shared = (loops.get(write) ?? []).filter((loop) => (loops.get(made) ?? []).includes(loop));
    return shared.some((loop) => !isBornIn(loop, made));
  }

  /** All memory that the reference can lead to is allocated in the loop. */
  function isBornIn(loop: Instr, made: Instr): boolean {
    const [source] = made.kind === "apply" ? made.args : [];
    const root = source === undefined ? null : referenceRegion(source.type);
    if (root === null) return false;
    const inside = new Set<Instr>();
    for (const inner of blocksOf(loop)) forEachInstr(inner, (instr) => inside.add(instr));
    const canonical = regions.canonical(root);
    const born = [...order.keys()].filter(
      (instr) =>
        (instr.kind === "alloc" || instr.kind === "foreign") &&
        instr.out !== null &&
        regions.canonical(referenceRegion(instr.out.type) ?? -1) === canonical,
    );
    return born.length > 0 && born.every((instr) => inside.has(instr));
  }
}
