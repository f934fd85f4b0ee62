/** Arrays that become longer or shorter: `push`, `pop`, `shift`, `length = n`. */
import type { ts } from "ts-morph";
import { boxed } from "../expressions/boxes.js";
import { excerpt } from "../../diagnostics/collector.js";
import { whole } from "../../ir/builder.js";
import { isMemory, isMixed } from "../../ir/shapes.js";
import type { Atom, Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Context, origin, poison, refuse } from "../context.js";
import { fell } from "../control/control.js";
import { countedLoop, lowerLoop } from "../control/loops.js";
import { assignedIn } from "../control/loop-assigned.js";
import {
  type Key,
  cellType,
  holds,
  loadCell,
  loadLength,
  loadRaw,
  referenceRegion,
  shapeOfType,
  storeCell,
} from "../memory.js";
import { holdsFunctions } from "../types/function-shapes.js";
import { branch } from "../control/join.js";
import { joinShapes } from "../types/joined-types.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { holderOf } from "../syntax.js";
import { isDoubted, noteRead } from "../control/trust.js";
import { type RefValue, apply, describeType, mayBeNothing, trusted, withAbsenceOf } from "../values.js";
import { whyMisfit } from "../types/misfits.js";
import { keepInside, widen } from "../types/widening.js";

/** True if some code of the project may change the length of an array that it was made with. */
export function mayResize(cx: Context): boolean {
  const { project } = cx.unit;
  const { facts } = project;
  const known = facts.get("resizes");
  if (known !== undefined) return known;
  const found = project.program
    .getSourceFiles()
    .some((file) => !file.isDeclarationFile && resizing.test(file.text));
  facts.set("resizes", found);
  return found;
}

/** A method that changes the length, or an assignment to an element, which may lie behind the end. */
const resizing =
  /\.(?:push|pop|shift|unshift|splice)\s*\(|\.length\s*(?:[-+*/%]?=[^=]|--|\+\+)|\]\s*(?:[-+*/%&|^]?=[^=>]|--|\+\+)/u;

export function pushElement(cx: Context, ref: RefValue, given: Atom, node: ts.Node): void {
  if (given === poison) return;
  const { shape } = ref.type;
  const element = shape.kind === "array" ? shape.element : null;
  const value = element === null ? given : boxed(cx, given, element, node);
  const { builder, regions } = cx.unit;
  if (element?.kind === "opaque") keepInside(cx, value);
  if (!mayHold(ref, value)) {
    widen(cx, ref, "*", value.type);
    const why = element === null ? "" : whyMisfit(element, value.type);
    const reason = `${describeType(value.type)} does not fit the elements of the array${why}`;
    refuse(cx, "unsupportedAssignment", node, { code: excerpt(node), reason });
    return;
  }
  const isBare = shape.kind === "array" && shape.element.kind !== "maybe" && shape.element.kind !== "nothing";
  const isNarrowed = isBare && value.type.kind === "maybe";
  if (isNarrowed && isDoubted(cx, node)) widen(cx, ref, "*", value.type);
  const kept = isNarrowed ? trusted(cx, value, node) : withAbsenceOf(cx, value, element ?? value.type, node);
  const target = referenceRegion(kept.type);
  if (target !== null) regions.put(ref.type.region, "*", target);
  regions.markStored(ref.type.region, { shape, node }, builder.isOwn(ref));
  builder.push(ref, kept, origin(cx, node));
}

/** Numbers among numbers, objects among their like: without types, or behind a cast, this is not certain. */
function mayHold({ type: { shape } }: RefValue, atom: Atom): boolean {
  const { type } = atom;
  if (shape.kind !== "array") return true;
  if (shape.element.kind === "int" && type.kind === "real") return atom.kind === "literal";
  if (holdsFunctions(shapeOfType(type)) || holdsFunctions(shape.element)) return holds(shape.element, type);
  if (isMixed(type) || (shape.element.kind === "maybe" && shape.element.other !== undefined))
    return holds(shape.element, type);
  if (type.kind === "maybe" || type.kind === "nothing") return true;
  const element = shape.element.kind === "maybe" ? shape.element.shape : shape.element;
  if (element.kind === "opaque" || element.kind === "nothing") return true;
  // What was made without a name may be of a type that has one.
  if (type.kind === "ref") return holds(element, type) || joinShapes(element, type.shape) === element;
  return !isMemory(element) && element.kind !== "knot";
}

