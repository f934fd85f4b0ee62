/** Declarations: variables, parameters and the patterns that take objects and arrays apart. */
import type { ts } from "ts-morph";
import { declared, declaredInside } from "../../ir/builder.js";
import type { Hint } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { type Context, onStatement, poison, refuse, unset } from "../context.js";
import { callbackOr } from "../control/effects.js";
import { fillingOf, isAtEntry } from "../control/lazy-variables.js";
import { lowerExpression } from "./expressions.js";
import { branch } from "../control/join.js";
import { shapeOfType } from "../memory.js";
import { undefinedLiteral } from "../names.js";
import { shortCircuit } from "./logic.js";
import { ifChosen, isNothingElse, mayBeNone } from "../functions/functions.js";
import { begin, writeShared } from "./shared-variables.js";
import { bindPattern } from "./patterns.js";
import { type Bound, type Scope, type Variable, isAtom } from "../scope.js";
import { bare, isBindingPattern, isJavaScript } from "../syntax.js";
import { noteAbsenceTest } from "../control/trust.js";
import { apply, atomOf, includesNothing, mayBeNothing, named, there } from "../values.js";

/** `const a = 1, b = 2;`: each declaration is a line of its own. */
export function lowerDeclarationList(
  cx: Context,
  list: ts.VariableDeclarationList,
  statement: ts.Node,
): void {
  const using: number = cx.ts.NodeFlags.Using;
  if ((list.flags & using) === using) {
    refuse(cx, "unsupportedStatement", statement, { what: "`using` declaration" });
    return;
  }
  const single = list.declarations.length === 1;
  const last = list.declarations.at(-1);
  for (const declaration of list.declarations) {
    const commented = declaration === last ? statement : declaration;
    bindDeclaration(onStatement(cx, single ? statement : declaration, commented), declaration);
  }
}

/** Lowers the initializer, and gives the names their values. */
export function bindDeclaration(cx: Context, declaration: ts.VariableDeclaration): void {
  const { name, initializer } = declaration;
  if (cx.ts.isIdentifier(name)) {
    const variable = variableOf(cx, name);
    if (variable.isShared === true) {
      const first = initializer === undefined ? initial(cx, name) : lowerExpression(cx, initializer);
      begin(cx, variable, first, name);
    } else if (initializer !== undefined)
      assign(cx, variable, lowerExpression(cx, initializer, variable.hint), initializer);
    else if (!isRedeclared(cx, declaration, variable))
      cx.unit.environment.set(variable, held(cx, variable, initial(cx, name), name));
    return;
  }
  if (initializer === undefined) return;
  const literal = bare(cx.ts, initializer);
  if (
    cx.ts.isArrayBindingPattern(name) &&
    cx.ts.isArrayLiteralExpression(literal) &&
    isPlain(cx, name, literal)
  ) {
    bindPairwise(cx, name, literal);
    return;
  }
  bindPattern(cx, name, lowerExpression(cx, initializer), initializer);
}

/** `var x;` again leaves the value. */
function isRedeclared(cx: Context, declaration: ts.VariableDeclaration, variable: Variable): boolean {
  const isVar = (declaration.parent.flags & cx.ts.NodeFlags.BlockScoped) === 0;
  return isVar && cx.unit.environment.get(variable) !== undefined;
}

/** A variable without a value: where TypeScript does not let it be read, joins need not keep it. */
function initial(cx: Context, name: ts.Identifier): Bound {
  if (isJavaScript(cx, name)) return undefinedLiteral;
  return includesNothing(cx, cx.checker.getTypeAtLocation(name)) ? undefinedLiteral : unset;
}

/** Declares the variable of a name in the innermost scope; a `var` has been declared before. */
export function variableOf(cx: Context, name: ts.Identifier): Variable {
  const symbol = cx.checker.getSymbolAtLocation(name);
  const known = symbol === undefined ? null : cx.scope.lookup(symbol);
  if (known !== null && isFunctionScoped(cx, name)) return known;
  return declareVariable(cx, cx.scope, symbol, name.text);
}

function isFunctionScoped(cx: Context, name: ts.Identifier): boolean {
  let node: ts.Node = name.parent;
  while (cx.ts.isBindingElement(node) || isBindingPattern(cx.ts, node)) node = node.parent;
  return cx.ts.isVariableDeclaration(node) && (node.parent.flags & cx.ts.NodeFlags.BlockScoped) === 0;
}

export function declareVariable(
  cx: Context,
  scope: Scope,
  symbol: ts.Symbol | undefined,
  name: string,
): Variable {
  const keeps = symbol !== undefined && cx.unit.records.isKeptVariable(symbol) ? { keeps: symbol } : {};
  const shared = symbol !== undefined && cx.unit.records.isShared(symbol) ? { isShared: true as const } : {};
  const { prefix } = cx.frame;
  const hint = prefix === "" ? declared(name) : declaredInside(`${prefix}${name}`);
  const types = scope.types.size === 0 ? {} : { types: scope.types };
  const isKept = scope === cx.unit.globals || isAtEntry(cx.frame);
  const filling = isKept && symbol !== undefined ? fillingOf(cx, symbol) : null;
  const around = scope === cx.unit.globals ? {} : { scope };
  const lazy = filling === null ? {} : { filling: { ...filling, ...around } };
  const kept = isKept ? { isKept } : {};
  const own = symbol === undefined ? {} : { symbol };
  const variable: Variable = {
    name,
    hint,
    depth: null,
    ...own,
    ...keeps,
    ...shared,
    ...types,
    ...lazy,
    ...kept,
  };
  if (symbol !== undefined) scope.declare(symbol, variable);
  return variable;
}

