/**
 * Effects that the gradient has as well, once per call and in their order: what goes to the console, and what is noted
 * in an object of a module. Nothing that is computed depends on them.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { Atom, ForeignFunction, ImportedName } from "../../ir/types.js";
import { memberNamed } from "../classes/classes.js";
import { type Context, origin, poison, refuse } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { type KeptText, keptText } from "../functions/kept-text.js";
import { symbolOf, undefinedLiteral } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { isAssignmentOperator, unwrapped } from "../syntax.js";
import { namedValue } from "../value-names.js";

const onConsole = { name: "a call of the console", takesMemory: true } as const;

/** Methods of the console that only write something. */
const consoleMethods: ReadonlySet<string> = new Set([
  ...["log", "info", "warn", "error", "debug", "trace", "dir", "table", "assert"],
  ...["time", "timeLog", "timeEnd", "count", "countReset", "group", "groupCollapsed", "groupEnd"],
]);

/** `console.log(…)`; null for any other call. */
export function lowerConsole(cx: Context, node: ts.CallExpression): Bound | null {
  const { expression } = node;
  if (!cx.ts.isPropertyAccessExpression(expression) || !isConsole(cx, expression.expression)) return null;
  if (!consoleMethods.has(expression.name.text))
    return refuse(cx, "unsupportedBuiltin", expression, { name: expression.getText() });
  const before = cx.unit.diagnostics.errorCount;
  const kept = node.arguments.map((argument) => keptText(cx, argument, onConsole));
  if (cx.unit.diagnostics.errorCount > before) return poison;
  const text = kept.flatMap((each, i) => (i === 0 ? each.text : [", ", ...each.text]));
  const imports = kept.flatMap((each) => each.imports);
  emitEffect(cx, node, [`${expression.getText()}(`, ...text, ")"], imports);
  return undefinedLiteral;
}

function isConsole(cx: Context, node: ts.Expression): boolean {
  if (!cx.ts.isIdentifier(node) || node.text !== "console") return false;
  const declarations = symbolOf(cx, node)?.declarations ?? [];
  return declarations.every((each) => each.getSourceFile().isDeclarationFile);
}

/**
 * `stats.calls++`, `stats.last = x` for an object of a module that is exported, `Ball.count++` for a class; false for any
 * other expression.
 */
export function lowerNote(cx: Context, node: ts.Expression): boolean {
  const target = targetOf(cx, node);
  if (target === null) return false;
  const root = rootOf(cx, target);
  const symbol = root === null ? null : cx.checker.getSymbolAtLocation(root);
  if (root === null || symbol == null || !(isOfModule(cx, root) || isStatic(cx, root, target))) return false;
  // The gradient could import it only by a path that is private to its package.
  if (!cx.unit.project.isOwn(root.getSourceFile())) return false;
  const { emitted } = cx.unit;
  const named = namedValue(emitted, root.getSourceFile(), symbol, [root.text]);
  // What is not exported may be a buffer, which is the function's own.
  if (named === null) return false;
  const place = `${named.text}${target.getText().slice(root.getText().length)}`;
  if (!cx.ts.isBinaryExpression(node)) {
    const isUp = "operator" in node && node.operator === cx.ts.SyntaxKind.PlusPlusToken;
    emitEffect(cx, node, [`${place}${isUp ? "++" : "--"}`], named.imports);
    return true;
  }
  const value = lowerExpression(cx, node.right);
  if (value === poison) return true;
  if (!isAtom(value) || value.type.kind === "ref" || value.type.kind === "maybe") {
    const reason = "only a number, a string or a boolean can be kept outside of the function";
    refuse(cx, "unsupportedAssignment", node, { code: excerpt(node), reason });
    return true;
  }
  emitEffect(cx, node, [`${place} ${node.operatorToken.getText()} `, value], named.imports);
  return true;
}

/** What the expression assigns to, if it is a field. */
function targetOf(cx: Context, node: ts.Expression): ts.PropertyAccessExpression | null {
  const tsc = cx.ts;
  const target = tsc.isBinaryExpression(node)
    ? isAssignmentOperator(tsc, node.operatorToken.kind)
      ? node.left
      : null
    : (tsc.isPrefixUnaryExpression(node) || tsc.isPostfixUnaryExpression(node)) && isCount(cx, node.operator)
      ? node.operand
      : null;
  if (target === null) return null;
  const bare = unwrapped(tsc, target);
  return tsc.isPropertyAccessExpression(bare) ? bare : null;
}

function isCount(cx: Context, operator: ts.SyntaxKind): boolean {
  return operator === cx.ts.SyntaxKind.PlusPlusToken || operator === cx.ts.SyntaxKind.MinusMinusToken;
}

/** The variable that the chain of fields begins with. */
function rootOf(cx: Context, node: ts.PropertyAccessExpression): ts.Identifier | null {
  let at: ts.Expression = node;
  while (cx.ts.isPropertyAccessExpression(at)) at = at.expression;
  return cx.ts.isIdentifier(at) ? at : null;
}

/** A `const` at the top level of a module of the project, holding a plain object. */
function isOfModule(cx: Context, root: ts.Identifier): boolean {
  const symbol = symbolOf(cx, root);
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined || !cx.ts.isVariableDeclaration(declaration)) return false;
  const list = declaration.parent;
  const isConst = (list.flags & cx.ts.NodeFlags.Const) !== 0;
  return isConst && cx.ts.isVariableStatement(list.parent) && cx.ts.isSourceFile(list.parent.parent);
}

/** A static field of a class at the top level of a module, which others can assign too. */
function isStatic(cx: Context, root: ts.Identifier, target: ts.PropertyAccessExpression): boolean {
  const tsc = cx.ts;
  const owner = symbolOf(cx, root)?.valueDeclaration;
  if (owner === undefined || !tsc.isClassDeclaration(owner) || !tsc.isSourceFile(owner.parent)) return false;
  const field = target.expression === root ? memberNamed(cx, owner, target.name.text, true) : null;
  if (field?.kind !== "field" || tsc.isPrivateIdentifier(target.name)) return false;
  const { Private, Protected, Readonly } = tsc.ModifierFlags;
  return (tsc.getCombinedModifierFlags(field.node) & (Private | Protected | Readonly)) === 0;
}

/** Emits the text with its values in their places. */
function emitEffect(cx: Context, node: ts.Node, parts: KeptText, imports: readonly ImportedName[]): void {
  const text: string[] = [];
  const args: Atom[] = [];
  let open = "";
  for (const part of parts) {
    if (typeof part === "string") open += part;
    else {
      args.push(part);
      text.push(open);
      open = "";
    }
  }
  text.push(open);
  const callee: ForeignFunction = { source: null, text, imports, rule: null };
  cx.unit.builder.foreign(callee, args, null, origin(cx, node));
}
