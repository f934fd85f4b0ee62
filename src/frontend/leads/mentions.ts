/** Where the files that lead to each other name things: found once, by the names. */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import type { Context } from "../context.js";
import { symbolOf } from "../names.js";
import type { FrontendProject } from "../project/project.js";

export interface Mentions {
  readonly names: ReadonlyMap<string, readonly NameNode[]>;
  /** Imports and exports under another name than the declaration has. */
  readonly renamed: readonly ts.Identifier[];
  readonly functions: readonly ts.FunctionLikeDeclaration[];
}

type NameNode = ts.Identifier | ts.PrivateIdentifier | ts.StringLiteralLike;

export function mentionsIn({ ts: tsc, unit: { project, emitted } }: Context): Mentions {
  const known = project.mentions.get(emitted.sourceFile);
  if (known !== undefined) return known;
  const names = new Map<string, NameNode[]>();
  const renamed: ts.Identifier[] = [];
  const functions: ts.FunctionLikeDeclaration[] = [];
  const files = connectedWith(emitted.sourceFile, project, tsc);
  for (const file of files) {
    for (const node of descendants(tsc, file)) {
      if (tsc.isFunctionLike(node) && "body" in node && node.body !== undefined) functions.push(node);
      const isKey = tsc.isStringLiteralLike(node) && tsc.isElementAccessExpression(node.parent);
      if (!isKey && !tsc.isMemberName(node)) continue;
      const others = names.get(node.text);
      if (others === undefined) names.set(node.text, [node]);
      else others.push(node);
      if (tsc.isIdentifier(node) && isRenaming(tsc, node)) renamed.push(node);
    }
  }
  const found: Mentions = { names, renamed, functions };
  for (const file of files) project.mentions.set(file, found);
  return found;
}

/** Files that a value of one may come to: by imports, in either direction, and as scripts, which see each other. */
function connectedWith(
  start: ts.SourceFile,
  project: FrontendProject,
  tsc: Context["ts"],
): ReadonlySet<ts.SourceFile> {
  const others = new Map<ts.SourceFile, Set<ts.SourceFile>>();
  const link = (from: ts.SourceFile, to: ts.SourceFile): void => {
    others.set(from, (others.get(from) ?? new Set()).add(to));
  };
  const found = new Set([start]);
  for (const file of project.program.getSourceFiles()) {
    if (file.isDeclarationFile) continue;
    if (!tsc.isExternalModule(file)) found.add(file);
    for (const path of project.resolutionsOf(file).found) {
      const imported = project.sourceFile(path);
      if (imported === null || imported.isDeclarationFile) continue;
      link(file, imported);
      link(imported, file);
    }
  }
  for (const file of found) for (const next of others.get(file) ?? []) found.add(next);
  return found;
}

/** `import name from`, `import { x as name }`, `export { x as name }`. */
function isRenaming(tsc: Context["ts"], node: ts.Identifier): boolean {
  const { parent } = node;
  if (tsc.isImportClause(parent)) return parent.name === node;
  return (
    (tsc.isImportSpecifier(parent) || tsc.isExportSpecifier(parent)) &&
    parent.propertyName !== undefined &&
    parent.name === node
  );
}

/** Where a variable, a function or a class is used, by whatever name, but for its declaration, imports and exports. */
export function usesOf(cx: Context, symbol: ts.Symbol): readonly ts.Expression[] {
  const others = mentionsIn(cx).renamed.filter((each) => symbolOf(cx, each) === symbol);
  return [...new Set([symbol.name, ...others.map(({ text }) => text)])]
    .flatMap((name) => namesOf(cx, name))
    .filter((each) => cx.ts.isIdentifier(each) && isUse(cx, each) && symbolOf(cx, each) === symbol)
    .map((each) => memberAt(cx, each) ?? (each as ts.Identifier));
}

/** Where a field is read or written, of whatever is or may be an object that has it. */
export function readsOf(cx: Context, field: ts.Symbol): readonly (ts.Expression | ts.BindingElement)[] {
  const { ts: tsc } = cx;
  return namesOf(cx, field.name).flatMap((name): readonly (ts.Expression | ts.BindingElement)[] => {
    const { parent } = name;
    const access = memberAt(cx, name) ?? (tsc.isElementAccessExpression(parent) ? parent : null);
    if (access !== null) return isField(cx, name, access.expression, field) ? [access] : [];
    if (!tsc.isBindingElement(parent) || (parent.propertyName ?? parent.name) !== name) return [];
    return isField(cx, name, parent.parent, field) ? [parent] : [];
  });
}

/** `lib.x` for the `x` in it. */
function memberAt({ ts: tsc }: Context, name: NameNode): ts.PropertyAccessExpression | null {
  const { parent } = name;
  return tsc.isPropertyAccessExpression(parent) && parent.name === name ? parent : null;
}

function namesOf(cx: Context, name: string): readonly NameNode[] {
  // That of a private field is made unique.
  const own = /^__#\d+@(#.*)$/u.exec(name)?.[1] ?? name;
  return mentionsIn(cx).names.get(own) ?? [];
}

/** The name is that of the field, or of one of a type that the field's owner is taken for. */
function isField({ ts: tsc, unit }: Context, name: NameNode, receiver: ts.Node, field: ts.Symbol): boolean {
  const { checker } = unit.project;
  const type = checker.getTypeAtLocation(receiver);
  const isOfPattern = tsc.isBindingElement(name.parent);
  const found =
    tsc.isMemberName(name) && !isOfPattern ? checker.getSymbolAtLocation(name) : type.getProperty(name.text);
  if (found === undefined) return (type.flags & tsc.TypeFlags.Any) !== 0;
  const { valueDeclaration: declared } = field;
  if (found === field || (declared !== undefined && found.valueDeclaration === declared)) return true;
  if (declared === undefined || tsc.isPrivateIdentifier(name)) return false;
  return checker.isTypeAssignableTo(
    checker.getTypeAtLocation(declared.parent),
    checker.getNonNullableType(type),
  );
}

function isUse({ ts: tsc }: Context, node: ts.Node): boolean {
  const { parent } = node;
  const isName = "name" in parent && parent.name === node;
  return (
    !tsc.isImportSpecifier(parent) &&
    !tsc.isExportSpecifier(parent) &&
    !tsc.isImportClause(parent) &&
    (!isName || tsc.isPropertyAccessExpression(parent) || tsc.isShorthandPropertyAssignment(parent))
  );
}
