/**
 * Types as text for the emitted file: as the user wrote them where there is an annotation, else as TypeScript spells
 * them. Notes down what the text needs: imports, and copies of declarations that are not exported.
 */
import type { ts } from "ts-morph";
import { shapeText } from "./shape-text.js";
import { withoutThis } from "./named-types.js";
import { publicShapeOf } from "./shapes.js";
import { type TypeNames, attempted, emittedName } from "./type-names.js";

/** An annotation as it was written, with names changed where they have to be; by its meaning if it cannot be kept. */
export function annotationText(node: ts.TypeNode, scope: TypeNames): string {
  return writtenText(node, scope) ?? typeText(scope.project.checker.getTypeFromTypeNode(node), node, scope);
}

/** A type as the user wrote it, or as TypeScript spells it; null where it has parts that the emitted file cannot name. */
export function keptText(
  node: ts.TypeNode | undefined,
  type: ts.Type,
  at: ts.Node,
  scope: TypeNames,
): string | null {
  const written = node === undefined ? null : writtenText(node, scope);
  return written ?? spelledText(withoutThis(type, scope.project), at, scope);
}

/** A type as TypeScript spells it; by its shape where it has parts that the emitted file cannot name. */
export function typeText(whole: ts.Type, at: ts.Node, scope: TypeNames): string {
  const type = withoutThis(whole, scope.project);
  return spelledText(type, at, scope) ?? shapeText(publicShapeOf(type, at, scope.project));
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The source of a node, with the names of types replaced; null if one cannot be named. */
function writtenText(root: ts.Node, scope: TypeNames): string | null {
  return attempted(scope, () => textOf(root, scope));
}

function textOf(root: ts.Node, scope: TypeNames): string | null {
  const edits: Edit[] = [];
  const isNamed = forEachReference(scope.project.ts, root, (entity) => {
    const names = namesOf(scope.project.ts, entity);
    const symbol =
      names === null
        ? undefined
        : scope.project.checker.getSymbolAtLocation(leftmost(scope.project.ts, entity));
    if (names === null || symbol === undefined) return false;
    const text = emittedName(symbol, names, scope, (each) => copyDeclarations(each, scope));
    if (text === null) return false;
    if (text !== names.join(".")) edits.push({ start: entity.getStart(), end: entity.getEnd(), text });
    return true;
  });
  return isNamed ? applyEdits(root, edits) : null;
}

/** Names of types: `Point`, `geo.Point`, the `p` of `typeof p`, what an interface extends. */
type Entity = ts.EntityName | ts.Expression;

/** Calls back for each until one returns false; then false. */
function forEachReference(
  ts: TypeNames["project"]["ts"],
  root: ts.Node,
  use: (entity: Entity) => boolean,
): boolean {
  const visit = (node: ts.Node): boolean => {
    const entity = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isTypeQueryNode(node)
        ? node.exprName
        : ts.isExpressionWithTypeArguments(node) || ts.isComputedPropertyName(node)
          ? node.expression
          : null;
    if (entity !== null && !use(entity)) return false;
    if (ts.isThisTypeNode(node) && !isWithin(ts, node, root)) return false;
    // A path in `import("./x").T` would have to be rewritten too; it is spelled by its meaning instead.
    if (ts.isImportTypeNode(node)) return false;
    return ts.forEachChild(node, (child) => (visit(child) ? undefined : true)) === undefined;
  };
  return visit(root);
}

/** True if the class or interface that `this` stands for is inside of `root`. */
function isWithin(ts: TypeNames["project"]["ts"], node: ts.Node, root: ts.Node): boolean {
  const holder = ts.findAncestor(node, (each) => ts.isClassLike(each) || ts.isInterfaceDeclaration(each));
  return ts.findAncestor(holder, (each) => each === root) !== undefined;
}

function leftmost(ts: TypeNames["project"]["ts"], entity: Entity): ts.Node {
  if (ts.isQualifiedName(entity)) return leftmost(ts, entity.left);
  if (ts.isPropertyAccessExpression(entity)) return leftmost(ts, entity.expression);
  return entity;
}

function namesOf(ts: TypeNames["project"]["ts"], entity: Entity): [string, ...string[]] | null {
  if (ts.isIdentifier(entity)) return [entity.text];
  if (ts.isQualifiedName(entity)) {
    const left = namesOf(ts, entity.left);
    return left === null ? null : [...left, entity.right.text];
  }
  if (ts.isPropertyAccessExpression(entity)) {
    const left = namesOf(ts, entity.expression);
    return left === null ? null : [...left, entity.name.text];
  }
  return null;
}

function applyEdits(root: ts.Node, edits: readonly Edit[]): string {
  const source = root.getSourceFile().text;
  const parts: string[] = [];
  let position = root.getStart();
  for (const { start, end, text } of edits) {
    parts.push(source.slice(position, start), text);
    position = end;
  }
  parts.push(source.slice(position, root.getEnd()));
  return parts.join("");
}

/** Copies the interfaces or the type alias of a symbol, and what they mention; null for other declarations. */
function copyDeclarations(symbol: ts.Symbol, scope: TypeNames): string | null {
  const { ts } = scope.project;
  const { name, declarations = [] } = symbol;
  if (scope.declarations.has(name)) return name;
  const isType = (node: ts.Node): boolean =>
    ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  if (!declarations.every(isType)) return null;
  scope.declarations.set(name, null);
  const texts = declarations.map((declaration) => writtenText(declaration, scope));
  if (!texts.every((text) => text !== null)) {
    scope.declarations.delete(name);
    return null;
  }
  scope.declarations.set(name, { name, text: texts.join("\n\n") });
  return name;
}

/** TypeScript's spelling of a type, for one that the user did not write out. */
export function spelledText(type: ts.Type, at: ts.Node, scope: TypeNames): string | null {
  return attempted(scope, () => spelled(type, at, scope));
}

function spelled(type: ts.Type, at: ts.Node, scope: TypeNames): string | null {
  const { ts, checker } = scope.project;
  const node = checker.typeToTypeNode(type, at, ts.NodeBuilderFlags.NoTruncation);
  if (node === undefined) return null;
  const unnamed: ts.Node[] = [];
  const rename = (entity: ts.EntityName): string | null => {
    const names = namesOf(ts, entity);
    const { symbol } = leftmost(ts, entity) as { readonly symbol?: ts.Symbol };
    if (names === null || symbol === undefined) return null;
    return emittedName(symbol, names, scope, (each) => copyDeclarations(each, scope));
  };
  const visit = (each: ts.Node): ts.Node => {
    const inner = ts.visitEachChild(each, visit, undefined);
    if (ts.isUnionTypeNode(inner)) return ts.factory.createUnionTypeNode(ordered(ts, inner.types));
    const entity = ts.isTypeReferenceNode(inner)
      ? inner.typeName
      : ts.isImportTypeNode(inner)
        ? inner.qualifier
        : null;
    if (ts.isTypeQueryNode(inner) || entity === undefined) unnamed.push(inner);
    if (entity === null || entity === undefined) return inner;
    const text = rename(entity);
    if (text === null) unnamed.push(inner);
    const { typeArguments } = inner as ts.TypeReferenceNode | ts.ImportTypeNode;
    return ts.factory.createTypeReferenceNode(text ?? "", typeArguments);
  };
  const renamed = visit(node);
  if (unnamed.length > 0) return null;
  const printer = ts.createPrinter({ removeComments: true });
  return printer.printNode(ts.EmitHint.Unspecified, renamed, scope.sourceFile).replace(/\s*\n\s*/gu, " ");
}

/** Literals and names by their text, tuples by their lengths: their order of TypeScript's depends on what else it has seen. */
function ordered(ts: TypeNames["project"]["ts"], types: readonly ts.TypeNode[]): readonly ts.TypeNode[] {
  const textOf = (node: ts.TypeNode): string | null =>
    ts.isLiteralTypeNode(node) && (ts.isStringLiteral(node.literal) || ts.isNumericLiteral(node.literal))
      ? node.literal.text
      : null;
  const nameOf = (node: ts.TypeNode): string | null =>
    ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) ? node.typeName.text : null;
  const by = (key: (node: ts.TypeNode) => string | null): readonly ts.TypeNode[] =>
    types
      .flatMap((node) => {
        const text = key(node);
        return text === null ? [] : [{ node, text }];
      })
      .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
      .map(({ node }) => node);
  const lengthOf = (node: ts.TypeNode): number => {
    const inner = ts.isTypeOperatorNode(node) ? node.type : node;
    return ts.isTupleTypeNode(inner) ? inner.elements.length : 0;
  };
  const others = types
    .filter((node) => textOf(node) === null && nameOf(node) === null)
    .sort((a, b) => lengthOf(a) - lengthOf(b));
  return [...by(textOf), ...by(nameOf), ...others];
}
