/**
 * Statements of modules that fill a constant while these are loaded: `table.set("sin", Math.sin)`, `register(…)`,
 * `for (…) weights.push(…)`. They have run before any call, so that what they put there belongs to the constant. Those of
 * other modules count where the target's own leads to them.
 */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import type { Context } from "../context.js";
import { isOfLibrary, symbolOf } from "../names.js";
import { loadOrder } from "./load-order.js";
import { changesOf, isWritten } from "./written.js";

/** In their order; null where something else writes to the constant, or reads it in between. */
export function fillersOf(
  cx: Context,
  symbol: ts.Symbol,
  together: ReadonlySet<ts.Symbol> = new Set(),
): readonly ts.Statement[] | null {
  const { ts: tsc } = cx;
  const declaration = symbol.valueDeclaration;
  const changes = changesOf(cx, symbol);
  if (declaration === undefined || !tsc.isVariableDeclaration(declaration) || changes.length === 0)
    return null;
  const file = declaration.getSourceFile();
  if ((tsc.getCombinedNodeFlags(declaration) & tsc.NodeFlags.Const) === 0) return null;
  const found = new Set<ts.Statement>();
  for (const change of changes) {
    const statements = runBy(cx, change);
    if (
      statements === null ||
      !statements.every((each) => fillsOnly(cx, each, new Set([...together, symbol])))
    )
      return null;
    for (const each of statements) found.add(each);
  }
  const fillers = inOrder(cx, [...found], file);
  return fillers === null || isReadBetween(cx, symbol, declaration, fillers) ? null : fillers;
}

/** The order in which they run; null where that is not certain, or whether they do. */
function inOrder(
  cx: Context,
  found: readonly ts.Statement[],
  file: ts.SourceFile,
): readonly ts.Statement[] | null {
  if (found.every((each) => each.getSourceFile() === file)) return found.toSorted((a, b) => a.pos - b.pos);
  const order = loadOrder(cx);
  const at = (each: ts.Statement): number => order.indexOf(each.getSourceFile());
  return found.some((each) => at(each) < 0) ? null : found.toSorted((a, b) => at(a) - at(b) || a.pos - b.pos);
}

/** The statements at the top level of a module that do what is at `node`; null where something else may. */
function runBy(cx: Context, node: ts.Node): readonly ts.Statement[] | null {
  const { ts: tsc } = cx;
  const outer = tsc.findAncestor(node, (each) => tsc.isSourceFile(each.parent));
  if (outer === undefined) return null;
  const name = functionNameOf(cx, outer, node);
  if (name !== null) {
    const calls = callsOf(cx, name);
    const isOwn = calls?.every((each) => each.getSourceFile() === outer.getSourceFile()) === true;
    // It is for others, who may call it at any time.
    return isOwn && isExported(cx, outer) ? null : calls;
  }
  const isRun =
    tsc.isExpressionStatement(outer) || tsc.isIterationStatement(outer, false) || tsc.isBlock(outer);
  return isRun && !isLater(cx, node) ? [outer] : null;
}

function isExported({ ts: tsc }: Context, statement: ts.Node): boolean {
  const modifiers = tsc.canHaveModifiers(statement) ? (tsc.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === tsc.SyntaxKind.ExportKeyword);
}

/** `function register(…) {…}`, `const register = (…) => …`, around the node. */
function functionNameOf({ ts: tsc }: Context, outer: ts.Node, node: ts.Node): ts.Identifier | null {
  if (tsc.isFunctionDeclaration(outer)) return outer.name ?? null;
  if (!tsc.isVariableStatement(outer)) return null;
  const [only, ...more] = outer.declarationList.declarations;
  const made = more.length > 0 ? undefined : only?.initializer;
  const isFunction = made !== undefined && (tsc.isArrowFunction(made) || tsc.isFunctionExpression(made));
  const isInside = tsc.findAncestor(node, (each) => each === made) !== undefined;
  return isFunction && isInside && only !== undefined && tsc.isIdentifier(only.name) ? only.name : null;
}

