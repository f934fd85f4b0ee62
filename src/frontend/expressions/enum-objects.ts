/** An enum as a value: the object that it is at run time. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean } from "../../ir/builder.js";
import type { Atom } from "../../ir/types.js";
import { globalIsNaN } from "../../ops/number.js";
import { numberOfText } from "../../ops/text.js";
import { type Context, poison, refuse } from "../context.js";
import { lowerSymbol, stringLiteral, symbolOf } from "../names.js";
import type { Bound } from "../scope.js";
import { unwrapped } from "../syntax.js";
import { apply, atomOf, not } from "../values.js";
import { lowerExpression } from "./expressions.js";
import { allocateObject } from "./literals.js";

/**
 * `typeof Level[key] === "number"`, for a key that may be any of the object's, whatever its type: those that are no
 * numbers are the names of members. Null for anything else.
 */
export function enumTypeTest(cx: Context, { left, right }: ts.BinaryExpression): Atom | null {
  const access = cx.ts.isTypeOfExpression(left) ? unwrapped(cx.ts, left.expression) : left;
  if (!cx.ts.isElementAccessExpression(access) || !cx.ts.isStringLiteralLike(right)) return null;
  const base = symbolOf(cx, access.expression);
  if (base === null || (base.flags & cx.ts.SymbolFlags.RegularEnum) === 0) return null;
  const members = [...(base.exports?.values() ?? [])].map((member) => lowerSymbol(cx, member, access));
  if (!members.every((member) => member.kind === "literal" && typeof member.value === "number")) return null;
  const key = atomOf(cx, lowerExpression(cx, access.argumentExpression), access);
  if (key === poison || key.type.kind !== "string") return null;
  const isName = apply(cx, globalIsNaN, [apply(cx, numberOfText, [key], access)], access);
  if (right.text === "number") return isName;
  return right.text === "string" ? not(cx, isName, access) : boolean(false);
}

/** Its members by their names, and the names of those that are numbers by these. */
export function enumObject(cx: Context, symbol: ts.Symbol, node: ts.Identifier): Bound {
  const cells = new Map<string, Bound>();
  for (const declaration of symbol.declarations ?? []) {
    for (const { name } of cx.ts.isEnumDeclaration(declaration) ? declaration.members : []) {
      const member = cx.checker.getSymbolAtLocation(name);
      const value = member === undefined ? null : lowerSymbol(cx, member, node);
      if (member === undefined || value?.kind !== "literal")
        return refuse(cx, "unsupportedBuiltin", node, { name: excerpt(node) });
      cells.set(member.name, value);
      if (typeof value.value === "number") cells.set(String(value.value), stringLiteral(member.name));
    }
  }
  return allocateObject(cx, node, cells, null);
}
