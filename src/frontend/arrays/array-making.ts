/** Making arrays: `new Array(n)`, `new Float64Array(xs)`, `Array.from({ length: n }, f)`. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { ArrayShape, Atom, Hint, MemoryShape, Shape } from "../../ir/types.js";
import { keyOfIndex, pushElement, zero } from "./array-growth.js";
import { blankOf, startFilling } from "./array-filling.js";
import { plain } from "./array-methods.js";
import { copyInto, emptyArray, isOpenSpread, listOf as listWithSpreads } from "./array-spread.js";
import { callStatic } from "../functions/calls.js";
import { type Context, origin, poison, refuse, refuseExpression } from "../context.js";
import { fell } from "../control/control.js";
import { lowerElements } from "./elements.js";
import { lowerExpression } from "../expressions/expressions.js";
import { collect } from "../functions/generators.js";
import { lowerIterable } from "../functions/iterators.js";
import { listed } from "./keyed-lists.js";
import { functionOf } from "../functions/kept-calls.js";
import { countedLoop } from "../control/loops.js";
import { orNothing } from "../types/joined-types.js";
import { noteHoles } from "./holes.js";
import { withoutHoles } from "./sparse.js";
import { holds, loadCell, loadLength, referenceRegion, shapeOfType } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { holdsFunctions } from "../types/function-shapes.js";
import { heldShapeOf, shapeOf } from "../types/shapes.js";
import { fittedTo, typedStorage } from "./storage.js";
import { bare } from "../syntax.js";
import { type RefValue, atomOf, isRef, numberOf } from "../values.js";
import { noteMaker, widenedShape } from "../types/widening.js";

/** `new Array(n)`, `new Float64Array(n | xs)`; null for what makes no array. */
export function lowerNewArray(
  cx: Context,
  node: ts.NewExpression | ts.CallExpression,
  hint: Hint | null,
): Bound | null {
  const name = constructorName(cx, node.expression);
  if (name === null) return null;
  const shape = arrayShapeOf(cx, node);
  if (shape === null) return poison;
  const args = node.arguments ?? [];
  const [first] = args;
  if (name === "Array" && args.length !== 1) return listOf(cx, shape, args, node, hint);
  if (first === undefined) return filled(cx, shape, zero, null, node, hint);
  const bound = lowerExpression(cx, first);
  if (bound === poison) return poison;
  if (isRef(bound)) return withoutHoles(cx, copyInto(cx, bound, shape, node, hint));
  return filled(cx, shape, numberOf(cx, bound, first), null, node, hint);
}

function listOf(
  cx: Context,
  shape: MemoryShape,
  args: readonly ts.Expression[],
  node: ts.Expression,
  hint: Hint | null,
): Bound {
  const isPlain = shape.kind !== "array" || shape.storage === "Array";
  const own = isPlain ? hint : null;
  const out = args.some((each) => isOpenSpread(cx, each))
    ? listWithSpreads(cx, plain(shape), args, node, own)
    : listOfKnown(cx, plain(shape), args, node, own);
  if (out === null) return poison;
  return isPlain ? out : copyInto(cx, out, shape, node, hint);
}

function listOfKnown(
  cx: Context,
  shape: MemoryShape,
  args: readonly ts.Expression[],
  node: ts.Expression,
  hint: Hint | null,
): RefValue | null {
  const values = lowerElements(cx, args, () => null);
  if (values === null) return null;
  const out = emptyArray(cx, shape, node, hint);
  for (const value of values) pushElement(cx, out, atomOf(cx, value, node), node);
  return out;
}

/** `new Array(n).fill(x)`: made full at once; null for anything else. */
export function lowerFilled(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const tsc = cx.ts;
  if (!tsc.isPropertyAccessExpression(node.expression) || node.expression.name.text !== "fill") return null;
  const maker = bare(tsc, node.expression.expression);
  if (!tsc.isNewExpression(maker) && !tsc.isCallExpression(maker)) return null;
  if (constructorName(cx, maker.expression) === null || node.arguments.length !== 1) return null;
  const [size] = maker.arguments ?? [];
  const [content] = node.arguments;
  if (size === undefined || content === undefined || maker.arguments?.length !== 1) return null;
  const length = lowerExpression(cx, size);
  if (length === poison) return poison;
  if (isRef(length)) return null;
  const value = atomOf(cx, lowerExpression(cx, content), content);
  if (value === poison) return poison;
  const shape = arrayShapeOf(cx, node, value);
  return shape === null ? poison : filled(cx, shape, numberOf(cx, length, size), value, node, hint);
}

