/** Which memory an expression stands for, as far as its type and its text tell. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import { descendants } from "../classes/descendants.js";
import { typedStorage } from "../arrays/storage.js";
import { isOfLibrary, symbolOf } from "../names.js";
import { bare } from "../syntax.js";

/** Arrays of numbers, other arrays, and what is found by keys are never one another; null for anything else. */
export function kindOfMemory({ checker, ts: tsc }: Context, node: ts.Expression): string | null {
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
  if (checker.isTupleType(type)) return "[*]";
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference);
    return element !== undefined && (element.flags & tsc.TypeFlags.NumberLike) !== 0 ? "[]" : "[*]";
  }
  const name = (type.symbol as ts.Symbol | undefined)?.name ?? "";
  if (typedStorage(name) !== null) return "[]";
  if (/^(?:Readonly|Weak)?(?:Map|Set)$/u.test(name)) return "{}";
  const isObject = (type.flags & tsc.TypeFlags.Object) !== 0;
  return isObject && checker.getIndexInfosOfType(type).length > 0 ? "{}" : null;
}

/** A variable of that code for something that the code has made itself, and that no one else is given. */
export function isFresh(cx: Context, node: ts.Expression, root: ts.Node): boolean {
  const inner = bare(cx.ts, node);
  if (!cx.ts.isIdentifier(inner)) return isMade(cx, inner);
  const symbol = symbolOf(cx, inner);
  const declaration = symbol?.valueDeclaration;
  if (symbol == null || declaration === undefined || !cx.ts.isVariableDeclaration(declaration)) return false;
  const isInside =
    declaration.getSourceFile() === root.getSourceFile() &&
    root.pos <= declaration.pos &&
    declaration.end <= root.end;
  const isConst = (cx.ts.getCombinedNodeFlags(declaration) & cx.ts.NodeFlags.Const) !== 0;
  const { initializer } = declaration;
  if (!isInside || !isConst || initializer === undefined || !isMade(cx, initializer)) return false;
  return [...descendants(cx.ts, root)].every(
    (each) => !cx.ts.isIdentifier(each) || symbolOf(cx, each) !== symbol || isLookedInto(cx, each),
  );
}

/** What is in it is read, or it is returned at the end; nothing else can hold it while the code runs. */
function isLookedInto({ ts: tsc }: Context, { parent, ...name }: ts.Identifier): boolean {
  if (tsc.isPropertyAccessExpression(parent) || tsc.isElementAccessExpression(parent))
    return parent.expression.pos === name.pos;
  return (
    tsc.isVariableDeclaration(parent) ||
    tsc.isSpreadElement(parent) ||
    tsc.isForOfStatement(parent) ||
    tsc.isReturnStatement(parent)
  );
}

/** Methods of arrays and texts that give a new array. */
const making =
  /^(?:map|filter|slice|concat|flat|flatMap|from|of|split|toSorted|toReversed|toSpliced|with|keys|values|entries)$/u;

/** Methods that give what they are called on. */
const returning = /^(?:sort|reverse|fill|copyWithin|set|add)$/u;

function isMade(cx: Context, node: ts.Expression): boolean {
  const tsc = cx.ts;
  const inner = bare(tsc, node);
  if (tsc.isArrayLiteralExpression(inner) || tsc.isObjectLiteralExpression(inner)) return true;
  if (tsc.isNewExpression(inner)) {
    const symbol = symbolOf(cx, inner.expression);
    return symbol !== null && isOfLibrary(cx, symbol);
  }
  if (!tsc.isCallExpression(inner)) return false;
  const { expression } = inner;
  if (!tsc.isPropertyAccessExpression(expression)) return expression.getText() === "Array";
  const symbol = symbolOf(cx, expression.name);
  if (symbol === null || !isOfLibrary(cx, symbol)) return false;
  if (making.test(expression.name.text)) return true;
  return returning.test(expression.name.text) && isMade(cx, expression.expression);
}
