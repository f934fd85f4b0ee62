/** Expressions that mean the same wherever they are written. */
import type { ts } from "ts-morph";
import type { FrontendProject } from "../project/project.js";

/** True for a constant that refers to no name but those of `Math`, `Number`, `Infinity`, `NaN` and `undefined`. */
export function isSelfContained(expression: ts.Expression, project: FrontendProject): boolean {
  const { ts } = project;
  const all = (parts: readonly ts.Expression[]): boolean =>
    parts.every((part) => isSelfContained(part, project));
  if (ts.isParenthesizedExpression(expression)) return all([expression.expression]);
  if (ts.isPrefixUnaryExpression(expression)) return isSign(ts, expression) && all([expression.operand]);
  if (ts.isBinaryExpression(expression)) {
    return isArithmetic(ts, expression.operatorToken.kind) && all([expression.left, expression.right]);
  }
  if (ts.isArrayLiteralExpression(expression)) return all(expression.elements);
  if (ts.isObjectLiteralExpression(expression)) {
    return expression.properties.every(
      (property) =>
        ts.isPropertyAssignment(property) &&
        !ts.isComputedPropertyName(property.name) &&
        all([property.initializer]),
    );
  }
  return isLiteral(ts, expression) || isGlobalConstant(expression, project);
}

function isLiteral(
  { SyntaxKind, isLiteralExpression }: FrontendProject["ts"],
  expression: ts.Expression,
): boolean {
  if (expression.kind === SyntaxKind.RegularExpressionLiteral) return false;
  const words = [SyntaxKind.TrueKeyword, SyntaxKind.FalseKeyword, SyntaxKind.NullKeyword];
  return isLiteralExpression(expression) || words.includes(expression.kind);
}

function isSign({ SyntaxKind }: FrontendProject["ts"], { operator }: ts.PrefixUnaryExpression): boolean {
  return [SyntaxKind.MinusToken, SyntaxKind.PlusToken, SyntaxKind.ExclamationToken].includes(operator);
}

function isArithmetic({ SyntaxKind }: FrontendProject["ts"], operator: ts.SyntaxKind): boolean {
  const { PlusToken, MinusToken, AsteriskToken, SlashToken, PercentToken, AsteriskAsteriskToken } =
    SyntaxKind;
  const operators: readonly ts.SyntaxKind[] = [
    PlusToken,
    MinusToken,
    AsteriskToken,
    SlashToken,
    PercentToken,
    AsteriskAsteriskToken,
  ];
  return operators.includes(operator);
}

/** `Infinity`, or `Math.PI` and `Number.EPSILON`. */
function isGlobalConstant(expression: ts.Expression, project: FrontendProject): boolean {
  const { ts } = project;
  if (ts.isIdentifier(expression)) {
    const names = ["Infinity", "NaN", "undefined"];
    return names.includes(expression.text) && isFromLibrary(expression, project);
  }
  return (
    ts.isPropertyAccessExpression(expression) &&
    ts.isIdentifier(expression.expression) &&
    ["Math", "Number"].includes(expression.expression.text) &&
    /^[A-Z][A-Z0-9_]*$|^NaN$/u.test(expression.name.text) &&
    isFromLibrary(expression.expression, project)
  );
}

function isFromLibrary(name: ts.Identifier, { checker, program }: FrontendProject): boolean {
  const declarations = checker.getSymbolAtLocation(name)?.declarations ?? [];
  return declarations.every((declaration) => program.isSourceFileDefaultLibrary(declaration.getSourceFile()));
}
