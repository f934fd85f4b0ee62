/** Where a module uses the macros of the package `tsad`, under whatever local name. */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";

export type MacroName = "grad" | "valueAndGrad";

export interface MacroUses {
  /** Import declarations of macros, and of nothing else: once the calls are replaced, nothing needs them. */
  readonly imports: readonly ts.Node[];
  /** Calls, in order. */
  readonly calls: readonly { readonly name: MacroName; readonly node: ts.CallExpression }[];
  /** Uses that are no call, and can therefore not be replaced. */
  readonly others: readonly ts.Node[];
}

const packageName = "tsad";

type TypeScript = typeof ts;

/** All uses in a file. Names in types do not count. */
export function macroUses(ts: TypeScript, checker: ts.TypeChecker, file: ts.SourceFile): MacroUses {
  const bindings = new Map<ts.Symbol, MacroName | "namespace">();
  const names = new Set<string>();
  const imports: ts.Node[] = [];
  const calls: { readonly name: MacroName; readonly node: ts.CallExpression }[] = [];
  const others: ts.Node[] = [];

  const bind = (local: ts.Identifier, means: MacroName | "namespace"): void => {
    const symbol = checker.getSymbolAtLocation(local);
    if (symbol !== undefined) bindings.set(symbol, means);
    names.add(local.text);
  };
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement) && isPackage(ts, statement.moduleSpecifier)) {
      if (!statement.isTypeOnly) others.push(statement);
    } else if (ts.isImportDeclaration(statement) && isPackage(ts, statement.moduleSpecifier)) {
      if (statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) continue;
      if (importsMacrosOnly(ts, statement)) imports.push(statement);
      bindImports(ts, statement, bind);
    }
  }

  for (const node of descendants(ts, file)) {
    if (isDynamicImport(ts, node)) others.push(node);
    if (!ts.isIdentifier(node) || !names.has(node.text) || isInImport(ts, node)) continue;
    const means = bindings.get(symbolOf(ts, checker, node) ?? noSymbol);
    if (means === undefined || isInType(ts, node)) continue;
    // What runs as it is, is no macro.
    if (means === "namespace" && isFunctionOfPackage(ts, node)) {
      const needed = ts.findAncestor(bindingOf(checker, node), (each) => ts.isImportDeclaration(each));
      if (needed !== undefined && imports.includes(needed)) imports.splice(imports.indexOf(needed), 1);
      continue;
    }
    const use = means === "namespace" ? memberOf(ts, node) : { node, name: means };
    const call = use === null ? null : callOf(ts, use.node);
    if (use === null || call === null) others.push(node);
    else calls.push({ name: use.name, node: call });
  }
  return { imports, calls, others };
}

/** The import that declares a name is one of the package. */
export function isPackageImport(ts: TypeScript, declaration: ts.Node): boolean {
  const statement = ts.findAncestor(declaration, (node) => ts.isImportDeclaration(node));
  return statement !== undefined && isPackage(ts, statement.moduleSpecifier);
}

/** Stands for what has no symbol; nothing is bound to it. */
const noSymbol = Object.freeze({}) as ts.Symbol;

function isPackage(ts: TypeScript, specifier: ts.Expression | undefined): boolean {
  return specifier !== undefined && ts.isStringLiteral(specifier) && specifier.text === packageName;
}

function bindImports(
  ts: TypeScript,
  { importClause }: ts.ImportDeclaration,
  bind: (local: ts.Identifier, means: MacroName | "namespace") => void,
): void {
  const bindings = importClause?.namedBindings;
  if (bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) {
    bind(bindings.name, "namespace");
    return;
  }
  for (const { isTypeOnly, name, propertyName } of bindings.elements) {
    const imported = (propertyName ?? name).text;
    if (!isTypeOnly && isMacro(imported)) bind(name, imported);
  }
}

/** A namespace counts, as long as nothing but macros is used of it. */
function importsMacrosOnly(ts: TypeScript, { importClause }: ts.ImportDeclaration): boolean {
  const bindings = importClause?.namedBindings;
  if (bindings === undefined || ts.isNamespaceImport(bindings)) return true;
  return bindings.elements.every(
    ({ isTypeOnly, name, propertyName }) => isTypeOnly || isMacro((propertyName ?? name).text),
  );
}

/** `tsad.stopGradient`. */
function isFunctionOfPackage(ts: TypeScript, node: ts.Identifier): boolean {
  const { parent } = node;
  return ts.isPropertyAccessExpression(parent) && parent.expression === node && parent.name.text === stopName;
}

/** The function of the package that is there when the program runs. */
export const stopName = "stopGradient";

function bindingOf(checker: ts.TypeChecker, node: ts.Identifier): ts.Node | undefined {
  return checker.getSymbolAtLocation(node)?.declarations?.[0];
}

function isMacro(name: string): name is MacroName {
  return name === "grad" || name === "valueAndGrad";
}

/** `import("tsad")` and `require("tsad")`. */
function isDynamicImport(ts: TypeScript, node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !isPackage(ts, node.arguments[0])) return false;
  const { expression } = node;
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === "require")
  );
}

function isInImport(ts: TypeScript, node: ts.Node): boolean {
  return ts.findAncestor(node, (each) => ts.isImportDeclaration(each)) !== undefined;
}

function isInType(ts: TypeScript, node: ts.Node): boolean {
  return ts.findAncestor(node, (each) => ts.isTypeNode(each) && !ts.isExpression(each)) !== undefined;
}

function symbolOf(ts: TypeScript, checker: ts.TypeChecker, node: ts.Identifier): ts.Symbol | undefined {
  if (ts.isShorthandPropertyAssignment(node.parent))
    return checker.getShorthandAssignmentValueSymbol(node.parent);
  if (ts.isExportSpecifier(node.parent)) return checker.getExportSpecifierLocalTargetSymbol(node.parent);
  return checker.getSymbolAtLocation(node);
}

/** `tsad.grad` of the namespace `tsad`; null for any other use of it. */
function memberOf(
  ts: TypeScript,
  node: ts.Identifier,
): { readonly node: ts.Expression; readonly name: MacroName } | null {
  const { parent } = node;
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== node) return null;
  const name = parent.name.text;
  return isMacro(name) ? { node: parent, name } : null;
}

function callOf(ts: TypeScript, callee: ts.Expression): ts.CallExpression | null {
  const { parent } = callee;
  return ts.isCallExpression(parent) && parent.expression === callee ? parent : null;
}