/** Gives a variable a value, under its name. */
export function assign(cx: Context, variable: Variable, bound: Bound, node: ts.Node): Bound {
  if (variable.isShared === true) return writeShared(cx, variable, bound, node);
  const isOutside = variable.isKept === true && !isAtEntry(cx.frame);
  // It has been given that ahead of the body.
  if (isOutside && variable.filling !== undefined && cx.unit.root().pending.has(variable.filling.node))
    return bound;
  const value = named(cx, held(cx, variable, bound, node), variable.hint, node);
  cx.unit.environment.set(variable, value);
  if (isOutside) refuse(cx, "outerAssignment", node, { name: variable.name, owner: "", hidden: "" });
  return value;
}

/** A value as the variable holds it: a function perhaps as what stands for it in memory. */
export function held(cx: Context, { keeps }: Variable, bound: Bound, node: ts.Node): Bound {
  if (keeps === undefined) return bound;
  const atom = atomOf(cx, bound, node);
  if (atom !== poison && atom !== unset) cx.unit.records.learnVariable(keeps, shapeOfType(atom.type));
  return atom;
}

/** True if both sides have as many elements, and none is spread, left out or given a default. */
function isPlain(cx: Context, pattern: ts.ArrayBindingPattern, literal: ts.ArrayLiteralExpression): boolean {
  return (
    pattern.elements.length === literal.elements.length &&
    pattern.elements.every(
      (element) =>
        cx.ts.isBindingElement(element) &&
        element.dotDotDotToken === undefined &&
        element.initializer === undefined,
    ) &&
    literal.elements.every((each) => !cx.ts.isSpreadElement(each) && !cx.ts.isOmittedExpression(each))
  );
}

/** `const [a, b] = [1, 2];` needs no array. */
function bindPairwise(
  cx: Context,
  pattern: ts.ArrayBindingPattern,
  literal: ts.ArrayLiteralExpression,
): void {
  const targets = pattern.elements.filter((element) => cx.ts.isBindingElement(element));
  const variables = targets.map(({ name }) => (cx.ts.isIdentifier(name) ? variableOf(cx, name) : null));
  const values = literal.elements.map((element, i) =>
    lowerExpression(cx, element, variables[i]?.hint ?? null),
  );
  targets.forEach(({ name }, i) => {
    const variable = variables[i];
    const value = values[i] ?? poison;
    if (variable) assign(cx, variable, value, name);
    else if (!cx.ts.isIdentifier(name)) bindPattern(cx, name, value, name);
  });
}

/** Binds a name or a pattern of a parameter or declaration to a value that is there already. */
export function bindName(cx: Context, name: ts.BindingName, bound: Bound, node: ts.Node): void {
  if (cx.ts.isIdentifier(name)) assign(cx, variableOf(cx, name), bound, node);
  else bindPattern(cx, name, bound, node);
}

/** A value, or the default where it is `undefined`. */
export function withDefault(cx: Context, bound: Bound, initializer: ts.Expression, hint: Hint | null): Bound {
  if (bound.kind === "choice" && mayBeNone(bound) && !isNothingElse(bound))
    return ifChosen(
      cx,
      bound,
      initializer,
      (one) => one,
      (other) => withDefault(cx, other, initializer, null),
      hint,
    );
  if (
    bound.kind === "choice" &&
    mayBeNone(bound) &&
    bound.none === undefined &&
    bound.elsewhere === undefined
  )
    return shortCircuit(
      cx,
      initializer,
      "??",
      bound,
      initializer,
      () => lowerExpression(cx, initializer),
      hint,
    );
  const callback = callbackOr(cx, bound, initializer);
  if (callback !== null) return callback;
  if (!isAtom(bound) || bound === poison) return bound;
  if (bound.type.kind === "nothing") {
    const { none } = bound.type;
    if (none === "null") return bound;
    if (none === "undefined") return lowerExpression(cx, initializer, hint);
  }
  noteAbsenceTest(cx, bound, initializer);
  if (bound.type.kind !== "maybe") return bound;
  const absent = apply(cx, ops.isUndefined, [bound], initializer);
  return branch(
    cx,
    initializer,
    absent,
    () => lowerExpression(cx, initializer),
    () => presentUnlessNull(cx, bound, initializer),
    hint,
  );
}

/** A default does not replace `null`. What else may be there is what the variable is declared to hold, not the default. */
function presentUnlessNull(cx: Context, bound: Bound, initializer: ts.Expression): Bound {
  const target = targetOf(cx, initializer);
  return isAtom(bound) && (target === null || !mayBeNothing(cx, target))
    ? there(cx, bound, initializer)
    : bound;
}

/** What the default is for: a name, a pattern, or what is assigned. */
function targetOf({ ts: tsc }: Context, initializer: ts.Expression): ts.Node | null {
  const { parent } = initializer;
  if (tsc.isBindingElement(parent) || tsc.isParameter(parent) || tsc.isShorthandPropertyAssignment(parent))
    return parent.name;
  return tsc.isBinaryExpression(parent) ? parent.left : null;
}
