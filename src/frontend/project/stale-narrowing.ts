/**
 * TypeScript narrows a variable or a field by what is assigned to it, and takes no notice of calls that assign it again:
 * behind `o.v = null; set(); o.v` is `null` for it. What is known by such an assignment alone is not taken for the truth.
 */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import type { TypeScript } from "../syntax.js";
import { bare, isAssignmentOperator } from "../syntax.js";

/** A variable, or a field of one: what TypeScript narrows. */
type Reference = ts.Identifier | ts.PropertyAccessExpression;

/** What is assigned to a reference, and where. */
interface Assignment {
  readonly value: ts.Expression;
  readonly end: number;
}

/** What a function does itself, apart from the functions in it. */
interface Contents {
  /** By the text of what is assigned to, in the order of the source. */
  readonly assigned: ReadonlyMap<string, readonly Assignment[]>;
  /** Where the calls end that may assign something. */
  readonly calls: readonly number[];
}

/** The checker, with the declared type of what a call may have assigned since TypeScript has narrowed it. */
export function withoutStale(tsc: TypeScript, checker: ts.TypeChecker): ts.TypeChecker {
  const narrowing = new StaleNarrowing(tsc, checker);
  return { ...checker, getTypeAtLocation: (node) => narrowing.typeOf(node) };
}

class StaleNarrowing {
  readonly #ts: TypeScript;
  readonly #checker: ts.TypeChecker;
  readonly #known = new WeakMap<ts.Node, ts.Type>();
  readonly #functions = new WeakMap<ts.Node, Contents>();
  readonly #captured = new WeakMap<ts.Declaration, boolean>();

  constructor(tsc: TypeScript, checker: ts.TypeChecker) {
    this.#ts = tsc;
    this.#checker = checker;
  }

  typeOf(node: ts.Node): ts.Type {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const type = this.#checker.getTypeAtLocation(node);
    // While it is looked into, it is what TypeScript says.
    this.#known.set(node, type);
    const reference = this.#referenceOf(node);
    const found = reference === null ? type : (this.#staleType(reference, type) ?? type);
    this.#known.set(node, found);
    return found;
  }

  #referenceOf(node: ts.Node): Reference | null {
    const tsc = this.#ts;
    if (tsc.isPropertyAccessExpression(node)) return node;
    if (!tsc.isIdentifier(node)) return null;
    const { parent } = node;
    if (tsc.isPropertyAccessExpression(parent) && parent.name === node) return parent;
    const isName = "name" in parent && parent.name === node;
    return isName ? null : node;
  }

  /** The type that it is declared with, or what of that is left; null where TypeScript is right. */
  #staleType(reference: Reference, type: ts.Type): ts.Type | null {
    const declared = this.#declaredType(reference);
    if (declared === null || declared === type || !this.#losesKinds(declared, type)) return null;
    const isNever = (type.flags & this.#ts.TypeFlags.Never) !== 0;
    const assignment = this.#staleAssignment(reference, isNever);
    if (assignment === null) return null;
    if (!isNever) return declared;
    const assigned = new Set(membersOf(this.#checker.getTypeAtLocation(assignment.value)));
    const [left, ...others] = membersOf(declared).filter((each) => !assigned.has(each));
    return left === undefined || others.length > 0 ? declared : left;
  }

  #declaredType(reference: Reference): ts.Type | null {
    const tsc = this.#ts;
    const symbol = this.#checker.getSymbolAtLocation(
      tsc.isIdentifier(reference) ? reference : reference.name,
    );
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined) return null;
    if (tsc.isPropertyAccessExpression(reference)) return this.#checker.getTypeOfSymbol(symbol);
    if (!tsc.isVariableDeclaration(declaration)) return null;
    const { initializer, type } = declaration;
    // Without a type of its own it has that of what it is given.
    return type === undefined && initializer !== undefined && this.#isConst(declaration)
      ? this.typeOf(bare(tsc, initializer))
      : this.#checker.getTypeOfSymbol(symbol);
  }

  #isConst({ parent }: ts.VariableDeclaration): boolean {
    return (parent.flags & this.#ts.NodeFlags.Const) !== 0;
  }

