/**
 * Classes that functions make of others: `class Big extends Scalable(Disc)`, where `Scalable` returns `class extends Base`.
 * Which class an expression gives is read from the text. A mixin's class is one; so it can extend one class only, that which
 * all calls of the mixin hand over.
 */
import type { ts } from "ts-morph";
import { bare } from "../syntax.js";
import { descendants } from "./descendants.js";
import type { ClassNode, Project } from "./class-index.js";

/** `class extends Base`, where a function is given `Base`: what the class has from it, its type does not say. */
export function isMixinClass({ heritageClauses }: ClassNode, project: Project): boolean {
  const { ts } = project;
  const clause = heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const base = clause?.types[0]?.expression;
  const declaration = base === undefined ? null : declarationAt(base, project);
  return declaration !== null && ts.isParameter(declaration);
}

/** The type of its instances, with what they have from the class that it is given; null where there is no call. */
export function mixinInstance(
  node: ClassNode,
  project: Project,
  files: readonly ts.SourceFile[],
): ts.Type | null {
  const { ts, checker } = project;
  const mixin = ts.findAncestor(node.parent, ts.isFunctionLike);
  const [call] = mixin !== undefined && isMixin(mixin, project) ? (callsOf(mixin, project, files) ?? []) : [];
  const [signature] = call === undefined ? [] : checker.getTypeAtLocation(call).getConstructSignatures();
  return signature?.getReturnType() ?? null;
}

/** Null where the text does not tell, or it is now one and now another. */
export function classGiven(
  expression: ts.Expression,
  project: Project,
  files: readonly ts.SourceFile[],
  around: readonly ts.Node[] = [],
): ClassNode | null {
  const { ts } = project;
  const node = bare(ts, expression);
  if (around.includes(node)) return null;
  const inner = [...around, node];
  if (ts.isClassExpression(node)) return node;
  if (ts.isCallExpression(node)) {
    const mixin = functionAt(node.expression, project);
    const given = mixin === null ? null : returnedBy(mixin, project);
    return given === null ? null : classGiven(given, project, files, inner);
  }
  const declaration = declarationAt(node, project);
  if (declaration === null) return null;
  if (ts.isClassLike(declaration)) return declaration;
  if (isConstant(declaration, project)) return classGiven(declaration.initializer, project, files, inner);
  if (!ts.isParameter(declaration) || !isMixin(declaration.parent, project)) return null;
  const at = declaration.parent.parameters.indexOf(declaration);
  const calls = callsOf(declaration.parent, project, files);
  const [first, ...others] = (calls ?? []).map(({ arguments: args }) => {
    const argument = args[at];
    return argument === undefined ? null : classGiven(argument, project, files, inner);
  });
  return first != null && others.every((each) => each === first) ? first : null;
}

/** What the name stands for, behind imports. */
function declarationAt(node: ts.Node, { ts, checker }: Project): ts.Declaration | null {
  const symbol = checker.getSymbolAtLocation(node);
  if (symbol === undefined) return null;
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  return (isAlias ? checker.getAliasedSymbol(symbol) : symbol).valueDeclaration ?? null;
}

type Constant = ts.VariableDeclaration & { readonly initializer: ts.Expression };

function isConstant(node: ts.Node, { ts }: Project): node is Constant {
  return (
    ts.isVariableDeclaration(node) &&
    (node.parent.flags & ts.NodeFlags.Const) !== 0 &&
    node.initializer !== undefined
  );
}

type Mixin = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

function isMixin(node: ts.Node, { ts }: Project): node is Mixin {
  return ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isArrowFunction(node);
}

function functionAt(callee: ts.Expression, project: Project): Mixin | null {
  const declaration = declarationAt(bare(project.ts, callee), project);
  if (declaration === null) return null;
  const node = isConstant(declaration, project) ? bare(project.ts, declaration.initializer) : declaration;
  return isMixin(node, project) ? node : null;
}

/** The one expression that the function returns. */
function returnedBy({ body }: Mixin, { ts }: Project): ts.Expression | null {
  if (body === undefined) return null;
  if (!ts.isBlock(body)) return body;
  const found: ts.ReturnStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node)) found.push(node);
    if (!ts.isFunctionLike(node) && !ts.isClassLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  const [only, ...more] = found;
  return more.length === 0 ? (only?.expression ?? null) : null;
}

/** All calls of the function; null where it goes elsewhere as a value. */
function callsOf(
  mixin: Mixin,
  project: Project,
  files: readonly ts.SourceFile[],
): readonly ts.CallExpression[] | null {
  const { ts } = project;
  const holder = ts.isFunctionDeclaration(mixin) ? mixin : mixin.parent;
  const name = ts.isFunctionDeclaration(holder) || ts.isVariableDeclaration(holder) ? holder.name : undefined;
  if (name === undefined || !ts.isIdentifier(name)) return null;
  const calls: ts.CallExpression[] = [];
  for (const file of files) {
    if (!file.text.includes(name.text)) continue;
    for (const node of descendants(ts, file)) {
      const isOther = !ts.isIdentifier(node) || node === name || declarationAt(node, project) !== holder;
      if (isOther || isMention(node, project)) continue;
      const callee = ts.isPropertyAccessExpression(node.parent) ? node.parent : node;
      const { parent: call } = callee;
      if (!ts.isCallExpression(call) || call.expression !== callee) return null;
      calls.push(call);
    }
  }
  return calls;
}

/** In a type, an import or an export. */
function isMention({ parent }: ts.Node, { ts }: Project): boolean {
  return (
    ts.isTypeQueryNode(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isImportClause(parent) ||
    ts.isExportSpecifier(parent) ||
    ts.isExportAssignment(parent)
  );
}