/** It is in a function that may be called at any time; those that `forEach` is given are called at once. */
function isLater({ ts: tsc }: Context, node: ts.Node): boolean {
  const inside = tsc.findAncestor(node, (each) => tsc.isFunctionLike(each));
  if (inside === undefined) return false;
  const call = inside.parent;
  const isEach =
    tsc.isCallExpression(call) &&
    tsc.isPropertyAccessExpression(call.expression) &&
    call.expression.name.text === "forEach";
  return !isEach || tsc.findAncestor(call, (each) => tsc.isFunctionLike(each)) !== undefined;
}

/** The statements that call a function which nothing else has to do with; null where something else has. */
function callsOf(cx: Context, name: ts.Identifier): readonly ts.Statement[] | null {
  const { ts: tsc } = cx;
  const symbol = symbolOf(cx, name);
  const calls: ts.Statement[] = [];
  for (const each of cx.unit.project.program.getSourceFiles()) {
    if (each.isDeclarationFile || !each.text.includes(name.text)) continue;
    for (const node of descendants(tsc, each)) {
      if (node === name || !tsc.isIdentifier(node) || node.text !== name.text) continue;
      if (symbolOf(cx, node) !== symbol || isPassedOn(cx, node)) continue;
      const callee = tsc.isPropertyAccessExpression(node.parent) ? node.parent : node;
      const isCall = tsc.isCallExpression(callee.parent) && callee.parent.expression === callee;
      const statements = isCall && !isLater(cx, node) ? runBy(cx, node) : null;
      if (statements === null) return null;
      calls.push(...statements);
    }
  }
  return calls;
}

/** In an import or an export, by its own name. */
function isPassedOn({ ts: tsc }: Context, { parent }: ts.Node): boolean {
  return (
    (tsc.isImportSpecifier(parent) || tsc.isExportSpecifier(parent)) && parent.propertyName === undefined
  );
}

/** Nothing else that is there outside of the statement is written to by it, but for other constants that it fills. */
function fillsOnly(cx: Context, statement: ts.Statement, filled: ReadonlySet<ts.Symbol>): boolean {
  return [...descendants(cx.ts, statement)].every((node) => {
    if (!cx.ts.isIdentifier(node) || isField(cx, node) || !isWritten(cx, node)) return true;
    const written = symbolOf(cx, node);
    if (written === null || filled.has(written)) return written !== null;
    // What is handed to a call may be written to, unless it is a function.
    if ((written.flags & cx.ts.SymbolFlags.Function) !== 0 || isOfLibrary(cx, written)) return true;
    if ((written.declarations ?? []).every((each) => isInside(each, statement))) return true;
    const others = fillersOf(cx, written, filled);
    return others?.length === 1 && others[0] === statement;
  });
}

/** `sin` in `table.sin = …`: it is the table that is written to, and asked about by its own name. */
function isField(cx: Context, { parent: access }: ts.Identifier): boolean {
  if (!cx.ts.isPropertyAccessExpression(access)) return false;
  const { expression } = access;
  if (!cx.ts.isIdentifier(expression)) return false;
  const symbol = symbolOf(cx, expression);
  return symbol !== null && (symbol.flags & cx.ts.SymbolFlags.Variable) !== 0;
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}

/** Code of the module looks at the constant before it is filled, or all of it comes before the constant. */
function isReadBetween(
  cx: Context,
  symbol: ts.Symbol,
  declaration: ts.VariableDeclaration,
  fillers: readonly ts.Statement[],
): boolean {
  const { ts: tsc } = cx;
  const last = fillers.at(-1);
  const file = declaration.getSourceFile();
  const own = fillers.filter((each) => each.getSourceFile() === file);
  if (last === undefined || own.some((each) => each.pos < declaration.pos)) return true;
  const end = last.getSourceFile() === file ? last.pos : file.end;
  const others = new Set(fillers.map((each) => each.getSourceFile()).filter((each) => each !== file));
  const between = [
    ...file.statements.filter(({ pos }) => pos >= declaration.end && pos < end),
    ...[...others].flatMap(({ statements }) => statements),
  ].filter((each) => !fillers.includes(each));
  return between.some((statement) =>
    [...descendants(tsc, statement)].some(
      (node) =>
        tsc.isIdentifier(node) &&
        node.text === symbol.name &&
        symbolOf(cx, node) === symbol &&
        !tsc.isImportSpecifier(node.parent) &&
        !tsc.isExportSpecifier(node.parent) &&
        tsc.findAncestor(node, (each) => tsc.isFunctionLike(each)) === undefined,
    ),
  );
}
