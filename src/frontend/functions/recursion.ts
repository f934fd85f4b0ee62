/** Which functions are not inlined: those that call themselves, and those that would be written out too often. */
import type { ts } from "ts-morph";
import { instanceType } from "../classes/class-index.js";
import { memberNamed } from "../classes/classes.js";
import type { Context } from "../context.js";
import { descendants } from "../classes/descendants.js";
import { candidatesFor } from "../types/families.js";
import { typeAt } from "../classes/class-tests.js";
import { ownerAt, writtenName } from "../targets/member-use.js";
import { symbolOf } from "../names.js";
import { isAssignmentTarget } from "../control/written.js";
import { bare, holderOf } from "../syntax.js";
import { taggedNodes } from "../targets/tagged.js";

/** True if the function can be reached from its own body, by the names in it. */
export function callsItself(cx: Context, node: ts.FunctionLikeDeclaration): boolean {
  const { recursive } = cx.unit;
  const known = recursive.get(node);
  if (known !== undefined) return known;
  const seen = new Set<ts.Node>();
  const open = [...namedIn(cx, node)];
  let found = false;
  for (let next = open.pop(); next !== undefined && !found; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    found = next === node;
    open.push(...namedIn(cx, next));
  }
  recursive.set(node, found);
  return found;
}

/** A function that comes to more calls than this, written out, is called itself. */
const mostWritten = 100;

/** True for a function whose calls would be written out again and again. */
export function isLarge(cx: Context, node: ts.FunctionLikeDeclaration): boolean {
  return writtenOut(cx, node) > mostWritten;
}

/**
 * A helper of so many statements is written out once where so many targets lead to it, a long one from two on: long with
 * the helpers that it calls, which would be written out in it.
 */
const leastShared = { statements: 8, targets: 3, together: 40 };
const longHelper = 20;
const longWithHelpers = { own: 6, all: 24 };

/** True for a longer function that several of the file's targets lead to: it is written out once. */
export function isShared(cx: Context, node: ts.FunctionLikeDeclaration): boolean {
  const { emitted, project } = cx.unit;
  const { sourceFile } = emitted;
  const targets = taggedNodes(cx.ts, sourceFile);
  if (targets.length < 2) return false;
  const key = `shared ${sourceFile.fileName} ${node.getSourceFile().fileName} ${String(node.pos)}`;
  const known = project.facts.get(key);
  if (known !== undefined) return known;
  const statements = statementsIn(cx, node);
  const isLong = statements >= longHelper || isLongWithHelpers(cx, node, statements);
  const mayBe = isWorthOne(statements, isLong, targets.length);
  const uses = mayBe ? targets.filter((target) => leadsTo(cx, target.node, node)).length : 0;
  const isOften = isWorthOne(statements, isLong, uses);
  project.facts.set(key, isOften);
  return isOften;
}

function isWorthOne(statements: number, isLong: boolean, uses: number): boolean {
  if (isLong) return uses > 1;
  const { statements: least, targets, together } = leastShared;
  return statements >= least && uses >= targets && statements * uses > together;
}

function isLongWithHelpers(cx: Context, node: ts.FunctionLikeDeclaration, statements: number): boolean {
  if (statements < longWithHelpers.own) return false;
  const all = new Set([node]);
  for (const each of all) for (const inner of namedIn(cx, each)) all.add(inner);
  const count = [...all].reduce((sum, each) => sum + statementsIn(cx, each), 0);
  return count >= longWithHelpers.all;
}

function statementsIn(cx: Context, node: ts.FunctionLikeDeclaration): number {
  const all = [...descendants(cx.ts, node)];
  return all.filter((each) => cx.ts.isStatement(each) && !cx.ts.isBlock(each)).length;
}

function leadsTo(cx: Context, from: ts.Node, to: ts.FunctionLikeDeclaration): boolean {
  const open = [...functionsNamedIn(cx, from)];
  const seen = new Set<ts.Node>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...namedIn(cx, next));
  }
  return false;
}

/** How many calls a call of the function comes to, if all are written out in place. */
function writtenOut(cx: Context, node: ts.FunctionLikeDeclaration): number {
  const { sizes } = cx.unit;
  const known = sizes.get(node);
  if (known !== undefined) return known;
  // For one that is met again inside of itself.
  sizes.set(node, 1);
  const inner = mentionsIn(cx, node).reduce((sum, callee) => sum + writtenOut(cx, callee), 0);
  // All beyond the bound is as good as infinite.
  const size = Math.min(1 + inner, mostWritten + 1);
  sizes.set(node, size);
  return size;
}

/** The functions that the text of a function names. */
function namedIn(cx: Context, node: ts.FunctionLikeDeclaration): readonly ts.FunctionLikeDeclaration[] {
  return [...new Set([...mentionsIn(cx, node), ...constructorsIn(cx, node)])];
}

