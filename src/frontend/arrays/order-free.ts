/** Whether the order of a list of fields can matter for what the code makes of it, told by the code alone. */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import { areOne, assignedIn, groupOf, isFreeBody, isFreeEffect, mentions } from "./gathering.js";
import { hasOuterEffects } from "./outer-effects.js";
import { unwrapped } from "../syntax.js";

type TypeScript = typeof ts;

/** What has to be looked at, and what was already. */
interface Search {
  readonly ts: TypeScript;
  readonly checker: ts.TypeChecker;
  readonly seen: Set<ts.Symbol>;
}

/** `node` gives a list, or is a loop over one. */
export function isOrderFree(tsc: TypeScript, checker: ts.TypeChecker, node: ts.Node): boolean {
  const search = { ts: tsc, checker, seen: new Set<ts.Symbol>() };
  return isLoop(tsc, node)
    ? isFreeBody(tsc, checker, [node.statement], node.initializer)
    : isFreeList(search, node);
}

function isLoop({ SyntaxKind }: TypeScript, node: ts.Node): node is ts.ForInStatement | ts.ForOfStatement {
  return node.kind === SyntaxKind.ForInStatement || node.kind === SyntaxKind.ForOfStatement;
}

/** What becomes of a list depends on what is in it only. */
function isFreeList(search: Search, list: ts.Node): boolean {
  const { ts: tsc } = search;
  const { parent } = list;
  if (
    tsc.isParenthesizedExpression(parent) ||
    tsc.isAsExpression(parent) ||
    tsc.isNonNullExpression(parent) ||
    tsc.isSatisfiesExpression(parent)
  )
    return isFreeList(search, parent);
  if (tsc.isForOfStatement(parent) && parent.expression === list)
    return isOrderFree(tsc, search.checker, parent);
  if (tsc.isVariableDeclaration(parent) && parent.initializer === list)
    return isFreeName(search, parent.name);
  if (tsc.isSpreadElement(parent)) return isFreeSpread(search, parent);
  if (tsc.isPropertyAccessExpression(parent)) {
    const call = parent.parent;
    if (!tsc.isCallExpression(call) || call.expression !== parent) return parent.name.text === "length";
    return isFreeMethod(search, parent.name.text, call);
  }
  if (tsc.isCallExpression(parent)) return isFreeArgument(search, parent, list);
  return tsc.isNewExpression(parent) && parent.expression.getText() === "Set" && isFreeList(search, parent);
}

/** Each use of a constant. */
function isFreeName(search: Search, name: ts.BindingName): boolean {
  const { ts: tsc, checker, seen } = search;
  const symbol = tsc.isIdentifier(name) ? checker.getSymbolAtLocation(name) : undefined;
  if (symbol === undefined) return false;
  if (seen.has(symbol)) return true;
  seen.add(symbol);
  const scope = tsc.findAncestor(name, (each) => tsc.isFunctionLike(each) || tsc.isSourceFile(each));
  if (scope === undefined) return false;
  for (const each of descendants(tsc, scope)) {
    if (!tsc.isIdentifier(each) || each === name || each.text !== symbol.name) continue;
    const isUse =
      checker.getSymbolAtLocation(each) === symbol || tsc.isShorthandPropertyAssignment(each.parent);
    if (isUse && !isFreeList(search, each)) return false;
  }
  return true;
}

function isFreeSpread(search: Search, spread: ts.SpreadElement): boolean {
  const { ts: tsc } = search;
  const { parent } = spread;
  if (tsc.isArrayLiteralExpression(parent)) return parent.elements.length === 1 && isFreeList(search, parent);
  return tsc.isCallExpression(parent) && freeFunctions.has(parent.expression.getText());
}

const freeFunctions: ReadonlySet<string> = new Set(["Math.max", "Math.min", "Math.hypot"]);

function isFreeMethod(search: Search, method: string, call: ts.CallExpression): boolean {
  const [callback] = call.arguments;
  switch (method) {
    case "some":
    case "every":
    case "includes":
    case "sort":
    case "toSorted":
      return true;
    case "map":
    case "filter":
    case "flatMap":
      return callback !== undefined && isPlain(search, callback, 1) && isFreeList(search, call);
    case "reverse":
    case "slice":
      return call.arguments.length === 0 && isFreeList(search, call);
    case "forEach":
      return callback !== undefined && isFreeCallback(search, callback);
    case "reduce":
      return callback !== undefined && isFreeReducer(search, callback, call.arguments.length === 1);
    default:
      return false;
  }
}

