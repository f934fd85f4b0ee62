/**
 * Follows a constant of a module through the text of the project: variables and fields that it is put into, functions
 * that it is handed to and that return it, in no order of time. What is written to it under any of these names is noted.
 */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import type { Context } from "../context.js";
import { isAssignmentTarget } from "../control/written.js";
import { symbolOf } from "../names.js";
import { isAssignmentOperator, isBindingPattern, isShortCircuit } from "../syntax.js";
import { argumentOf, calledOn } from "./handing-over.js";
import { type Lead, anyStep, copied, keyOf, resultStep, stepInto, wrapped } from "./lead.js";
import { readsOf, usesOf } from "./mentions.js";

/** More than this is taken for everything. */
const most = 100_000;

export class Following {
  /** The fields of the constant that are written to, or in which something is. */
  readonly cells = new Set<string>();
  /** Arrays become longer or shorter. */
  resizes = false;
  functions = false;
  readonly #cx: Context;
  readonly #open: (() => void)[] = [];
  readonly #met = new Map<object, Set<string>>();
  /** Code that belongs to the making of the constant. */
  readonly #isApart: (node: ts.Node) => boolean;
  #steps = 0;

  constructor(cx: Context, isApart: (node: ts.Node) => boolean) {
    this.#cx = cx;
    this.#isApart = isApart;
  }

