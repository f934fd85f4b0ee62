/** Values as expressions: a variable's name, or what is written in its place. */
import type { Formula, Op } from "../ir/op.js";
import type { Apply, Atom, If, Instr, Place, Shape, Value } from "../ir/types.js";
import { isKeyed, type KeyedShape } from "../ir/shapes.js";
import { testedForAbsence } from "../ops/absence.js";
import { isNullish, narrow, not, truthy } from "../ops/scalar.js";
import { InternalError, invariant } from "../support/invariant.js";
import {
  type Code,
  binary,
  call,
  cast,
  conditional,
  execCall,
  literalCode,
  methodCall,
  precedence,
  prefix,
  primary,
  suffixed,
  wrap,
} from "./code.js";
import { isFoundByKeys } from "../ir/growth.js";
import { kindInCell } from "../ir/boxes.js";
import { type BoxWriter, writeBoxCell, writeOnBox } from "./boxes.js";
import { asWanted } from "./tags.js";
import { isLength, mayLieBeyond } from "../ir/places.js";
import { type CalleeParam, asLiteral } from "./callees.js";
import { type AllocationWriter, writeAllocation } from "./allocations.js";
import { templateText } from "./template.js";
import { foreignCall } from "./foreign.js";
import { isLiteral, isMade, isTestItself, opposites } from "./forms.js";
import { writeNarrowed } from "./assertions.js";
import type { ExpressionContext } from "./expression-context.js";
import type { FunctionKind } from "./host.js";
import { isClosed } from "../ir/closed-records.js";
import { underKey } from "./closed-records.js";
import { memberText, writePresence } from "./keys.js";
import { chainRoot } from "./optional-chains.js";
import { type Known, Narrowing, knownOf } from "./narrowing.js";
import { asVariant, castArgument, variantsOfShape } from "./variant-casts.js";
import { heldLists } from "./held.js";

export class Expressions {
  readonly #context: ExpressionContext;
  readonly #narrowing: Narrowing;
  /** What TypeScript knows where the printer stands. */
  #known: Known;

  /** Writes the atom where it is asked for. */
  readonly #later = (atom: Atom) => (): Code => this.atom(atom);

  constructor(context: ExpressionContext) {
    this.#context = context;
    this.#narrowing = new Narrowing(context.folding, context.isReassigned);
    this.#known = knownOf(context.params);
  }