function filled(
  cx: Context,
  made: MemoryShape,
  length: Atom,
  value: Atom | null,
  node: ts.Expression,
  hint: Hint | null,
): Bound {
  const { builder, regions } = cx.unit;
  const shape = widenedShape(cx, node, made);
  const blank = shape.kind === "array" ? blankOf(shape.element) : null;
  const content = value === null ? blank : fittedTo(cx, shape, value, node);
  if (content === poison) return poison;
  // Holes, which are filled with objects one after the other.
  if (content === null) {
    if (length.kind === "literal" && length.value === 0) return emptyArray(cx, shape, node, hint);
    const init = { kind: "filled", length, value: undefinedLiteral } as const;
    const holes = builder.alloc(shape, init, origin(cx, node, hint));
    if (isRef(holes)) noteMaker(cx, holes, node);
    if (shape.kind === "array" && shape.element.kind !== "maybe") noteHoles(cx, holes.type);
    return holes;
  }
  if (
    shape.kind === "array" &&
    holdsFunctions(shapeOfType(content.type)) &&
    !holds(shape.element, content.type)
  ) {
    cx.unit.widenings.add(node, { ...shape, element: shapeOfType(content.type) });
    return refuse(cx, "escapingFunction", node, { name: excerpt(node) });
  }
  const out = builder.alloc(shape, { kind: "filled", length, value: content }, origin(cx, node, hint));
  if (isRef(out)) noteMaker(cx, out, node);
  if (value === null && shape.kind === "array" && shape.storage === "Array") noteHoles(cx, out.type);
  const target = referenceRegion(content.type);
  const region = referenceRegion(out.type);
  if (target !== null && region !== null) regions.put(region, "*", target);
  return out;
}

/** `Array.from({ length: n }, f)`, `Array.from(xs, f)`, `Float64Array.from(xs)`, `Array.of(…)`; null for anything else. */
export function lowerArrayFrom(cx: Context, node: ts.CallExpression, hint: Hint | null): Bound | null {
  const tsc = cx.ts;
  if (!tsc.isPropertyAccessExpression(node.expression)) return null;
  const { expression, name } = node.expression;
  if (constructorName(cx, expression) === null) return null;
  if (name.text === "of") {
    const shape = arrayShapeOf(cx, node);
    return shape === null ? poison : listOf(cx, shape, node.arguments, node, hint);
  }
  const [first, second] = node.arguments;
  if (name.text !== "from" || first === undefined) return null;
  const shape = arrayShapeOf(cx, node);
  if (shape === null) return poison;
  const callback = second === undefined ? null : lowerExpression(cx, second);
  const inner = bare(tsc, first);
  if (tsc.isObjectLiteralExpression(inner)) return fromLength(cx, inner, shape, callback, node, hint);
  const given = lowerIterable(cx, first);
  if (given.kind === "generated" && callback === null && shape.kind === "array" && shape.storage === "Array")
    return collect(cx, given, node, hint, first);
  const source =
    given.kind === "generated" ? collect(cx, given, first, null) : listed(cx, given, first, null);
  if (source === poison) return poison;
  if (!isRef(source) || source.type.shape.kind === "object")
    return refuseExpression(cx, first, "source of an array");
  if (callback === null) return withoutHoles(cx, copyInto(cx, source, shape, node, hint));
  const length = loadLength(cx, source, node);
  return build(
    cx,
    shape,
    length,
    callback,
    (index) => loadCell(cx, source, keyOfIndex(index), node, null),
    node,
    hint,
  );
}

