/** Instances that the emitted code makes of the user's classes, where `instanceof` tells them from others. */
import type { ts } from "ts-morph";
import type { InstanceOf } from "../../ir/types.js";
import type { ClassNode } from "./class-index.js";
import { baseOf } from "./classes.js";
import type { Context } from "../context.js";
import { cellName } from "../types/shapes.js";
import type { NamedValue } from "../value-names.js";

/** What an instance of the class, with these fields, is made by. */
export function realInstance(
  cx: Context,
  node: ClassNode,
  { text, imports }: NamedValue,
  fields: readonly string[],
): InstanceOf {
  const parameters = fieldsByParameter(cx, node);
  const isAll =
    parameters !== null &&
    parameters.length === fields.length &&
    fields.every((field) => parameters.includes(field));
  return { text, imports, names: lineage(cx, node), parameters: isAll ? parameters : null };
}

/** The class and those that it extends. */
function lineage(cx: Context, node: ClassNode): readonly string[] {
  const names: string[] = [];
  for (let each: ClassNode | "unknown" | null = node; each !== null; each = baseOf(cx, each)) {
    if (each === "unknown") break;
    names.push(each.name?.text ?? "");
  }
  return names;
}

/** The field that each parameter of the constructor is for; null where it does anything else. */
function fieldsByParameter(cx: Context, node: ClassNode): readonly string[] | null {
  const tsc = cx.ts;
  const base = baseOf(cx, node);
  if (base === "unknown") return null;
  const doesMore = node.members.some(
    (each) =>
      (tsc.isPropertyDeclaration(each) && each.initializer !== undefined) ||
      tsc.isClassStaticBlockDeclaration(each),
  );
  if (doesMore) return null;
  const above = base === null ? [] : fieldsByParameter(cx, base);
  const own = node.members.find(
    (each): each is ts.ConstructorDeclaration =>
      tsc.isConstructorDeclaration(each) && each.body !== undefined,
  );
  if (above === null || own?.body === undefined) return above;
  const fields = own.parameters.map((each) =>
    tsc.isParameterPropertyDeclaration(each, own) && tsc.isIdentifier(each.name)
      ? cellName(each.name.text)
      : null,
  );
  const names = own.parameters.map(({ name }) => (tsc.isIdentifier(name) ? name.text : null));
  for (const statement of own.body.statements) {
    for (const [name, field] of handedOn(cx, statement, above) ?? [[null, ""] as const]) {
      const at = name === null ? -1 : names.indexOf(name);
      if (at < 0 || fields[at] !== null) return null;
      fields[at] = field;
    }
  }
  return fields.every((field) => field !== null) ? fields : null;
}

/** `super(x)`, `this.x = x;`: the parameters with the fields that they are for; null for anything else. */
function handedOn(
  cx: Context,
  statement: ts.Statement,
  above: readonly string[],
): readonly (readonly [string | null, string])[] | null {
  const tsc = cx.ts;
  if (!tsc.isExpressionStatement(statement)) return null;
  const { expression } = statement;
  if (tsc.isCallExpression(expression) && expression.expression.kind === tsc.SyntaxKind.SuperKeyword) {
    if (expression.arguments.length !== above.length) return null;
    return above.map((field, i) => {
      const argument = expression.arguments[i];
      return [argument !== undefined && tsc.isIdentifier(argument) ? argument.text : null, field];
    });
  }
  if (!tsc.isBinaryExpression(expression)) return null;
  const { left, right, operatorToken } = expression;
  const isSetting =
    operatorToken.kind === tsc.SyntaxKind.EqualsToken &&
    tsc.isPropertyAccessExpression(left) &&
    left.expression.kind === tsc.SyntaxKind.ThisKeyword &&
    tsc.isIdentifier(right);
  return isSetting ? [[right.text, cellName(left.name.text)]] : null;
}
