/**
 * Arrays made by `new Array(n)` are filled with zeros here, and with nothing in JavaScript. The difference shows only
 * where it is tested whether an element is there, and that is refused.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { Diagnostics } from "../../diagnostics/collector.js";
import { regionOf } from "../../ir/places.js";
import type { Block, Instr, RegionId, Store, Type } from "../../ir/types.js";
import { forEachInstr } from "../../ir/visit.js";
import type { Context, Unit } from "../context.js";
import { referenceRegion } from "../memory.js";
import { callOfPackage } from "../functions/package-calls.js";
import { holderOf, isJavaScript } from "../syntax.js";

/** Notes that an array of this type is made without elements. */
export function noteHoles({ unit }: Context, type: Type): void {
  const region = referenceRegion(type);
  if (region !== null) unit.holes.add(region);
}

/** Notes that it is tested whether the element that `node` reads is there. */
export function noteHoleTest(cx: Context, type: Type, node: ts.Expression): void {
  const region = referenceRegion(type);
  // Under `noUncheckedIndexedAccess`, `xs[i] ?? 0` only satisfies the compiler.
  if (region === null || (isDefaulted(cx, node) && !isJavaScript(cx, node))) return;
  cx.unit.holeTests.push({ region, node: callOfPackage(cx, node) ?? node });
}

function isDefaulted(cx: Context, node: ts.Expression): boolean {
  const holder = holderOf(cx.ts, node);
  return (
    cx.ts.isBinaryExpression(holder) && holder.operatorToken.kind === cx.ts.SyntaxKind.QuestionQuestionToken
  );
}

/** Reports tests of arrays that turned out to be made without elements. */
export function reportHoles(units: readonly Unit[], diagnostics: Diagnostics): void {
  for (const { regions, holes, holeTests } of units) {
    const made = new Set([...holes].map((region) => regions.canonical(region)));
    for (const { region, node } of holeTests) {
      if (!made.has(regions.canonical(region))) continue;
      const what = "test for an element that an array made by `new Array(n)` may not have yet";
      diagnostics.report("unsupportedExpression", node, { code: excerpt(node), what });
    }
  }
}

/** What is done with the arrays of a region. */
interface Growth {
  /** How many elements they are made of, at least; null for those that come from elsewhere. */
  made: number | null;
  /** Elements are added in ways that are not followed. */
  isOpen: boolean;
  readonly stores: Map<number, Store>;
}

/**
 * Reports `a[3] = x` of an array of two elements that nobody gives a third: methods of arrays pass over such a hole, and
 * here it would be read.
 */
export function reportSkipped(functions: readonly { readonly unit: Unit; readonly body: Block }[]): void {
  for (const { unit, body } of functions) {
    for (const { made, isOpen, stores } of growthIn(unit, body).values()) {
      if (made === null || isOpen) continue;
      const skipped = [...stores.keys()].find((index) => lacksBelow(index, made, stores));
      const store = skipped === undefined ? undefined : stores.get(skipped);
      if (skipped === undefined || store === undefined) continue;
      const name = store.place.ref.hint?.text ?? "list";
      const reason = "it leaves elements out that nothing else gives a value";
      const code = `${name}[${String(skipped)}] = …`;
      unit.diagnostics.report("unsupportedAssignment", store.span, { code, reason });
    }
  }
}

function lacksBelow(index: number, made: number, stores: ReadonlyMap<number, Store>): boolean {
  for (let i = made; i < index; i++) if (!stores.has(i)) return true;
  return false;
}

function growthIn({ regions }: Unit, body: Block): ReadonlyMap<RegionId, Growth> {
  const found = new Map<RegionId, Growth>();
  const of = (region: RegionId | null): Growth => {
    const key = region === null ? -1 : regions.canonical(region);
    const growth = found.get(key) ?? { made: null, isOpen: false, stores: new Map<number, Store>() };
    found.set(key, growth);
    return growth;
  };
  forEachInstr(body, (instr: Instr) => {
    if (instr.kind === "push") of(regionOf(instr.ref)).isOpen = true;
    if (instr.kind === "call") for (const region of instr.resizes) of(region).isOpen = true;
    if (instr.kind === "pop") {
      const growth = of(regionOf(instr.ref));
      growth.made = growth.made === null ? null : Math.max(0, growth.made - 1);
    }
    if (instr.kind === "alloc") {
      const growth = of(regionOf(instr.out));
      if (instr.init.kind !== "elements") growth.isOpen = true;
      else growth.made = Math.min(growth.made ?? Infinity, instr.init.elements.length);
    }
    if (instr.kind !== "store" || instr.place.step.kind !== "index") return;
    const { index } = instr.place.step;
    const growth = of(regionOf(instr.place.ref));
    if (index.kind === "literal" && typeof index.value === "number") growth.stores.set(index.value, instr);
    else growth.isOpen = true;
  });
  return found;
}
