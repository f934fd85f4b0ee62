/**
 * Finds the functions tagged `@grad`: takes a source file, gives those that can be differentiated as far as their
 * declaration tells, and reports the others.
 */
import type { ts } from "ts-morph";
import { type Diagnostics, excerpt } from "../../diagnostics/collector.js";
import { exportedName } from "../project/exports.js";
import type { FrontendProject } from "../project/project.js";
import { instanceName } from "./parameter-names.js";
import { type WrtName, readTag } from "./tag.js";
import { reportLostTags, reportPlainComments, taggedNodes } from "./tagged.js";
import { checkTarget } from "./target-checks.js";

export type TargetNode = (
  ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration
) & {
  readonly body: ts.ConciseBody;
};

/** A function to differentiate. */
export interface Target {
  readonly name: string;
  readonly node: TargetNode;
  /** What is named: the function itself, or the variable. */
  readonly declaration:
    | ts.FunctionDeclaration
    | ts.VariableDeclaration
    | ts.FunctionExpression
    | ts.ArrowFunction
    | ts.MethodDeclaration;
  /** For a method: its class, and whether its gradient takes an instance first. */
  readonly owner: Owner | null;
  readonly sourceFile: ts.SourceFile;
  readonly exported: boolean;
  /** The names behind `wrt`, null where the tag has none. */
  readonly wrt: readonly WrtName[] | null;
}

/** The class that a method belongs to. */
export interface Owner {
  readonly class: ts.ClassDeclaration;
  readonly isStatic: boolean;
}

/** The targets of a file, in its order. */
export function findTargets(
  project: FrontendProject,
  sourceFile: ts.SourceFile,
  diagnostics: Diagnostics,
): readonly Target[] {
  if (!sourceFile.text.includes("@grad")) return [];
  reportPlainComments(project.ts, sourceFile, diagnostics);
  reportLostTags(project.ts, sourceFile, diagnostics);
  return taggedNodes(project.ts, sourceFile).flatMap(({ node, tags: [tag, second] }) => {
    const before = diagnostics.errorCount;
    const found = functionOf(project, node, tag, diagnostics);
    if (found === null) return [];
    if (second !== undefined) diagnostics.report("duplicateTag", second.tagName, { name: found.name });
    const target = makeTarget(project, found, tag, diagnostics);
    checkTarget(project, target, diagnostics);
    return diagnostics.errorCount === before ? [target] : [];
  });
}

interface FoundFunction {
  readonly name: string;
  readonly node: TargetNode;
  readonly declaration: ts.FunctionDeclaration | ts.VariableDeclaration | ts.MethodDeclaration;
  readonly owner: Owner | null;
}

/** The function that a tagged node declares; null, and a report, if it is none that can be a target. */
function functionOf(
  project: FrontendProject,
  node: ts.Node,
  tag: ts.JSDocTag,
  diagnostics: Diagnostics,
): FoundFunction | null {
  const { ts } = project;
  if (ts.isFunctionDeclaration(node)) return declaredFunction(project, node, tag, diagnostics);
  if (ts.isMethodDeclaration(node) && ts.isClassLike(node.parent))
    return methodTarget(project, node, node.parent, tag, diagnostics);
  if (isMember(ts, node)) {
    diagnostics.report("methodTarget", tag.tagName, { name: node.name?.getText() ?? "constructor" });
    return null;
  }
  const declaration = variableOf(ts, node);
  const value = declaration?.initializer === undefined ? undefined : unwrap(ts, declaration.initializer);
  if (declaration === null || value === undefined || !isFunctionValue(ts, value)) {
    const isLoneFunction = isFunctionValue(ts, node) || isDefaultFunction(ts, node);
    if (isLoneFunction) diagnostics.report("anonymousTarget", tag.tagName, {});
    else diagnostics.report("notAFunction", tag.tagName, { what: describe(ts, node) });
    return null;
  }
  if (!ts.isIdentifier(declaration.name) || !isTopLevel(ts, declaration, diagnostics, tag)) return null;
  return { name: declaration.name.text, node: value, declaration, owner: null };
}

function declaredFunction(
  { ts, checker }: FrontendProject,
  node: ts.FunctionDeclaration,
  tag: ts.JSDocTag,
  diagnostics: Diagnostics,
): FoundFunction | null {
  if (node.name === undefined) {
    diagnostics.report("anonymousTarget", tag.tagName, {});
    return null;
  }
  const name = node.name.text;
  const declarations = checker.getSymbolAtLocation(node.name)?.declarations ?? [];
  if (declarations.filter((each) => ts.isFunctionDeclaration(each)).length > 1) {
    diagnostics.report("overloaded", tag.tagName, { name });
    return null;
  }
  if (node.body === undefined) {
    diagnostics.report("noBody", tag.tagName, { name });
    return null;
  }
  if (!isTopLevel(ts, node, diagnostics, tag)) return null;
  return {
    name,
    node: node as ts.FunctionDeclaration & { readonly body: ts.FunctionBody },
    declaration: node,
    owner: null,
  };
}

