/** The shapes of fields of objects that are made: those of what they are given first, or wider where they are declared so. */
import type { ts } from "ts-morph";
import { isBox } from "../../ir/boxes.js";
import { nameOfShape } from "../../ir/shapes.js";
import { number } from "../../ir/builder.js";
import type { Atom, Shape, Type } from "../../ir/types.js";
import { type Context, refuseExpression } from "../context.js";
import { shapeOfNumber, shapeOfType } from "../memory.js";
import { concreteType, meantType } from "../types/concrete-types.js";
import { isUntold } from "../types/function-shapes.js";
import { joinShapes, orNothing } from "../types/joined-types.js";
import { type ShapeResult, shapeOf } from "../types/shapes.js";
import { includesNothing } from "../values.js";

function fieldType(cx: Context, type: ts.Type, node: ts.Node, name: string): ts.Type | null {
  const property = cx.checker.getPropertyOfType(type, name);
  return property === undefined ? null : cx.checker.getTypeOfSymbolAtLocation(property, node);
}

/** The shape of a field, wider than its first value where the declared type is. */
export function fieldShape(
  cx: Context,
  node: ts.Expression | ts.BindingName,
  name: string,
  first: Type,
): Shape {
  const isLiteral = cx.ts.isObjectLiteralExpression(node) || cx.ts.isArrayLiteralExpression(node);
  const isMade = isLiteral || cx.ts.isCallExpression(node);
  if (!isMade) return shapeOfType(first);
  const whole = meantType(cx, node) ?? cx.checker.getTypeAtLocation(node);
  const concrete = concreteType(cx, node, cx.checker.getNonNullableType(whole));
  const type = fieldType(cx, memberMeant(cx, node, concrete), node, name);
  return type === null ? shapeOfType(first) : widened(cx, node, first, type);
}

/** The one of a union that the literal is certainly of. */
function memberMeant({ checker }: Context, node: ts.Expression | ts.BindingName, type: ts.Type): ts.Type {
  if (!type.isUnion()) return type;
  const made = checker.getTypeAtLocation(node);
  const [only, ...more] = type.types.filter((member) => checker.isTypeAssignableTo(made, member));
  return only === undefined || more.length > 0 ? type : only;
}

/** What a cell of the declared type may hold that holds this at first. */
export function widened(cx: Context, node: ts.Node, held: Type, type: ts.Type): Shape {
  const declared = shapeOf(type, node, cx.unit.project);
  const first = shapeOfNumber(held, declared) ?? shapeOfType(held);
  // It is given its value later.
  if (first.kind === "nothing" && declared.kind !== "unsupported" && !includesNothing(cx, type))
    return orNothing(declared, first.none);
  const named = declaredName(first, declared);
  if (named !== null) return named;
  if (
    declared.kind !== "unsupported" &&
    isBox(declared.kind === "maybe" ? declared.shape : declared) &&
    !isBox(first)
  )
    return declared;
  if (declared.kind === "maybe" && declared.other !== undefined && joinShapes(declared, first) !== null)
    return declared;
  if (!includesNothing(cx, type)) return asDeclared(first, declared);
  if (first.kind !== "nothing")
    return orNothing(first, declared.kind === "maybe" ? declared.none : undefined);
  // Functions are put there as records, of which nothing is known yet.
  if (declared.kind === "unsupported" || isUntold(declared)) return first;
  return joinShapes(first, declared) ?? first;
}

/** The values that the cell may hold are those that are declared. */
function asDeclared(first: Shape, declared: ShapeResult): Shape {
  return declared.kind !== "unsupported" && declared.kind === first.kind && "literals" in declared
    ? declared
    : first;
}

/** What is declared of a named type may be given any of its kinds later. */
function declaredName(first: Shape, declared: ShapeResult): Shape | null {
  if (declared.kind === "unsupported") return null;
  if (nameOfShape(declared.kind === "maybe" ? declared.shape : declared) === null) return null;
  return joinShapes(declared, first) === null ? null : declared;
}

/** What a field holds that the object certainly has by its type, and that is given to it later: `{} as Knot`. */
export function untilGiven(cx: Context, name: string, cell: Shape, node: ts.Node): Atom {
  if (cell.kind === "real") return number(NaN, "NaN");
  return refuseExpression(cx, node, `object whose \`${name}\` is given to it later`);
}