function fromLength(
  cx: Context,
  object: ts.ObjectLiteralExpression,
  shape: MemoryShape,
  callback: Bound | null,
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  const [property] = object.properties;
  const isLength =
    property !== undefined &&
    property.name !== undefined &&
    cx.ts.isIdentifier(property.name) &&
    property.name.text === "length" &&
    object.properties.length === 1;
  if (!isLength) return refuseExpression(cx, object, "source of an array");
  const value = cx.ts.isPropertyAssignment(property)
    ? property.initializer
    : cx.ts.isShorthandPropertyAssignment(property)
      ? property.name
      : null;
  if (value === null) return refuseExpression(cx, object, "source of an array");
  const length = numberOf(cx, lowerExpression(cx, value), value);
  if (callback === null) return filled(cx, shape, length, null, node, hint);
  return build(cx, shape, length, callback, () => undefinedLiteral, node, hint);
}

function build(
  cx: Context,
  shape: MemoryShape,
  length: Atom,
  given: Bound,
  element: (index: Atom) => Bound,
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  if (given === poison || length === poison) return poison;
  const callback = functionOf(cx, given, node) ?? given;
  if (isAtom(callback)) return refuse(cx, "unknownCallee", node, { code: excerpt(node) });
  const { out, put } = startFilling(cx, shape, () => length, node, hint);
  const name = callback.kind === "closure" ? callback.node.parameters[1]?.name : undefined;
  countedLoop(cx, node, {
    from: zero,
    to: length,
    indexName: name !== undefined && cx.ts.isIdentifier(name) ? name.text : null,
    assignedIn: callback.kind === "closure" ? callback.node : [],
    body: (index) => {
      const args = callback.kind === "builtin" ? [element(index)] : [element(index), index];
      const value = atomOf(
        cx,
        callStatic(cx, callback, args, node, null, () => undefined),
        node,
      );
      put(index, value);
      return fell;
    },
  });
  return out;
}

/** `Array` or a typed array of the library. */
function constructorName(cx: Context, node: ts.Expression): string | null {
  const inner = bare(cx.ts, node);
  if (!cx.ts.isIdentifier(inner)) return null;
  if (inner.text !== "Array" && typedStorage(inner.text) === null) return null;
  const symbol = cx.checker.getSymbolAtLocation(inner);
  const [declaration] = symbol?.declarations ?? [];
  if (declaration === undefined) return null;
  return cx.unit.project.program.isSourceFileDefaultLibrary(declaration.getSourceFile()) ? inner.text : null;
}

/** The shape by TypeScript's type; `new Array(n)` takes that of what it is assigned to. */
function arrayShapeOf(cx: Context, node: ts.Expression, content: Atom | null = null): MemoryShape | null {
  const contextual = cx.checker.getContextualType(node);
  for (const type of [cx.checker.getTypeAtLocation(node), contextual]) {
    const shape = type === undefined ? null : heldShapeOf(type, node, cx.unit.project);
    if (shape?.kind === "array") return shape;
  }
  if (content !== null && (content.type.kind === "real" || content.type.kind === "ref")) {
    return { kind: "array", element: shapeOfType(content.type), storage: "Array" };
  }
  const loose = looseShape(cx, cx.checker.getTypeAtLocation(node), node);
  if (loose?.kind === "array") return content === null ? loose : holding(loose, content);
  refuse(cx, "unsupportedType", node, {
    code: excerpt(node),
    type: cx.checker.typeToString(cx.checker.getTypeAtLocation(node)),
    reason: "the type of its elements is not known: write `new Array<number>(n)`",
  });
  return null;
}

/** Elements of type `any`, of which what they are filled with tells what they are. */
function holding(loose: ArrayShape, { type }: Atom): ArrayShape {
  if (type.kind === "nothing") return { ...loose, element: orNothing(loose.element, type.none) };
  return type.kind === "bool" || type.kind === "string" ? { ...loose, element: type } : loose;
}

/** `new Array(n)` has elements of type `any`, which become numbers. */
export function looseShape(cx: Context, type: ts.Type, node: ts.Node): Shape | null {
  if ((type.flags & cx.ts.TypeFlags.Any) !== 0) return { kind: "real" };
  if (!cx.checker.isArrayType(type)) {
    const shape = shapeOf(type, node, cx.unit.project);
    return shape.kind === "unsupported" ? null : shape;
  }
  const [element] = cx.checker.getTypeArguments(type as ts.TypeReference);
  const inner = element === undefined ? null : looseShape(cx, element, node);
  return inner === null ? null : { kind: "array", element: inner, storage: "Array" };
}
