/** What CommonJS modules export: `exports.f = …`, `module.exports = { f }`, and what TypeScript makes of re-exports. */
import type { ts } from "ts-morph";

/** What stands behind a name that a CommonJS module exports. */
export type Exported =
  | { readonly kind: "symbol"; readonly symbol: ts.Symbol }
  | { readonly kind: "expression"; readonly expression: ts.Expression }
  | { readonly kind: "method"; readonly method: ts.MethodDeclaration };

/** The symbol of a module, of whichever kind; undefined for a script. */
export function moduleSymbol(checker: ts.TypeChecker, file: ts.SourceFile): ts.Symbol | undefined {
  // The binder makes one for CommonJS modules too, of which the checker does not tell.
  return checker.getSymbolAtLocation(file) ?? (file as { readonly symbol?: ts.Symbol }).symbol;
}

/** Null for what is not exported that way, and for what is not certain. */
export function exportedByAssignment(
  { ts: tsc, checker }: { readonly ts: typeof ts; readonly checker: ts.TypeChecker },
  symbol: ts.Symbol,
): Exported | null {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined || (declaration.flags & tsc.NodeFlags.JavaScriptFile) === 0) return null;
  if (tsc.isShorthandPropertyAssignment(declaration)) {
    const value = checker.getShorthandAssignmentValueSymbol(declaration);
    return value === undefined ? null : { kind: "symbol", symbol: value };
  }
  if (tsc.isPropertyAssignment(declaration)) return expression(declaration.initializer);
  if (tsc.isMethodDeclaration(declaration)) return { kind: "method", method: declaration };
  if (tsc.isCallExpression(declaration)) return expression(returnedByGetter(tsc, declaration));
  if (tsc.isPropertyAccessExpression(declaration) || tsc.isBinaryExpression(declaration))
    return expression(assignedOnce(tsc, declaration));
  return null;
}

/** The module that an export is: `exports.vec = require("./vec")`, by way of a variable and of Babel's helper too. */
export function exportedModule(
  project: { readonly ts: typeof ts; readonly checker: ts.TypeChecker },
  symbol: ts.Symbol,
): ts.Symbol | null {
  const exported = exportedByAssignment(project, symbol);
  if (exported?.kind === "expression") return moduleOf(project, exported.expression);
  return moduleInVariable(project, exported?.kind === "symbol" ? exported.symbol : symbol);
}

function moduleOf(
  project: { readonly ts: typeof ts; readonly checker: ts.TypeChecker },
  value: ts.Expression,
): ts.Symbol | null {
  const { ts: tsc, checker } = project;
  if (tsc.isIdentifier(value)) {
    const symbol = checker.getSymbolAtLocation(value);
    return symbol === undefined ? null : moduleInVariable(project, symbol);
  }
  if (!tsc.isCallExpression(value) || !tsc.isIdentifier(value.expression)) return null;
  const [argument] = value.arguments;
  if (argument === undefined) return null;
  if (wholeModule.has(value.expression.text)) return moduleOf(project, argument);
  if (value.expression.text !== "require" || !tsc.isStringLiteral(argument)) return null;
  return checker.getSymbolAtLocation(argument) ?? null;
}

/** What compilers put around `require` where the source says `import * as`. */
const wholeModule: ReadonlySet<string> = new Set([
  "_interopRequireWildcard",
  "_interop_require_wildcard",
  "__importStar",
]);

/** Of a variable that is given a module where it is declared, and nothing else. */
function moduleInVariable(
  project: { readonly ts: typeof ts; readonly checker: ts.TypeChecker },
  symbol: ts.Symbol,
): ts.Symbol | null {
  const { ts: tsc, checker } = project;
  if ((symbol.flags & tsc.SymbolFlags.Alias) !== 0) {
    const aliased = checker.getAliasedSymbol(symbol);
    return (aliased.flags & tsc.SymbolFlags.ValueModule) === 0 ? null : aliased;
  }
  const [declaration, ...others] = symbol.declarations ?? [];
  if (declaration === undefined || others.length > 0 || !tsc.isVariableDeclaration(declaration)) return null;
  if ((declaration.flags & tsc.NodeFlags.JavaScriptFile) === 0) return null;
  const { initializer, name } = declaration;
  if (initializer === undefined || isAssignedAgain(tsc, declaration.getSourceFile(), name.getText()))
    return null;
  return moduleOf(project, initializer);
}

function isAssignedAgain(tsc: typeof ts, file: ts.SourceFile, name: string): boolean {
  const visit = (node: ts.Node): boolean =>
    (tsc.isBinaryExpression(node) &&
      node.operatorToken.kind === tsc.SyntaxKind.EqualsToken &&
      node.left.getText() === name) ||
    tsc.forEachChild(node, (child) => visit(child) || undefined) === true;
  return visit(file);
}

function expression(found: ts.Expression | null): Exported | null {
  return found === null ? null : { kind: "expression", expression: found };
}

/** What the one assignment to `exports.f` or `module.exports` gives it, at the top level of its module. */
function assignedOnce(tsc: typeof ts, declaration: ts.Declaration): ts.Expression | null {
  const place = tsc.isBinaryExpression(declaration) ? declaration.left : declaration;
  const text = place.getText();
  const file = declaration.getSourceFile();
  const values: ts.Expression[] = [];
  const elsewhere: ts.Node[] = [];
  const visit = (node: ts.Node, isOutermost: boolean): void => {
    const isAssignment =
      tsc.isBinaryExpression(node) && node.operatorToken.kind === tsc.SyntaxKind.EqualsToken;
    if (isAssignment && node.left.getText() === text) {
      if (!isOutermost) elsewhere.push(node);
      values.push(lastOf(tsc, node.right));
    }
    const isTop = tsc.isSourceFile(node) || tsc.isExpressionStatement(node) || isAssignment;
    tsc.forEachChild(node, (child) => {
      visit(child, isOutermost && isTop);
    });
  };
  visit(file, true);
  const [only, ...others] = values.filter((value) => !tsc.isVoidExpression(value));
  return only === undefined || others.length > 0 || elsewhere.length > 0 ? null : only;
}

/** `a = b = c` gives `c`. */
function lastOf(tsc: typeof ts, value: ts.Expression): ts.Expression {
  const isAssignment =
    tsc.isBinaryExpression(value) && value.operatorToken.kind === tsc.SyntaxKind.EqualsToken;
  return isAssignment ? lastOf(tsc, value.right) : value;
}

/** `Object.defineProperty(exports, "f", { get: function () { return other.f; } })`. */
function returnedByGetter(tsc: typeof ts, call: ts.CallExpression): ts.Expression | null {
  const descriptor = call.arguments[2];
  if (descriptor === undefined || !tsc.isObjectLiteralExpression(descriptor)) return null;
  for (const property of descriptor.properties) {
    if (property.name?.getText() !== "get" || !tsc.isPropertyAssignment(property)) continue;
    const { initializer } = property;
    if (!tsc.isFunctionExpression(initializer) && !tsc.isArrowFunction(initializer)) return null;
    if (!tsc.isBlock(initializer.body)) return initializer.body;
    const [only, ...others] = initializer.body.statements;
    const isReturn = only !== undefined && others.length === 0 && tsc.isReturnStatement(only);
    return isReturn ? (only.expression ?? null) : null;
  }
  return null;
}