  /** True where objects, numbers or texts are left out, or all that is not nothing: literals are asked for as values. */
  #losesKinds(declared: ts.Type, type: ts.Type): boolean {
    const { Undefined, Null, Void, Literal, BooleanLike } = this.#ts.TypeFlags;
    const something = (whole: ts.Type): readonly ts.Type[] =>
      membersOf(whole).filter(({ flags }) => (flags & (Undefined | Null | Void)) === 0);
    const left = new Set(something(type));
    const before = something(declared);
    if (before.length === 0) return false;
    if (left.size === 0 || (type.flags & this.#ts.TypeFlags.Never) !== 0) return true;
    return before.some((each) => !left.has(each) && (each.flags & (Literal | BooleanLike)) === 0);
  }

  /** The assignment by which TypeScript knows the type, where a call may have made another one since. */
  #staleAssignment(reference: Reference, isNever = false): Assignment | null {
    const tsc = this.#ts;
    const around = this.#functionAround(reference);
    if (around === undefined) return null;
    const { assigned, calls } = this.#contentsOf(around);
    const text = reference.getText();
    const start = reference.getStart();
    const last = assigned.get(text)?.findLast(({ end }) => end <= start);
    if (last === undefined) return null;
    // Where nothing is left behind a test, it is the test that says what it is.
    if (!isNever && this.#isTested(reference, around, text, last.end)) return null;
    const value = bare(tsc, last.value);
    if (this.#isReference(value) && this.#staleType(value, this.#checker.getTypeAtLocation(value)) !== null)
      return last;
    if (tsc.isIdentifier(reference) && !this.#isAssignedElsewhere(reference)) return null;
    return calls.some((call) => call > last.end && call <= start) ? last : null;
  }

  #isReference(node: ts.Node): node is Reference {
    return this.#ts.isIdentifier(node) || this.#ts.isPropertyAccessExpression(node);
  }

  #contentsOf(around: ts.Node): Contents {
    const tsc = this.#ts;
    const known = this.#functions.get(around);
    if (known !== undefined) return known;
    const assigned = new Map<string, Assignment[]>();
    const calls: number[] = [];
    const add = (target: ts.Node, value: ts.Expression, end: number): void => {
      const text = target.getText();
      const others = assigned.get(text);
      if (others === undefined) assigned.set(text, [{ value, end }]);
      else others.push({ value, end });
    };
    for (const node of descendants(tsc, around)) {
      if (node === around || this.#functionAround(node) !== around) continue;
      if (tsc.isVariableDeclaration(node) && node.initializer !== undefined)
        add(node.name, node.initializer, node.end);
      if (tsc.isBinaryExpression(node) && node.operatorToken.kind === tsc.SyntaxKind.EqualsToken)
        add(node.left, node.right, node.end);
      const isCall = tsc.isCallExpression(node) || tsc.isNewExpression(node);
      if (isCall && !/^(?:Math|console|Number)\./u.test(node.getText())) calls.push(node.end);
    }
    for (const all of assigned.values()) all.sort((one, other) => one.end - other.end);
    const found = { assigned, calls };
    this.#functions.set(around, found);
    return found;
  }

  #functionAround(node: ts.Node): ts.Node | undefined {
    return this.#ts.findAncestor(node.parent, (each) => this.#ts.isFunctionLike(each));
  }

  /** The variable is assigned in another function than the one that declares it. */
  #isAssignedElsewhere(name: ts.Identifier): boolean {
    const tsc = this.#ts;
    const symbol = this.#checker.getSymbolAtLocation(name);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined) return false;
    const known = this.#captured.get(declaration);
    if (known !== undefined) return known;
    const home = this.#functionAround(declaration);
    const found =
      home !== undefined &&
      [...descendants(tsc, home)].some(
        (node) =>
          tsc.isBinaryExpression(node) &&
          isAssignmentOperator(tsc, node.operatorToken.kind) &&
          tsc.isIdentifier(node.left) &&
          node.left.text === name.text &&
          this.#functionAround(node) !== home &&
          this.#checker.getSymbolAtLocation(node.left) === symbol,
      );
    this.#captured.set(declaration, found);
    return found;
  }

  /** A condition behind the assignment says what it is there. */
  #isTested(reference: ts.Node, around: ts.Node, text: string, since: number): boolean {
    const tsc = this.#ts;
    const asks = (condition: ts.Node | undefined): boolean =>
      condition !== undefined && condition.pos >= since && condition.getText().includes(text);
    for (let node = reference; node !== around; node = node.parent) {
      const { parent } = node;
      if (tsc.isIfStatement(parent) && node !== parent.expression && asks(parent.expression)) return true;
      if (tsc.isConditionalExpression(parent) && node !== parent.condition && asks(parent.condition))
        return true;
      if (tsc.isWhileStatement(parent) && node !== parent.expression && asks(parent.expression)) return true;
      if (tsc.isBinaryExpression(parent) && node === parent.right && asks(parent.left)) return true;
      if (tsc.isCaseBlock(parent) && asks(parent.parent.expression)) return true;
      if (!tsc.isBlock(parent) && !tsc.isCaseOrDefaultClause(parent)) continue;
      for (const each of parent.statements) {
        if (each === node) break;
        if (tsc.isIfStatement(each) && asks(each.expression)) return true;
      }
    }
    return false;
  }
}

function membersOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}