/** A function of the elements, and not of where they are, which changes nothing. */
function isPlain({ ts: tsc, checker }: Search, node: ts.Expression, parameters: number): boolean {
  const callback = unwrapped(tsc, node);
  if (!tsc.isArrowFunction(callback) && !tsc.isFunctionExpression(callback)) {
    const signatures = checker.getTypeAtLocation(callback).getCallSignatures();
    return signatures.length > 0 && signatures.every((each) => each.parameters.length <= parameters);
  }
  return (
    callback.parameters.length <= parameters &&
    assignedIn(tsc, callback).size === 0 &&
    !hasOuterEffects(tsc, checker, [callback])
  );
}

function isFreeCallback({ ts: tsc, checker }: Search, node: ts.Expression): boolean {
  const callback = unwrapped(tsc, node);
  if (!tsc.isArrowFunction(callback) && !tsc.isFunctionExpression(callback)) return false;
  if (callback.parameters.length > 1) return false;
  const { body } = callback;
  const [head = callback] = callback.parameters;
  return tsc.isBlock(body)
    ? isFreeBody(tsc, checker, body.statements, head)
    : isFreeEffect(tsc, checker, body, head);
}

/** `(sum, x) => sum + f(x)`; where the first element takes the place of a sum, just `(sum, x) => sum + x`. */
function isFreeReducer(search: Search, node: ts.Expression, isBare: boolean): boolean {
  const { ts: tsc } = search;
  const callback = unwrapped(tsc, node);
  if (callback.getText() === "Math.max" || callback.getText() === "Math.min") return false;
  if (!tsc.isArrowFunction(callback) && !tsc.isFunctionExpression(callback)) return false;
  const [first, second, ...more] = callback.parameters;
  if (first === undefined || !tsc.isIdentifier(first.name) || more.length > 0) return false;
  const { body } = callback;
  if (assignedIn(tsc, body).size > 0 || hasOuterEffects(tsc, search.checker, [callback])) return false;
  const statements = tsc.isBlock(body) ? body.statements : [];
  const results = statements.flatMap((each) =>
    tsc.isReturnStatement(each) && each.expression ? [each.expression] : [],
  );
  const others = statements.filter((each) => !tsc.isReturnStatement(each));
  const name = first.name.text;
  const other = second?.name.getText() ?? "";
  if (isBare && !isBarePair(tsc, body, name, other)) return false;
  if (others.some((each) => mentions(tsc, each, name))) return false;
  const groups = (tsc.isBlock(body) ? results : [body]).map((each) => groupOf(tsc, each, name));
  return groups.length > 0 && areOne(groups);
}

/** `a + b`, `Math.max(a, b)`. */
function isBarePair(tsc: TypeScript, body: ts.Node, first: string, second: string): boolean {
  const operands = tsc.isBinaryExpression(body)
    ? [body.left, body.right]
    : tsc.isCallExpression(body)
      ? body.arguments
      : [];
  const names = operands.map((each) => each.getText());
  return (
    names.length === 2 && names.includes(first) && names.includes(second) && !body.getText().includes("-")
  );
}

/** What is handed to a function of the project is what its parameter is. */
function isFreeArgument(search: Search, call: ts.CallExpression, list: ts.Node): boolean {
  const { ts: tsc, checker } = search;
  const callee = call.expression.getText();
  const index = call.arguments.indexOf(list as ts.Expression);
  if (index < 0) return false;
  if (callee === "Object.fromEntries") return true;
  if (callee === "Array.from") return call.arguments.length === 1 && isFreeList(search, call);
  const declaration = checker.getResolvedSignature(call)?.declaration;
  const parameter = declaration?.parameters[index];
  if (parameter === undefined || !tsc.isParameter(parameter) || parameter.dotDotDotToken !== undefined)
    return false;
  return "body" in parameter.parent && isFreeName(search, parameter.name);
}