/** The constructors that the text of a function calls. */
function constructorsIn(
  cx: Context,
  node: ts.FunctionLikeDeclaration,
): readonly ts.FunctionLikeDeclaration[] {
  const { ts: tsc, unit } = cx;
  const known = unit.constructors.get(node);
  if (known !== undefined) return known;
  const body = "body" in node ? node.body : undefined;
  const found = [...(body === undefined ? [] : descendants(tsc, body))].flatMap((each) => {
    const symbol = tsc.isNewExpression(each) ? symbolOf(cx, each.expression) : null;
    const classes = (symbol?.declarations ?? []).filter((declaration) => tsc.isClassLike(declaration));
    return classes.flatMap(({ members }) =>
      members
        .filter((member) => tsc.isConstructorDeclaration(member))
        .filter(({ body: own }) => own !== undefined),
    );
  });
  unit.constructors.set(node, found);
  return found;
}

/** The functions that it names, each as often as it does. */
function mentionsIn(cx: Context, node: ts.FunctionLikeDeclaration): readonly ts.FunctionLikeDeclaration[] {
  const { named } = cx.unit;
  const known = named.get(node);
  if (known !== undefined) return known;
  const found: ts.FunctionLikeDeclaration[] = [];
  const body = "body" in node ? node.body : undefined;
  if (body !== undefined) found.push(...functionsNamedIn(cx, body));
  named.set(node, found);
  return found;
}

/** The functions that some code names, each as often as it does. */
export function functionsNamedIn(cx: Context, root: ts.Node): readonly ts.FunctionLikeDeclaration[] {
  return [...descendants(cx.ts, root)].flatMap((node) =>
    cx.ts.isIdentifier(node) || cx.ts.isPrivateIdentifier(node)
      ? functionsNamed(cx, node)
      : iteratorsIn(cx, node),
  );
}

/** `for (const x of object)`, `yield* object`, `[...object]`: these call the iterator of its class. */
function iteratorsIn(cx: Context, node: ts.Node): readonly ts.FunctionLikeDeclaration[] {
  const { ts: tsc, checker } = cx;
  const isIterated =
    tsc.isForOfStatement(node) ||
    tsc.isSpreadElement(node) ||
    (tsc.isYieldExpression(node) && node.asteriskToken !== undefined);
  if (!isIterated || node.expression === undefined) return [];
  const type = checker.getTypeAtLocation(node.expression);
  const iterator = type.getProperties().find(({ name }) => name.startsWith("__@iterator"));
  const own = iterator === undefined ? null : functionOf(cx, iterator);
  return own === null ? [] : [own];
}