/** A method of a class of the module goes by the names of both. */
function methodTarget(
  { ts, checker }: FrontendProject,
  node: ts.MethodDeclaration,
  owner: ts.ClassLikeDeclaration,
  tag: ts.JSDocTag,
  diagnostics: Diagnostics,
): FoundFunction | null {
  const name = node.name.getText();
  const isNamed = ts.isIdentifier(node.name) && ts.isClassDeclaration(owner) && owner.name !== undefined;
  if (!isNamed || !ts.isSourceFile(owner.parent)) {
    diagnostics.report("methodTarget", tag.tagName, { name });
    return null;
  }
  const others = checker.getSymbolAtLocation(node.name)?.declarations ?? [];
  if (others.length > 1) diagnostics.report("overloaded", tag.tagName, { name });
  else if (node.body === undefined) diagnostics.report("noBody", tag.tagName, { name });
  else {
    const isStatic = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
    return {
      name: `${owner.name.text}_${name}`,
      node: node as ts.MethodDeclaration & { readonly body: ts.FunctionBody },
      declaration: node,
      owner: { class: owner, isStatic },
    };
  }
  return null;
}

function isMember(
  ts: FrontendProject["ts"],
  node: ts.Node,
): node is ts.ClassElement | ts.ObjectLiteralElement {
  return (
    (ts.isClassElement(node) || ts.isTypeElement(node) || ts.isObjectLiteralElement(node)) &&
    !ts.isIdentifier(node)
  );
}

/** The variable that a tag is on: before the statement, or before the function itself. */
function variableOf(ts: FrontendProject["ts"], node: ts.Node): ts.VariableDeclaration | null {
  if (ts.isVariableStatement(node)) {
    const { declarations, flags } = node.declarationList;
    const [only, ...others] = declarations;
    return only !== undefined && others.length === 0 && (flags & ts.NodeFlags.Const) !== 0 ? only : null;
  }
  if (ts.isVariableDeclaration(node)) return node;
  const isValue =
    ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isParenthesizedExpression(node);
  return isValue && ts.isVariableDeclaration(node.parent) ? node.parent : null;
}

/** What is in parentheses, or has a type asserted. */
export function unwrap(ts: FrontendProject["ts"], expression: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression)
    ? unwrap(ts, expression.expression)
    : expression;
}

export function isFunctionValue(
  ts: FrontendProject["ts"],
  node: ts.Node,
): node is ts.ArrowFunction | ts.FunctionExpression {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

function isDefaultFunction(ts: FrontendProject["ts"], node: ts.Node): boolean {
  if (!ts.isExportAssignment(node)) return false;
  return isFunctionValue(ts, unwrap(ts, node.expression));
}

function isTopLevel(
  ts: FrontendProject["ts"],
  declaration: ts.FunctionDeclaration | ts.VariableDeclaration,
  diagnostics: Diagnostics,
  tag: ts.JSDocTag,
): boolean {
  const { parent } = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  if (ts.isSourceFile(parent)) return true;
  const where = ts.isModuleBlock(parent)
    ? "a namespace"
    : isInFunction(ts, parent)
      ? "another function"
      : "a block";
  diagnostics.report("nestedTarget", tag.tagName, { name: declaration.name?.getText() ?? "", where });
  return false;
}

function isInFunction(ts: FrontendProject["ts"], node: ts.Node): boolean {
  return ts.findAncestor(node, (each) => ts.isFunctionLike(each)) !== undefined;
}

function makeTarget(
  project: FrontendProject,
  { name, node, declaration, owner }: FoundFunction,
  tag: ts.JSDocTag,
  diagnostics: Diagnostics,
): Target {
  const sourceFile = node.getSourceFile();
  const names = new Set(node.parameters.flatMap((parameter) => namesIn(project.ts, parameter.name)));
  if (owner !== null) names.add("this").add(instanceName(project.ts, owner.class, node));
  const named = owner?.class ?? declaration;
  const symbol = named.name === undefined ? undefined : project.checker.getSymbolAtLocation(named.name);
  return {
    name,
    node,
    declaration,
    owner,
    sourceFile,
    exported: symbol !== undefined && exportedName(project, sourceFile, symbol) !== null,
    wrt: readTag(tag, (each) => names.has(each), diagnostics),
  };
}

/** The names that a parameter or a pattern binds. */
export function namesIn(ts: FrontendProject["ts"], name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesIn(ts, element.name) : []));
}

/** What a node is, with its article: "an interface". */
function describe(ts: FrontendProject["ts"], node: ts.Node): string {
  if (ts.isVariableStatement(node)) return describeVariables(ts, node);
  if (ts.isInterfaceDeclaration(node)) return "an interface";
  if (ts.isTypeAliasDeclaration(node)) return "a type";
  if (ts.isClassLike(node)) return "a class";
  if (ts.isEnumDeclaration(node)) return "an enum";
  if (ts.isImportDeclaration(node)) return "an import";
  if (ts.isExportDeclaration(node) || ts.isExportAssignment(node)) return "an export";
  if (ts.isParameter(node)) return "a parameter";
  if (node.kind === ts.SyntaxKind.EndOfFileToken) return "nothing, at the end of the file";
  return `\`${excerpt(node)}\``;
}

function describeVariables(ts: FrontendProject["ts"], { declarationList }: ts.VariableStatement): string {
  if (declarationList.declarations.length > 1) return "a declaration of several variables";
  const isConst = (declarationList.flags & ts.NodeFlags.Const) !== 0;
  return isConst
    ? "a variable whose value is not written as a function"
    : "a variable that may be assigned again";
}
