/** Variables of loops that hold functions: a key that says which one goes round the loop. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { bool, boolean, int, whole } from "../../ir/builder.js";
import type { Atom, Literal, Type } from "../../ir/types.js";
import { type Context, poison, refuse } from "../context.js";
import { functionsIn, isFollowed, overChoice, sameStatic } from "./functions.js";
import type { Assigned } from "../control/loop-assigned.js";
import { libraryMember, lowerSymbol, isOfLibrary, symbolOf } from "../names.js";
import { type Bound, type Static, type Variable, isAtom } from "../scope.js";
import { bare } from "../syntax.js";
import { not } from "../values.js";

/** All functions that the variable may hold while the loop runs; null where they cannot be told by the text. */
export function candidates(cx: Context, variable: Variable, assigned: Assigned): readonly Static[] | null {
  const found: Static[] = [];
  const seen = new Set<Variable>();
  const addVariable = (each: Variable): boolean => {
    if (seen.has(each)) return true;
    seen.add(each);
    const bound = cx.unit.environment.get(each);
    if (bound === undefined || !addBound(bound)) return false;
    return (assigned.get(each)?.sites ?? []).every((site) => addSite(site));
  };
  const addBound = (bound: Bound): boolean => {
    if (!isFollowed(bound) || (bound.kind === "choice" && bound.otherwise === null)) return false;
    for (const one of functionsIn(bound)) if (!found.some((each) => sameStatic(each, one))) found.push(one);
    return true;
  };
  const addSite = ({ parent }: ts.Identifier): boolean =>
    cx.ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === cx.ts.SyntaxKind.EqualsToken &&
    addExpression(parent.right);
  const addExpression = (expression: ts.Expression): boolean => {
    const node = bare(cx.ts, expression);
    if (cx.ts.isConditionalExpression(node))
      return addExpression(node.whenTrue) && addExpression(node.whenFalse);
    const symbol = symbolOf(cx, cx.ts.isPropertyAccessExpression(node) ? node.name : node);
    if (symbol === null) return false;
    if (cx.ts.isPropertyAccessExpression(node))
      return isOfLibrary(cx, symbol) && addBound(libraryMember(node.getText()));
    if (!cx.ts.isIdentifier(node)) return false;
    const inner = cx.scope.lookup(symbol);
    if (inner !== null) return addVariable(inner);
    const made = constantIn(cx, symbol);
    if (made !== null) return addExpression(made);
    const isDeclared = (symbol.flags & cx.ts.SymbolFlags.Function) !== 0;
    return isDeclared && addBound(lowerSymbol(cx, symbol, node));
  };
  return addVariable(variable) && found.length > 0 ? found : null;
}

/** What a `const` of the loop's own body is made with. */
function constantIn(cx: Context, symbol: ts.Symbol): ts.Expression | null {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !cx.ts.isVariableDeclaration(declaration)) return null;
  const isConst = (declaration.parent.flags & cx.ts.NodeFlags.Const) !== 0;
  const isInner = !cx.ts.isSourceFile(declaration.parent.parent.parent);
  return isConst && isInner ? (declaration.initializer ?? null) : null;
}

/** Of two functions, a condition says which. */
export function keyType(functions: readonly Static[]): Type {
  return functions.length === 2 ? bool : int;
}

function keyLiteral(functions: readonly Static[], index: number): Literal {
  return functions.length === 2 ? boolean(index === 0) : whole(index);
}

/** The function that the key stands for. */
export function chosenBy(key: Atom, functions: readonly Static[], depth: number): Static {
  const [first, second] = functions;
  if (functions.length === 2 && first !== undefined && second !== undefined)
    return { kind: "choice", key, cases: [{ when: boolean(true), then: first }], otherwise: second, depth };
  const last = functions.length - 1;
  const cases = functions.slice(0, last).map((then, i) => ({ when: whole(i), then }));
  return { kind: "choice", key, cases, otherwise: functions[last] ?? null, depth };
}

/** The key for what is held now. */
export function keyFor(cx: Context, bound: Bound, functions: readonly Static[], node: ts.Node): Atom {
  if (!isAtom(bound) && isFollowed(bound)) {
    if (bound.kind === "choice") {
      const key = keyOfChoice(cx, bound, functions, node);
      if (key !== null) return key;
    } else {
      const index = functions.findIndex((each) => sameStatic(each, bound));
      if (index >= 0) return keyLiteral(functions, index);
    }
  }
  refuse(cx, "escapingFunction", node, { name: excerpt(node) });
  return keyLiteral(functions, 0);
}

function keyOfChoice(
  cx: Context,
  choice: Extract<Static, { kind: "choice" }>,
  functions: readonly Static[],
  node: ts.Node,
): Atom | null {
  const same = chosenBy(choice.key, functions, choice.depth);
  if (sameStatic(same, choice)) return choice.key;
  if (choice.otherwise === null) return null;
  const [only] = choice.cases;
  const turned = only === undefined || choice.cases.length > 1 ? null : [choice.otherwise, only.then];
  if (
    turned !== null &&
    functions.length === 2 &&
    turned.every((each, i) => sameStatic(each, functions[i] ?? poison))
  )
    return not(cx, choice.key, node);
  const key = overChoice(cx, choice, node, (one) => keyFor(cx, one, functions, node), null);
  return isAtom(key) && key !== poison ? key : null;
}
