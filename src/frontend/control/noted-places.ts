/** Fields of exported objects and static fields of exported classes, which the emitted file can read and assign as well. */
import type { ts } from "ts-morph";
import type { ImportedName } from "../../ir/types.js";
import { memberNamed } from "../classes/classes.js";
import type { Context } from "../context.js";
import { symbolOf } from "../names.js";
import { namedValue } from "../value-names.js";
import { fillingOf } from "./lazy-variables.js";
import { isChanged } from "./written.js";

export interface NotedPlace {
  /** As the emitted file writes it. */
  readonly text: string;
  readonly imports: readonly ImportedName[];
  /** The module, the name that it exports, and what comes behind that. */
  readonly module: string;
  readonly name: string;
  readonly path: string;
  /** A field of an object that the project assigns somewhere. */
  readonly changes: boolean;
}

/** The place that the expression names; null where the emitted file cannot write it so. */
export function notedPlace(cx: Context, node: ts.PropertyAccessExpression): NotedPlace | null {
  const field = symbolOf(cx, node.name);
  // It is a constant, once it has been given its value.
  if (field !== null && fillingOf(cx, field) !== null) return null;
  const root = rootOf(cx, node);
  const symbol = root === null ? null : symbolOf(cx, root);
  if (root === null || symbol === null) return null;
  const isField = isOfModule(cx, symbol);
  const access = isField ? "open" : accessOfStatic(cx, symbol, node);
  if (access === null) return null;
  // The gradient could import it only by a path that is private to its package.
  if (!cx.unit.project.isOwn(root.getSourceFile())) return null;
  const here = cx.checker.getSymbolAtLocation(root);
  const named =
    here === undefined ? null : namedValue(cx.unit.emitted, root.getSourceFile(), here, [root.text]);
  // What is not exported may be a buffer, which is the function's own.
  if (named === null) return null;
  const first = firstIn(cx, node).getText();
  const path = access === "hidden" ? `["${node.name.text}"]` : node.getText().slice(first.length);
  const module = symbol.declarations?.[0]?.getSourceFile().fileName ?? "";
  const changes = isField && isChanged(cx, symbol);
  return { text: `${named.text}${path}`, imports: named.imports, module, name: symbol.name, path, changes };
}

/** The variable, or the class, that the chain of fields begins with. */
function rootOf(cx: Context, node: ts.PropertyAccessExpression): ts.Identifier | null {
  const first = firstIn(cx, node);
  if (cx.ts.isIdentifier(first)) return first;
  const { self } = cx.scope;
  const isThis = first.kind === cx.ts.SyntaxKind.ThisKeyword;
  return isThis && self?.kind === "class" ? (self.node.name ?? null) : null;
}

function firstIn(cx: Context, node: ts.PropertyAccessExpression): ts.Expression {
  let at: ts.Expression = node;
  while (cx.ts.isPropertyAccessExpression(at)) at = at.expression;
  return at;
}

/** A `const` at the top level of a module of the project, holding a plain object. */
function isOfModule(cx: Context, symbol: ts.Symbol): boolean {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !cx.ts.isVariableDeclaration(declaration)) return false;
  const list = declaration.parent;
  const isConst = (list.flags & cx.ts.NodeFlags.Const) !== 0;
  return isConst && cx.ts.isVariableStatement(list.parent) && cx.ts.isSourceFile(list.parent.parent);
}

/**
 * How others can assign a static field of a class at the top level of a module; null where they cannot. What is `private`
 * TypeScript lets others have by brackets.
 */
function accessOfStatic(
  cx: Context,
  symbol: ts.Symbol,
  { expression, name }: ts.PropertyAccessExpression,
): "open" | "hidden" | null {
  const tsc = cx.ts;
  const owner = symbol.valueDeclaration;
  if (owner === undefined || !tsc.isClassDeclaration(owner) || !tsc.isSourceFile(owner.parent)) return null;
  const isOwn = !tsc.isPropertyAccessExpression(expression) && !tsc.isPrivateIdentifier(name);
  const member = isOwn ? memberNamed(cx, owner, name.text, true) : null;
  if (member?.kind !== "field") return null;
  const { Private, Protected, Readonly } = tsc.ModifierFlags;
  const flags = tsc.getCombinedModifierFlags(member.node);
  if ((flags & Readonly) !== 0) return null;
  return (flags & (Private | Protected)) === 0 ? "open" : "hidden";
}