  run(): void {
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) {
      if (++this.#steps > most) {
        this.write(anyStep);
        return;
      }
      next();
    }
  }

  /** `given`: where what is written stands. */
  write(cell: string, resizes = false, given: readonly ts.Node[] = []): void {
    this.cells.add(cell);
    if (resizes) this.resizes = true;
    if (given.some((each) => this.#givesFunction(each))) this.functions = true;
  }

  /** The value is a function, or an object with functions. */
  #givesFunction(node: ts.Node): boolean {
    const { checker } = this.#cx.unit.project;
    const { Property } = this.#cx.ts.SymbolFlags;
    const isCallable = (type: ts.Type): boolean =>
      (type.isUnion() ? type.types : [type]).some(
        (each) => each.getCallSignatures().length + each.getConstructSignatures().length > 0,
      );
    const type = checker.getTypeAtLocation(node);
    const fields = type.getProperties().filter(({ flags }) => (flags & Property) !== 0);
    return isCallable(type) || fields.some((each) => isCallable(checker.getTypeOfSymbol(each)));
  }

  /** All uses of a variable, a function or a class. */
  variable(symbol: ts.Symbol, lead: Lead | null): void {
    this.#add(symbol, lead, (own) => {
      const { valueDeclaration } = symbol;
      const isInside =
        own.entered !== null &&
        valueDeclaration !== undefined &&
        isWithin(valueDeclaration, own.entered.callee);
      const here = isInside ? own : { ...own, entered: null };
      for (const use of usesOf(this.#cx, symbol)) this.value(use, here);
    });
  }

  /** All reads of a field, of any object. */
  field(symbol: ts.Symbol, lead: Lead | null): void {
    this.#add(symbol, lead, (own) => {
      const here = { ...own, entered: null };
      for (const each of readsOf(this.#cx, symbol)) {
        if (this.#cx.ts.isBindingElement(each)) this.binding(each.name, here);
        else this.value(each, here);
      }
    });
  }

  /** What is declared to be, or to be taken from, the value. */
  binding(name: ts.BindingName, lead: Lead | null): void {
    const { ts: tsc } = this.#cx;
    if (lead === null) return;
    if (!isBindingPattern(tsc, name)) {
      const symbol = this.symbol(name);
      if (symbol !== null) this.variable(symbol, lead);
      return;
    }
    name.elements.forEach((each, i) => {
      if (tsc.isOmittedExpression(each)) return;
      const isRest = each.dotDotDotToken !== undefined;
      const key = tsc.isArrayBindingPattern(name) ? String(i) : this.nameOf(each.propertyName ?? each.name);
      this.binding(each.name, isRest ? copied(lead) : stepInto(lead, key));
    });
  }

  /** What becomes of the value of an expression. */
  value(node: ts.Node, lead: Lead | null): void {
    this.#add(node, lead, (own) => {
      if (!this.#isApart(node) && !this.isPlain(node)) this.#use(node, own);
    });
  }

  /** It has a value in it from now on, and so has all that is the same object. */
  contain(base: ts.Expression, lead: Lead | null): void {
    const { ts: tsc } = this.#cx;
    if (lead === null) return;
    this.#add(base, lead, (own) => {
      this.#use(base, own);
      const inner =
        tsc.isNonNullExpression(base) || tsc.isParenthesizedExpression(base) ? base.expression : null;
      if (inner !== null) this.contain(inner, own);
      else if (tsc.isIdentifier(base)) this.#containIn(base, own);
      else if (tsc.isPropertyAccessExpression(base)) this.assign(base, own);
      else if (tsc.isElementAccessExpression(base)) this.contain(base.expression, wrapped(own, anyStep));
      else if (tsc.isCallExpression(base) && tsc.isPropertyAccessExpression(base.expression))
        this.contain(base.expression.expression, wrapped(own, anyStep));
    });
  }

  #containIn(base: ts.Identifier, lead: Lead): void {
    const { ts: tsc } = this.#cx;
    const symbol = this.symbol(base);
    if (symbol === null) return;
    this.variable(symbol, lead);
    const { valueDeclaration: declared } = symbol;
    if (declared === undefined) return;
    if (tsc.isVariableDeclaration(declared) && declared.initializer !== undefined)
      if (!tsc.isNewExpression(declared.initializer)) this.contain(declared.initializer, lead);
    const { entered } = lead;
    if (!tsc.isParameter(declared) || entered?.callee !== declared.parent) return;
    const call = entered.call as Partial<ts.CallExpression>;
    const given = call.arguments?.[declared.parent.parameters.indexOf(declared)];
    if (given !== undefined) this.contain(given, { ...lead, entered: entered.outer });
  }

  /** What is assigned to a variable, a field, an element or a pattern. */
  assign(target: ts.Node, lead: Lead | null): void {
    const { ts: tsc } = this.#cx;
    if (lead === null) return;
    if (
      tsc.isParenthesizedExpression(target) ||
      tsc.isNonNullExpression(target) ||
      tsc.isAsExpression(target)
    )
      this.assign(target.expression, lead);
    else if (tsc.isIdentifier(target)) {
      const symbol = this.symbol(target);
      if (symbol !== null) this.variable(symbol, lead);
    } else if (tsc.isPropertyAccessExpression(target)) {
      const symbol = this.symbol(target.name);
      if (symbol !== null) this.field(symbol, lead);
    } else if (tsc.isElementAccessExpression(target)) this.contain(target.expression, wrapped(lead, anyStep));
    else if (tsc.isArrayLiteralExpression(target))
      target.elements.forEach((each, i) => {
        if (tsc.isSpreadElement(each)) this.assign(each.expression, copied(lead));
        else this.assign(each, stepInto(lead, String(i)));
      });
    else if (tsc.isObjectLiteralExpression(target))
      for (const each of target.properties) {
        if (tsc.isPropertyAssignment(each))
          this.assign(each.initializer, stepInto(lead, this.nameOf(each.name)));
        if (tsc.isShorthandPropertyAssignment(each)) this.assign(each.name, stepInto(lead, each.name.text));
        if (tsc.isSpreadAssignment(each)) this.assign(each.expression, copied(lead));
      }
    else if (tsc.isBinaryExpression(target)) this.assign(target.left, lead);
  }

  /** What the function around gives is given to its callers. */
  returned(node: ts.Node, lead: Lead | null): void {
    const callee = this.#cx.ts.findAncestor(node.parent, (each) => this.#cx.ts.isFunctionLike(each));
    if (callee === undefined || lead === null) return;
    const { entered } = lead;
    if (entered?.callee === callee) this.value(entered.call, { ...lead, entered: entered.outer });
    else this.#result(callee, lead);
  }

  #result(callee: ts.Node, lead: Lead): void {
    const { ts: tsc } = this.#cx;
    const called = wrapped(lead, resultStep);
    const symbol = tsc.isFunctionLike(callee) && callee.name !== undefined ? this.symbol(callee.name) : null;
    if (tsc.isFunctionDeclaration(callee) && symbol !== null) this.variable(symbol, called);
    if (tsc.isArrowFunction(callee) || tsc.isFunctionExpression(callee)) this.value(callee, called);
    if (!tsc.isMethodDeclaration(callee) && !tsc.isGetAccessorDeclaration(callee)) return;
    const member = tsc.isMethodDeclaration(callee) ? called : lead;
    if (tsc.isObjectLiteralExpression(callee.parent))
      this.value(callee.parent, wrapped(member, this.nameOf(callee.name)));
    else if (symbol !== null) this.field(symbol, member);
  }

  /** `this` in a member of a class, or of an object. */
  self(member: ts.Node, lead: Lead | null): void {
    const { ts: tsc } = this.#cx;
    if (lead === null || !tsc.isFunctionLike(member)) return;
    for (const each of descendants(tsc, member)) {
      if (each.kind !== tsc.SyntaxKind.ThisKeyword && each.kind !== tsc.SyntaxKind.SuperKeyword) continue;
      const owner = tsc.findAncestor(
        each.parent,
        (outer) => (tsc.isFunctionLike(outer) && !tsc.isArrowFunction(outer)) || tsc.isClassLike(outer),
      );
      if (owner === member) this.value(each, lead);
    }
  }

  symbol(node: ts.Node): ts.Symbol | null {
    return symbolOf(this.#cx, node);
  }

  nameOf(name: ts.PropertyName | ts.BindingName): string {
    const { ts: tsc } = this.#cx;
    return tsc.isIdentifier(name) ||
      tsc.isPrivateIdentifier(name) ||
      tsc.isStringLiteralLike(name) ||
      tsc.isNumericLiteral(name)
      ? name.text
      : anyStep;
  }

  /** A number, a text or the like, of which nothing is shared. */
  isPlain(node: ts.Node): boolean {
    const { ts: tsc, unit } = this.#cx;
    const { checker } = unit.project;
    const type = checker.getTypeAtLocation(node);
    const plain =
      tsc.TypeFlags.NumberLike |
      tsc.TypeFlags.StringLike |
      tsc.TypeFlags.BooleanLike |
      tsc.TypeFlags.Null |
      tsc.TypeFlags.Undefined |
      tsc.TypeFlags.Void |
      tsc.TypeFlags.BigIntLike |
      tsc.TypeFlags.ESSymbolLike;
    return (type.isUnion() ? type.types : [type]).every(({ flags }) => (flags & plain) !== 0);
  }

  #add(key: object, lead: Lead | null, then: (lead: Lead) => void): void {
    if (lead === null) return;
    const text = keyOf(lead);
    const known = this.#met.get(key) ?? new Set();
    if (known.has(text)) return;
    known.add(text);
    this.#met.set(key, known);
    this.#open.push(() => {
      then(lead);
    });
  }

  #use(node: ts.Node, lead: Lead): void {
    const { ts: tsc } = this.#cx;
    const { parent } = node;
    if (
      tsc.isParenthesizedExpression(parent) ||
      tsc.isNonNullExpression(parent) ||
      tsc.isAsExpression(parent) ||
      tsc.isSatisfiesExpression(parent) ||
      tsc.isTypeAssertionExpression(parent) ||
      tsc.isAwaitExpression(parent)
    )
      this.value(parent, lead);
    else if (tsc.isConditionalExpression(parent)) {
      if (parent.condition !== node) this.value(parent, lead);
    } else if (tsc.isBinaryExpression(parent)) this.#operand(node, parent, lead);
    else if (tsc.isVariableDeclaration(parent) || tsc.isParameter(parent) || tsc.isBindingElement(parent)) {
      if (parent.initializer === node) this.binding(parent.name, lead);
    } else if (tsc.isPropertyDeclaration(parent)) {
      const symbol = this.symbol(parent.name);
      if (parent.initializer === node && symbol !== null) this.field(symbol, lead);
    } else if (tsc.isReturnStatement(parent) || (tsc.isArrowFunction(parent) && parent.body === node))
      this.returned(node, lead);
    else if (tsc.isYieldExpression(parent))
      this.returned(node, parent.asteriskToken === undefined ? wrapped(lead, anyStep) : lead);
    else if (tsc.isForOfStatement(parent)) {
      const { initializer, expression } = parent;
      const element = expression === node ? stepInto(lead, anyStep) : null;
      if (!tsc.isVariableDeclarationList(initializer)) this.assign(initializer, element);
      else for (const each of initializer.declarations) this.binding(each.name, element);
    } else if (tsc.isExportAssignment(parent)) {
      const exported = this.#exportOf(parent);
      if (exported !== null) this.variable(exported, lead);
    } else if (tsc.isPropertyAccessExpression(parent) || tsc.isElementAccessExpression(parent)) {
      if (parent.expression === node) this.#access(parent, lead);
    } else if (tsc.isCallExpression(parent) || tsc.isNewExpression(parent)) {
      if (parent.expression === node) this.value(parent, stepInto(lead, resultStep));
      else argumentOf(this, this.#cx, parent, node, lead);
    } else this.#part(node, parent, lead);
  }

  #exportOf({ parent }: ts.ExportAssignment): ts.Symbol | null {
    const { checker } = this.#cx.unit.project;
    const module = checker.getSymbolAtLocation(parent);
    const exported = module === undefined ? [] : checker.getExportsOfModule(module);
    return exported.find(({ name }) => name === "default") ?? null;
  }

  #operand(node: ts.Node, parent: ts.BinaryExpression, lead: Lead): void {
    const { ts: tsc } = this.#cx;
    const { EqualsToken, CommaToken, AmpersandAmpersandToken } = tsc.SyntaxKind;
    const { kind } = parent.operatorToken;
    const isRight = parent.right === node;
    if (isAssignmentOperator(tsc, kind)) {
      if (isRight) this.assign(parent.left, lead);
      if (isRight || kind !== EqualsToken) this.value(parent, lead);
    } else if (kind === CommaToken ? isRight : isShortCircuit(tsc, parent)) {
      if (isRight || kind !== AmpersandAmpersandToken) this.value(parent, lead);
    }
  }

  /** Of a literal, or a spread. */
  #part(node: ts.Node, parent: ts.Node, lead: Lead): void {
    const { ts: tsc } = this.#cx;
    if (tsc.isPropertyAssignment(parent)) {
      if (parent.initializer === node) this.value(parent.parent, wrapped(lead, this.nameOf(parent.name)));
    } else if (tsc.isShorthandPropertyAssignment(parent))
      this.value(parent.parent, wrapped(lead, parent.name.text));
    else if (tsc.isSpreadAssignment(parent)) {
      const { properties } = parent.parent;
      const behind = properties.slice(properties.indexOf(parent) + 1);
      const own = behind.flatMap(({ name }) => (name === undefined ? [] : [this.nameOf(name)]));
      this.value(
        parent.parent,
        copied(
          lead,
          own.filter((each) => each !== anyStep),
        ),
      );
    } else if (tsc.isArrayLiteralExpression(parent)) this.value(parent, wrapped(lead, anyStep));
    else if (tsc.isSpreadElement(parent)) {
      const { parent: outer } = parent;
      const element = stepInto(lead, anyStep);
      if (tsc.isArrayLiteralExpression(outer)) this.value(outer, wrapped(element, anyStep));
      else if (element !== null && (tsc.isCallExpression(outer) || tsc.isNewExpression(outer)))
        argumentOf(this, this.#cx, outer, parent, element);
    }
  }

  #access(access: ts.PropertyAccessExpression | ts.ElementAccessExpression, lead: Lead): void {
    const { ts: tsc } = this.#cx;
    const key = tsc.isPropertyAccessExpression(access)
      ? access.name.text
      : tsc.isStringLiteralLike(access.argumentExpression)
        ? access.argumentExpression.text
        : anyStep;
    let target: ts.Expression = access;
    while (
      tsc.isParenthesizedExpression(target.parent) ||
      tsc.isNonNullExpression(target.parent) ||
      tsc.isAsExpression(target.parent)
    )
      target = target.parent;
    if (isAssignmentTarget(this.#cx, target, target.parent)) {
      if (lead.path.length === 0 && !calledOn(this, this.#cx, access, lead, "set"))
        this.write(lead.cell ?? key, key === "length", [access]);
      // `(x.list ??= []).push(…)`.
      if (lead.path.length === 0 && tsc.isBinaryExpression(target.parent))
        this.value(target, stepInto(lead, key));
      return;
    }
    // Another view of the same numbers.
    const isView = key === "buffer" && lead.path.length === 0;
    if (calledOn(this, this.#cx, access, lead, "get")) return;
    this.value(access, isView ? lead : stepInto(lead, key));
  }
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}
