/** Where the project's files name things: found once, by the names. */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import type { Context } from "../context.js";

export interface Mentions {
  readonly names: ReadonlyMap<string, readonly NameNode[]>;
  /** Imports and exports under another name than the declaration has. */
  readonly renamed: readonly ts.Identifier[];
  readonly functions: readonly ts.FunctionLikeDeclaration[];
}

export type NameNode = ts.Identifier | ts.PrivateIdentifier | ts.StringLiteralLike;

export function mentionsIn({ ts: tsc, unit: { project } }: Context): Mentions {
  const [known] = project.mentions;
  if (known !== undefined) return known;
  const names = new Map<string, NameNode[]>();
  const renamed: ts.Identifier[] = [];
  const functions: ts.FunctionLikeDeclaration[] = [];
  for (const file of project.program.getSourceFiles()) {
    if (file.isDeclarationFile) continue;
    for (const node of descendants(tsc, file)) {
      if (tsc.isFunctionLike(node) && "body" in node && node.body !== undefined)
        functions.push(node as ts.FunctionLikeDeclaration);
      const isKey = tsc.isStringLiteralLike(node) && tsc.isElementAccessExpression(node.parent);
      if (!isKey && !tsc.isMemberName(node)) continue;
      const others = names.get(node.text);
      if (others === undefined) names.set(node.text, [node]);
      else others.push(node);
      if (tsc.isIdentifier(node) && isRenaming(tsc, node)) renamed.push(node);
    }
  }
  const found: Mentions = { names, renamed, functions };
  project.mentions.push(found);
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
