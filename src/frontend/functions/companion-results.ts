/** How a function that is called is left. */
import type { ts } from "ts-morph";
import type { Atom, End, Type } from "../../ir/types.js";
import { privateFieldIn } from "../../ir/privacy.js";
import { nameOfShape } from "../../ir/shapes.js";
import { fits } from "../../ir/verify-types.js";
import { type Context, poison, refuse } from "../context.js";
import { asTyped } from "../expressions/boxes.js";
import { saveBoxes } from "./companion-boxes.js";
import { lowerExpression } from "../expressions/expressions.js";
import { referenceRegion, shapeOfType } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { isOfFamily } from "../types/families.js";
import { type Bound } from "../scope.js";
import { atomOf, describeType, numberOf, trusted } from "../values.js";

/** Leaves a function that is called. */
export function returnFromCompanion(
  cx: Context,
  expression: ts.Expression | null,
  result: Type | null,
  node: ts.Node,
): End {
  const bound = expression === null ? undefinedLiteral : lowerExpression(cx, expression);
  return endOfCompanion(cx, bound, result, expression ?? node);
}

/** The end of a function that returns what an expression gave. */
export function endOfCompanion(cx: Context, bound: Bound, result: Type | null, node: ts.Node): End {
  const { statement } = cx;
  if (result === null) {
    saveBoxes(cx, node);
    return { kind: "return", values: [], statement };
  }
  const given = isNumber(result) ? numberOf(cx, bound, node) : atomOf(cx, bound, node);
  if (!learnResult(cx, given)) return { kind: "return", values: [poison], statement };
  const found = asTyped(cx, given, result, node);
  const atom = isLooser(found.type, result) ? trusted(cx, found, node) : found;
  // What is declared in one way may be made in another where TypeScript does not look.
  if (atom !== poison && !(fits(atom, result) && isAsDeclared(cx, atom, result))) {
    const name = cx.frame.closure?.name ?? "function";
    refuse(cx, "recursion", node, {
      name,
      reason: `returns ${describeType(atom.type)} of another kind than declared`,
    });
    return { kind: "return", values: [poison], statement };
  }
  const [from, to] = [referenceRegion(atom.type), referenceRegion(result)];
  if (from !== null && to !== null) cx.unit.regions.merge(from, to);
  saveBoxes(cx, node);
  return { kind: "return", values: [atom], statement };
}

/**
 * A literal is no instance, though it may have all that the type tells of these; nor is an instance from outside, which has
 * private fields, one that is made here.
 */
function isAsDeclared({ unit: { project } }: Context, { type }: Atom, result: Type): boolean {
  if (type.kind !== "ref" || nameOfShape(type.shape) !== null || result.kind !== "ref") return true;
  if (privateFieldIn(type.shape) !== privateFieldIn(result.shape)) return false;
  return ![...project.families.values()].some((family) => isOfFamily(result.shape, family, project));
}

/** Notes which functions are returned; false where that is news, so that all is lowered once more. */
function learnResult(cx: Context, { type }: Atom): boolean {
  const { records } = cx.unit;
  const node = cx.frame.closure?.node;
  if (node === undefined || !records.isKeptVariable(node)) return true;
  const before = records.changes;
  if (type !== poison.type) records.learnVariable(node, shapeOfType(type));
  return records.changes === before;
}

/** What is returned may be missing in a way that the function's own type does not have: then it is not. */
function isLooser(type: Type, result: Type): boolean {
  if (type.kind !== "maybe") return false;
  return result.kind !== "maybe" || (result.none !== undefined && type.none !== result.none);
}

export function isNumber({ kind }: Type): boolean {
  return kind === "real" || kind === "int";
}