/** True where what a method reads of an array is taken to be there: `xs.pop()!`; or is not read at all. */
export function isAsserted(cx: Context, node: ts.CallExpression): boolean {
  const tsc = cx.ts;
  const holder = holderOf(tsc, node);
  if (isDoubted(cx, node)) return false;
  return (
    tsc.isNonNullExpression(holder) ||
    tsc.isAsExpression(holder) ||
    tsc.isTypeAssertionExpression(holder) ||
    tsc.isExpressionStatement(holder) ||
    !mayBeNothing(cx, node)
  );
}

/** The element that `take` takes off; where the source allows for it, `undefined` of an empty array. */
export function takenElement(cx: Context, ref: RefValue, node: ts.CallExpression, take: () => Bound): Bound {
  const taken = isAsserted(cx, node) ? take() : takenIfAny(cx, ref, node, take);
  noteRead(cx, taken, node);
  return taken;
}

function takenIfAny(cx: Context, ref: RefValue, node: ts.CallExpression, take: () => Bound): Bound {
  const isFilled = apply(cx, ops.gt, [loadLength(cx, ref, node), zero], node);
  return branch(cx, node, isFilled, take, () => undefinedLiteral, null);
}

/** The last element, taken off. */
export function popElement(cx: Context, ref: RefValue, node: ts.Node, hint: Hint | null): Bound {
  const { shape } = ref.type;
  const type = shape.kind === "array" ? cellType(cx, shape.element, ref.type.region, "*") : null;
  if (type === null) return undefinedLiteral;
  cx.unit.regions.markStored(ref.type.region, { shape, node }, cx.unit.builder.isOwn(ref));
  return cx.unit.builder.pop(ref, type, origin(cx, node, hint));
}

/** The first element, taken off: the others move up. */
export function shiftElement(cx: Context, ref: RefValue, node: ts.Node, hint: Hint | null): Bound {
  const first = loadCell(cx, ref, 0, node, hint);
  const length = loadLength(cx, ref, node);
  const last = apply(cx, ops.sub, [length, one], node);
  countedLoop(cx, node, {
    from: zero,
    to: last,
    assignedIn: [],
    body: (index) => {
      const next = apply(cx, ops.add, [index, one], node);
      move(cx, ref, next, index, node);
      return fell;
    },
  });
  popElement(cx, ref, node, null);
  return first;
}

/** A new first element: the others move down. */
export function unshiftElement(cx: Context, ref: RefValue, value: Atom, node: ts.Node): void {
  const length = loadLength(cx, ref, node);
  pushElement(cx, ref, value, node);
  countedLoop(cx, node, {
    from: zero,
    to: length,
    assignedIn: [],
    body: (index) => {
      const to = apply(cx, ops.sub, [length, index], node);
      move(cx, ref, apply(cx, ops.sub, [to, one], node), to, node);
      return fell;
    },
  });
  storeCell(cx, ref, 0, value, node);
}

/** `xs.length = n`, for a smaller n. */
export function shorten(cx: Context, ref: RefValue, length: Atom, node: ts.Node): void {
  lowerLoop(cx, node, assignedIn(cx, []), {
    kind: "while",
    test: () => apply(cx, ops.gt, [loadLength(cx, ref, node), length], node),
    body: () => {
      popElement(cx, ref, node, null);
      return fell;
    },
  });
}

/** `xs[to] = xs[from]`. */
export function move(cx: Context, ref: RefValue, from: Atom, to: Atom, node: ts.Node): void {
  const value = loadRaw(cx, ref, keyOfIndex(from), node, null);
  if (isAtom(value)) storeCell(cx, ref, keyOfIndex(to), value, node);
}

export function keyOfIndex(index: Atom): Key {
  return index.kind === "value" ? index : Number(index.value);
}

export const zero: Atom = whole(0);
export const one: Atom = whole(1);