  /** What the writer of allocations needs. */
  get #writer(): AllocationWriter {
    return {
      types: this.#context.types,
      atom: (atom) => this.atom(atom),
      as: (atom, wanted) => this.as(atom, wanted),
      spell: (op, args) => this.#spell(op, args.map(this.#later), null),
      words: this.#context.words,
    };
  }

  atom(atom: Atom): Code {
    if (atom.kind === "literal") return literalCode(atom.spelling);
    const { folding, nameOf } = this.#context;
    const instr = folding.folded.has(atom.id) ? folding.instrOf.get(atom.id) : undefined;
    return instr === undefined ? primary(nameOf(atom)) : this.instr(instr);
  }

  /** The atom where something of that shape is wanted. */
  as(atom: Atom, wanted: Shape | null): Code {
    return asWanted(this.atom(atom), atom, wanted, this.#context);
  }

  get #boxWriter(): BoxWriter {
    const { folding, types } = this.#context;
    const isTold = (box: Value, cell: string): boolean => {
      const left = this.#known.variants.get(box.id);
      return left?.size === 1 && left.has(cell) && this.#narrowing.isFollowed(box, this.#known);
    };
    return { atom: (atom) => this.atom(atom), types, folding, isTold };
  }

  /** What decides which way to go: any value has a truth of its own. */
  condition(test: Atom): Code {
    const instr = this.#folded(test);
    const [only] = instr?.args ?? [];
    return instr?.op === truthy && only !== undefined ? this.atom(only) : this.atom(test);
  }

  /** The opposite of a condition. An order is not turned round: with NaN, neither holds. */
  negation(test: Atom): Code {
    const instr = this.#folded(test);
    if (instr?.op === not && instr.args[0] !== undefined) return this.atom(instr.args[0]);
    const choice = this.#foldedIf(test);
    const isTest = choice === null ? null : isTestItself(choice);
    if (choice !== null && isTest !== null)
      return isTest ? this.negation(choice.test) : this.atom(choice.test);
    const opposite = this.#opposite(test);
    return opposite === null ? prefix("!", this.condition(test)) : this.#apply(opposite);
  }

  /** `a !== b` for `a === b` and the like; null for what has no opposite of its own. */
  #opposite(test: Atom): Apply | null {
    const instr = this.#folded(test);
    const { spelling } = instr?.op ?? {};
    const operator = spelling?.kind === "binary" ? opposites.get(spelling.operator) : undefined;
    if (instr === null || spelling?.kind !== "binary" || operator === undefined) return null;
    return { ...instr, op: { ...instr.op, spelling: { ...spelling, operator } } };
  }

  /** The right-hand side of the line that binds the instruction's value. */
  instr(instr: Instr): Code {
    switch (instr.kind) {
      case "apply":
        return this.#apply(instr);
      case "load":
        return this.place(instr.place, false);
      case "alloc":
        return writeAllocation(instr, this.#writer);
      case "if":
        return this.#conditional(instr);
      case "pop": {
        const top = this.#context.topOf(instr.ref);
        if (top === null) return suffixed(suffixed(this.atom(instr.ref), ".pop()"), "!");
        return suffixed(this.atom(instr.ref), `[--${top}]${this.#context.uncheckedIndexedAccess ? "!" : ""}`);
      }
      case "foreign":
        return foreignCall(instr, (arg) => this.atom(arg));
      case "call": {
        const { callee } = instr;
        const params = callee.kind === "function" ? (this.#context.callees.get(callee.name) ?? []) : [];
        const args = instr.args.flatMap((arg, index) =>
          params[index]?.isLeftOut === true ? [] : [this.#argument(arg, params[index])],
        );
        return call(callee.kind === "function" ? callee.name : this.atom(callee.of).text, args);
      }
      default:
        throw new InternalError("emit", `an instruction of kind \`${instr.kind}\` is no expression`);
    }
  }

  place(place: Place, isTarget: boolean): Code {
    const object = this.atom(place.ref);
    const { step } = place;
    if (isLength(place) && isFoundByKeys(place.ref)) return suffixed(object, ".size");
    if (step.kind === "index" && step.asks !== undefined)
      return writePresence(object, step.asks, this.atom(step.index));
    const kind = kindInCell(place);
    if (kind !== null) return writeBoxCell(object, place, kind);
    if (step.kind === "field") {
      const text = wrap(object, precedence.member);
      const base = asVariant(place.ref, step.name, text, this.#left(place.ref), this.#context.types);
      return { text: memberText(base, place.ref, step.name), precedence: precedence.member };
    }
    const type = place.ref.type.kind === "maybe" ? place.ref.type.type : place.ref.type;
    if (type.kind === "ref" && isKeyed(type.shape))
      return this.#under(object, type.shape, step.index, isTarget);
    const unchecked = this.#context.uncheckedIndexedAccess && mayLieBeyond(place) && !isTarget;
    return suffixed(object, `[${this.atom(step.index).text}]${unchecked ? "!" : ""}`);
  }

  /** Writes with the knowledge that a test has come out true or false. */
  under<T>(test: Atom, outcome: boolean, write: () => T): T {
    return this.within(() => {
      this.learn(test, outcome);
      return write();
    });
  }

  /** From here on, a test is known to have come out true or false. */
  learn(test: Atom, outcome: boolean): void {
    this.#known = this.#narrowing.after(this.#known, test, outcome);
  }

  /** What is learned inside is forgotten behind it. In a function that runs later, fields may have changed. */
  within<T>(write: () => T, inside?: FunctionKind): T {
    const before = this.#known;
    if (inside !== undefined) this.#known = this.#narrowing.inFunction(before, inside);
    try {
      return write();
    } finally {
      this.#known = before;
    }
  }

  /** What is found under a key. */
  #under(object: Code, shape: KeyedShape, key: Atom, isTarget: boolean): Code {
    // What lies under a key of a set is the key.
    if (shape.storage === "Set") return this.atom(key);
    const isCertain = shape.element.kind !== "maybe" && !isTarget;
    if (shape.storage === "Map")
      return suffixed(object, `.get(${this.atom(key).text})${isCertain ? "!" : ""}`);
    if (isClosed(shape)) {
      const record = wrap(object, precedence.member);
      const text = underKey(record, shape, key, this.atom(key).text, this.#context.words);
      return { text, precedence: precedence.member };
    }
    const mark = isCertain && this.#context.uncheckedIndexedAccess ? "!" : "";
    const { text } = this.atom(key);
    const isName = shape.key === "number" && key.type.kind === "string";
    return suffixed(object, `[${isName ? `Number(${text})` : text}]${mark}`);
  }

  /** An argument that is to be one of some kinds of objects, where the tests around do not tell that it is. */
  #argument(arg: Atom, param: CalleeParam | undefined): Code {
    const code = asLiteral(this.as(arg, param?.shape ?? null), arg, param, this.#context);
    const wanted = param?.variants ?? (param === undefined ? undefined : variantsOfShape(arg, param.shape));
    if (arg.kind !== "value" || wanted === undefined) return code;
    const type = castArgument(arg, wanted, this.#left(arg), this.#context.types);
    return type === null ? code : cast(code, type);
  }

  /** The kinds of object that the tests around have left, as TypeScript sees it too. */
  #left(ref: Value): ReadonlySet<string> | undefined {
    return this.#narrowing.isFollowed(ref, this.#known) ? this.#known.variants.get(ref.id) : undefined;
  }

  /** The object of `instanceof`: what is known to be of another class already is `never` for TypeScript. */
  #instance(code: Code, atom: Atom | undefined): Code {
    if (atom?.kind !== "value" || this.#left(atom)?.size !== 0) return code;
    return cast(code, this.#context.types.value(atom.type));
  }

  #apply(instr: Apply): Code {
    const [only] = instr.args;
    const onBox = writeOnBox(instr, this.#boxWriter);
    if (onBox !== null) return onBox;
    if (instr.op === not && only !== undefined && this.#opposite(only) !== null) return this.negation(only);
    return this.#spell(instr.op, instr.args.map(this.#later), instr);
  }

  #spell(op: Op, args: readonly (() => Code)[], instr: Apply | null): Code {
    const { spelling } = op;
    const all = (): readonly Code[] => args.map((arg) => arg());
    const operand = (index: number): Code => {
      const arg = args[index];
      invariant(arg, "emit", `\`${op.name}\` lacks an argument`);
      return arg();
    };
    switch (spelling.kind) {
      case "verbatim":
        return literalCode(spelling.text);
      case "binary":
        return binary(
          spelling.operator,
          spelling.right === undefined ? operand(0) : this.#instance(operand(0), instr?.args[0]),
          spelling.right === undefined ? operand(1) : literalCode(spelling.right),
        );
      case "prefix":
        return prefix(spelling.operator, operand(0));
      case "call":
        if (spelling.spreads === true) return primary(`${spelling.callee}(...${operand(0).text})`);
        return call(spelling.callee, spelling.nests === true ? this.#flattened(op, args, instr) : all());
      case "conditional":
        return conditional(operand(0), operand(1), operand(2));
      case "identity":
        return operand(0);
      case "nonNull": {
        const facts = { known: this.#known, narrowing: this.#narrowing, context: this.#context };
        return writeNarrowed(operand(0), instr, facts);
      }
      case "member":
        return suffixed(operand(0), spelling.suffix);
      case "method":
        return methodCall(all(), spelling);
      case "exec":
        return execCall(all(), spelling);
      case "spread":
        return primary(`[...${wrap(operand(0), precedence.member)}${spelling.suffix}]`);
      case "held":
        return primary(this.#context.types.holdsTwice(heldLists(spelling.lists, operand)));
      case "element":
        return suffixed(operand(0), `[${operand(1).text}]${this.#context.uncheckedIndexedAccess ? "!" : ""}`);
      case "template":
        return primary(templateText(instr, this.#context.folding, (arg) => this.atom(arg)));
      case "formula":
        return this.#formula(spelling.formula(args.map((_, index) => ({ kind: "arg", index }))), args);
    }
  }

  /** `Math.max(Math.max(a, b), c)` is written with three arguments. */
  #flattened(op: Op, args: readonly (() => Code)[], instr: Apply | null): readonly Code[] {
    const [first, ...others] = instr?.args ?? [];
    const { folding } = this.#context;
    const inner =
      first?.kind === "value" && folding.folded.has(first.id) ? folding.instrOf.get(first.id) : undefined;
    if (inner?.kind !== "apply" || inner.op !== op) return args.map((arg) => arg());
    const start = this.#flattened(op, inner.args.map(this.#later), inner);
    return [...start, ...others.map((arg) => this.atom(arg))];
  }

  #formula(formula: Formula, args: readonly (() => Code)[]): Code {
    switch (formula.kind) {
      case "literal":
        return literalCode(formula.spelling ?? String(formula.value));
      case "arg": {
        const arg = args[formula.index];
        invariant(arg, "emit", "a formula lacks an argument");
        return arg();
      }
      case "result":
        throw new InternalError("emit", "a spelling refers to its own result");
      case "apply":
        return this.#spell(
          formula.op,
          formula.args.map((part) => () => this.#formula(part, args)),
          null,
        );
    }
  }

  #conditional(instr: If): Code {
    const [a, b] = [instr.consequent.end, instr.alternate.end].map((end) =>
      end.kind === "yield" ? end.values[0] : undefined,
    );
    invariant(a && b, "emit", "a conditional expression yields one value");
    return this.#shortCircuit(instr, a, b) ?? this.#optionalChain(instr, a, b) ?? this.#ternary(instr, a, b);
  }

  /** `a?.b.c` in place of `a == null ? undefined : a.b.c`. */
  #optionalChain({ test }: If, a: Atom, b: Atom): Code | null {
    const tested = this.#folded(test);
    const source = tested === null ? undefined : testedForAbsence(tested);
    if (source === undefined || a.kind !== "literal" || a.value !== undefined) return null;
    if (b === source || chainRoot(this.#context.folding, b) !== source) return null;
    const base = this.atom(source).text;
    const { text } = this.under(test, false, () => this.atom(b));
    const rest = text.startsWith(base) ? text.slice(base.length).replace(/^!/u, "") : "";
    if (!/^(?:\.\w|\[)/u.test(rest)) return null;
    return primary(`${base}?${rest.startsWith(".") ? "" : "."}${rest}`);
  }

  #ternary({ test }: If, a: Atom, b: Atom): Code {
    return conditional(
      this.condition(test),
      this.under(test, true, () => this.atom(a)),
      this.under(test, false, () => this.atom(b)),
    );
  }

  /** `a && b`, `a || b` and `a ?? b` in place of the conditional that they are short for. */
  #shortCircuit(instr: If, a: Atom, b: Atom): Code | null {
    const isTest = isTestItself(instr);
    if (isTest !== null) return isTest ? this.atom(instr.test) : this.negation(instr.test);
    const either = this.#eitherOf(instr, a, b);
    if (either !== null) return either;
    const missing = this.#folded(instr.test);
    // What is not there has nothing made of it.
    if (missing?.op === isNullish && missing.args[0] === a && isMade(instr.alternate))
      return binary(
        "&&",
        this.atom(a),
        this.under(instr.test, false, () => this.atom(b)),
      );
    const tested = this.#folded(instr.test);
    const kept = this.#folded(b);
    const source = tested === null ? undefined : testedForAbsence(tested);
    if (kept?.op !== narrow || source !== kept.args[0]) return null;
    return source === undefined ? null : binary("??", this.atom(source), this.atom(a));
  }

  /** One side is the outcome that decides `&&` or `||`. */
  #eitherOf({ test }: If, a: Atom, b: Atom): Code | null {
    const decided = [false, true].find((outcome) => isLiteral(a, outcome) || isLiteral(b, outcome));
    if (decided === undefined) return null;
    const isBySecond = isLiteral(b, decided);
    const other = this.under(test, isBySecond, () => this.atom(isBySecond ? a : b));
    return binary(
      decided ? "||" : "&&",
      isBySecond === decided ? this.negation(test) : this.atom(test),
      other,
    );
  }

  #folded(atom: Atom): Apply | null {
    const instr = this.#writtenIn(atom);
    return instr?.kind === "apply" ? instr : null;
  }

  #foldedIf(atom: Atom): If | null {
    const instr = this.#writtenIn(atom);
    return instr?.kind === "if" ? instr : null;
  }

  /** What is written in the place of a value. */
  #writtenIn(atom: Atom): Instr | null {
    const { folding } = this.#context;
    if (atom.kind !== "value" || !folding.folded.has(atom.id)) return null;
    return folding.instrOf.get(atom.id) ?? null;
  }
}
