/** Constructors of the user's errors that do nothing but set fields: with the same arguments, they make the same error. */
import type { ts } from "ts-morph";
import { type ClassNode, baseOf } from "./classes.js";
import type { Context } from "../context.js";
import { isCosmetic, libraryErrorOf } from "./errors.js";
import { constructorOf } from "./instances.js";
import { cellName } from "../types/shapes.js";

/** The field that each parameter of the constructor is for; null where one is for anything else. */
export function errorParameters(cx: Context, node: ClassNode): readonly string[] | null {
  const base = baseOf(cx, node);
  if (base === null) return null;
  if (base === "unknown" && libraryErrorOf(cx, node) === null) return null;
  const above = base === "unknown" ? ["message"] : errorParameters(cx, base);
  const own = constructorOf(cx, node);
  if (above === null || own?.body === undefined) return above;
  const { ts: tsc } = cx;
  const fields = new Map<string, string>();
  const set: string[] = [];
  for (const parameter of own.parameters) {
    if (!tsc.isIdentifier(parameter.name) || parameter.dotDotDotToken !== undefined) return null;
    if (!tsc.isParameterPropertyDeclaration(parameter, own)) continue;
    fields.set(parameter.name.text, parameter.name.text);
    set.push(parameter.name.text);
  }
  for (const statement of own.body.statements) {
    if (isCosmetic(statement, true)) continue;
    if (!tsc.isExpressionStatement(statement)) return null;
    const { expression } = statement;
    const field = fieldSet(cx, expression);
    if (field !== null) {
      set.push(field.name);
      if (tsc.isIdentifier(field.value)) fields.set(field.value.text, field.name);
      continue;
    }
    const isSuper =
      tsc.isCallExpression(expression) && expression.expression.kind === tsc.SyntaxKind.SuperKeyword;
    if (!isSuper) return null;
    expression.arguments.forEach((argument, i) => {
      const name = above[i];
      if (tsc.isIdentifier(argument) && name !== undefined && !fields.has(argument.text))
        fields.set(argument.text, name);
    });
  }
  const found = own.parameters.map(({ name }) =>
    tsc.isIdentifier(name) ? fields.get(name.text) : undefined,
  );
  const isOnce = (field: string): boolean => set.filter((each) => each === field).length <= 1;
  return found.every((field) => field !== undefined && isOnce(field)) ? (found as string[]) : null;
}

/** `this.residual = r`. */
function fieldSet(
  { ts: tsc }: Context,
  node: ts.Expression,
): { readonly name: string; readonly value: ts.Expression } | null {
  if (!tsc.isBinaryExpression(node) || node.operatorToken.kind !== tsc.SyntaxKind.EqualsToken) return null;
  const { left, right } = node;
  if (!tsc.isPropertyAccessExpression(left) || left.expression.kind !== tsc.SyntaxKind.ThisKeyword)
    return null;
  return { name: cellName(left.name.text), value: right };
}