/** The function that a name stands for; for a method, those of all classes that the object may be of. */
export function functionsNamed(
  cx: Context,
  node: ts.Identifier | ts.PrivateIdentifier,
): readonly ts.FunctionLikeDeclaration[] {
  const { checker, ts: tsc } = cx;
  if (isAskedForField(cx, node)) return [];
  const symbol = tsc.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : (takenProperty(cx, node) ?? checker.getSymbolAtLocation(node));
  if (symbol === undefined) return [];
  const named = (symbol.flags & tsc.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  const meant = cx.unit.project.implemented.of(named);
  const { Function, Method, Accessor, Variable, Property } = tsc.SymbolFlags;
  if ((meant.flags & (Function | Method | Accessor | Variable | Property)) === 0) return [];
  const isUsed = accessorsUsed(cx, node);
  const own = functionOf(cx, meant, isUsed) ?? memberOfThis(cx, node);
  if (own !== null && givesItself(cx, own, node)) return [];
  const isMember = (meant.flags & (Method | Accessor | Property)) !== 0;
  const others = isMember && !isOfSuper(cx, node) ? overridesOf(cx, meant).filter(isUsed) : [];
  return [...new Set([...(own === null ? [] : [own]), ...others])];
}

/** A setter is called where a name is assigned, and a getter where it is read. */
function accessorsUsed(cx: Context, node: ts.Node): (declaration: ts.Node) => boolean {
  const { ts: tsc } = cx;
  const place = tsc.isPropertyAccessExpression(node.parent) ? node.parent : node;
  const holder = holderOf(tsc, place);
  const isWritten = isAssignmentTarget(cx, place, holder);
  const isOnlyWritten =
    isWritten &&
    tsc.isBinaryExpression(holder) &&
    holder.operatorToken.kind === tsc.SyntaxKind.EqualsToken &&
    tsc.isExpressionStatement(holder.parent);
  return (declaration) =>
    tsc.isGetAccessorDeclaration(declaration)
      ? !isOnlyWritten
      : !tsc.isSetAccessorDeclaration(declaration) || isWritten;
}

/** `force.strength`: of a function, only a field is asked for, and it is not called. */
function isAskedForField({ ts: tsc }: Context, node: ts.Node): boolean {
  const { parent } = node;
  if (!tsc.isPropertyAccessExpression(parent) || parent.expression !== node) return false;
  return !/^(?:call|apply|bind)$/u.test(parent.name.text);
}

/** `return force`, in `force`. */
function givesItself({ ts: tsc }: Context, own: ts.Node, node: ts.Node): boolean {
  const holder = holderOf(tsc, node);
  const isGiven = tsc.isReturnStatement(holder) || tsc.isArrowFunction(holder);
  return isGiven && tsc.findAncestor(node, tsc.isFunctionLike) === own;
}

/** What `this.name` is in a method of an object literal, whose declared type has only its signature. */
function memberOfThis(
  { ts: tsc }: Context,
  node: ts.Identifier | ts.PrivateIdentifier,
): ts.FunctionLikeDeclaration | null {
  const { parent } = node;
  if (!tsc.isPropertyAccessExpression(parent) || parent.expression.kind !== tsc.SyntaxKind.ThisKeyword)
    return null;
  const around = tsc.findAncestor(parent, (each) => tsc.isFunctionLike(each) && !tsc.isArrowFunction(each));
  const holder = around?.parent;
  const literal = holder !== undefined && tsc.isPropertyAssignment(holder) ? holder.parent : holder;
  if (literal === undefined || !tsc.isObjectLiteralExpression(literal)) return null;
  const member = literal.properties.find(
    ({ name }) => name !== undefined && tsc.isIdentifier(name) && name.text === node.text,
  );
  if (member === undefined) return null;
  if (tsc.isMethodDeclaration(member) || tsc.isAccessor(member)) return member;
  const value = tsc.isPropertyAssignment(member) ? bare(tsc, member.initializer) : null;
  return value !== null && (tsc.isArrowFunction(value) || tsc.isFunctionExpression(value)) ? value : null;
}

/** The property that `{ name }` in a pattern takes, which may be a getter. */
function takenProperty(cx: Context, node: ts.Node): ts.Symbol | undefined {
  const { parent } = node;
  if (!cx.ts.isBindingElement(parent) || (parent.propertyName ?? parent.name) !== node) return undefined;
  const name = writtenName(cx, parent);
  return name === null ? undefined : typeAt(cx, ownerAt(cx, parent)).getProperty(name);
}

function functionOf(
  cx: Context,
  { declarations = [] }: ts.Symbol,
  isUsed: (declaration: ts.Node) => boolean = () => true,
): ts.FunctionLikeDeclaration | null {
  const { ts: tsc } = cx;
  for (const declaration of declarations.filter(isUsed)) {
    if (tsc.isFunctionLike(declaration)) {
      if ("body" in declaration && declaration.body !== undefined) return declaration;
    } else if (tsc.isVariableDeclaration(declaration) || tsc.isPropertyDeclaration(declaration)) {
      const made = declaration.initializer === undefined ? null : bare(tsc, declaration.initializer);
      if (made !== null && (tsc.isArrowFunction(made) || tsc.isFunctionExpression(made))) return made;
    } else if (tsc.isPropertyAccessExpression(declaration)) {
      // `force.strength = (s) => …`
      const { parent } = declaration;
      const made = tsc.isBinaryExpression(parent) ? bare(tsc, parent.right) : null;
      if (made !== null && (tsc.isArrowFunction(made) || tsc.isFunctionExpression(made))) return made;
    }
  }
  return null;
}

/** `super.name` is that of one class. */
function isOfSuper({ ts: tsc }: Context, { parent }: ts.Node): boolean {
  return tsc.isPropertyAccessExpression(parent) && parent.expression.kind === tsc.SyntaxKind.SuperKeyword;
}

/** The methods and accessors under the name of a member in the classes that extend or implement its owner. */
function overridesOf(
  cx: Context,
  { name, declarations = [] }: ts.Symbol,
): readonly ts.FunctionLikeDeclaration[] {
  const { ts: tsc, unit } = cx;
  const owner = declarations[0]?.parent;
  if (owner === undefined || !(tsc.isClassLike(owner) || tsc.isInterfaceDeclaration(owner))) return [];
  return candidatesFor(instanceType(owner, unit.project), unit.project).flatMap(
    (each): ts.FunctionLikeDeclaration[] => {
      const member = memberNamed(cx, each, name, false);
      if (member?.kind === "method") return [member.node];
      return member?.kind === "accessor" ? [member.get, member.set].filter((one) => one !== null) : [];
    },
  );
}
