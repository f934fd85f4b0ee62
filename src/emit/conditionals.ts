/**
 * Conditionals as `if`, `else if` and `else`. An arm that only says what the variables are before the other one changes
 * them gives the variables their first values instead; so does what arms only leave because another one leaves more.
 */
import { blocksOf, outsOf } from "../ir/visit.js";
import type { Atom, Block, If, Literal, Value, ValueId } from "../ir/types.js";
import type { Host } from "./host.js";
import { originOf } from "./line.js";

type Side = "consequent" | "alternate";

export class ConditionalWriter {
  readonly #host: Host;
  /** What variables hold that no arm has assigned yet. */
  readonly #initials = new Map<ValueId, Literal>();

  constructor(host: Host) {
    this.#host = host;
  }

  write(instr: If): void {
    this.#if(instr, "");
    for (const out of instr.outs) this.#initials.delete(this.#variableOf(out));
  }

  /** Assigns what an arm yields. */
  yields(instr: If, values: readonly Atom[], except = -1): void {
    instr.outs.forEach((out, index) => {
      const atom = values[index];
      if (atom === undefined || index === except || this.#host.isSame(atom, out)) return;
      if (this.#isInitial(out, atom)) return;
      const { text, origin } = this.#host.assignment(out, atom);
      this.#host.line(`${text};`, origin);
    });
  }

  /** `opening` is what the line begins with: an `else` where one `if` is all that the other arm holds. */
  #if(instr: If, opening: string): void {
    const { folding } = this.#host.context;
    const [only] = instr.outs;
    if (folding.conditionals.has(instr) && only !== undefined) {
      if (!this.#host.isFolded(only)) this.#host.bind(only, instr);
      return;
    }
    this.#host.heading(instr.outs[0]?.sweep ?? firstSweep(instr));
    const initial = this.#initialArm(instr);
    this.#declare(instr, initial);
    const { expressions } = this.#host;
    if (initial === "consequent") {
      this.#host.line(`${opening}if (${expressions.negation(instr.test).text}) {`, originOf(instr.statement));
      this.#arm(instr, "alternate");
      this.#host.line("}");
      return;
    }
    this.#host.line(`${opening}if (${expressions.condition(instr.test).text}) {`, originOf(instr.statement));
    this.#arm(instr, "consequent");
    const next = initial === null ? this.#chained(instr) : null;
    if (next !== null) {
      this.#host.scope(() => {
        expressions.under(instr.test, false, () => {
          this.#if(next, "} else ");
        });
      });
      return;
    }
    if (initial === null && !this.#isEmptyArm(instr, "alternate")) {
      this.#host.line("} else {");
      this.#arm(instr, "alternate");
    }
    this.#host.line("}");
  }

  #declare(instr: If, initial: Side | null): void {
    for (const [index, out] of instr.outs.entries()) {
      if (this.#host.isDeclared(out)) continue;
      const first = initial === null ? this.#initialOf(instr, index) : yieldOf(instr[initial], index);
      if (first?.kind === "literal" && scalars.has(typeof first.value) && out.hint?.declared !== true)
        this.#initials.set(this.#variableOf(out), first);
      const value = first === undefined ? null : this.#host.expressions.atom(first).text;
      // Its first value would be all that TypeScript takes the variable to hold.
      const isTyped = value === null || out.type.kind === "maybe";
      const type = isTyped ? `: ${this.#host.context.types.value(out.type)}` : "";
      this.#host.line(`let ${this.#host.declare(out)}${type}${value === null ? "" : ` = ${value}`};`);
    }
  }

  /** What the result is in some arms, where nothing of the user's is called so. */
  #initialOf(instr: If, index: number): Literal | undefined {
    const out = instr.outs[index];
    if (out === undefined || out.hint?.declared === true) return undefined;
    const arms = this.#armsOf(instr);
    const yields = arms.map((arm) => yieldOf(arm, index));
    const first = yields.find((atom) => atom?.kind === "literal");
    if (first?.kind !== "literal" || !scalars.has(typeof first.value)) return undefined;
    if (yields.every((atom) => atom === undefined || atom.kind === "literal")) return undefined;
    const variable = this.#variableOf(out);
    // An arm that uses the variable for something else has to assign it.
    const quiet = arms.filter((_, i) => yields[i] !== undefined && isEqual(yields[i], first));
    const isUsed = quiet.some((arm) => definedIn(arm).some((each) => this.#variableOf(each) === variable));
    if (isUsed) return undefined;
    return first;
  }

  /** The arms of the `if`, and of those that it is chained to. */
  #armsOf({ consequent, alternate }: If): readonly Block[] {
    const next = chainedIf(alternate);
    return [consequent, ...(next === null ? [alternate] : this.#armsOf(next))];
  }

  #isInitial(out: Value, atom: Atom): boolean {
    const initial = this.#initials.get(this.#variableOf(out));
    return initial !== undefined && isEqual(atom, initial);
  }

  #variableOf(value: Value): ValueId {
    return this.#host.context.variables.of(value.id);
  }

  /** The `if` that is all that the alternate arm says; null where there is more or less. */
  #chained({ alternate, outs }: If): If | null {
    const [only, ...more] = alternate.instrs.filter((inner) => !this.#host.isWrittenInPlace(inner));
    if (only?.kind !== "if" || more.length > 0 || this.#host.context.folding.conditionals.has(only)) {
      return null;
    }
    const { end } = alternate;
    if (end.kind !== "yield" || !this.#saysNothing(end.values, outs)) return null;
    return only.outs.every((out) => this.#host.isDeclared(out)) ? only : null;
  }

  #saysNothing(values: readonly Atom[], outs: readonly Value[]): boolean {
    return outs.every((out, index) => {
      const atom = values[index];
      return atom !== undefined && (this.#host.isSame(atom, out) || this.#isInitial(out, atom));
    });
  }

  /** The arm that only says what the variables are before the other one changes them. */
  #initialArm(instr: If): Side | null {
    for (const side of ["alternate", "consequent"] as const) {
      const { instrs, end } = instr[side];
      if (end.kind !== "yield" || !instrs.every((inner) => this.#host.isWrittenInPlace(inner))) continue;
      const plain = instr.outs.every((out, index) => {
        const atom = end.values[index];
        if (atom === undefined) return false;
        return this.#host.isDeclared(out) ? this.#host.isSame(atom, out) : atom.kind === "literal";
      });
      if (plain) return side;
    }
    return null;
  }

  #isEmptyArm(instr: If, side: Side): boolean {
    const { instrs, end } = instr[side];
    if (end.kind !== "yield" || !instrs.every((inner) => this.#host.isWrittenInPlace(inner))) return false;
    return this.#saysNothing(end.values, instr.outs);
  }

  #arm(instr: If, side: Side): void {
    const arm = instr[side];
    const before = this.#host.sweep();
    // Where the arm uses a variable for more than its outcome, it holds its first value no longer.
    const used = [...this.#initials].filter(([variable]) => !this.#onlyLeaves(arm, variable));
    for (const [variable] of used) this.#initials.delete(variable);
    this.#host.scope(() => {
      this.#host.expressions.under(instr.test, side === "consequent", () => {
        for (const inner of arm.instrs) this.#host.instr(inner);
        if (arm.end.kind === "yield") this.yields(instr, arm.end.values);
        else this.#host.end(arm.end);
      });
    });
    this.#host.restoreSweep(before);
    for (const [variable, first] of used) this.#initials.set(variable, first);
  }

  /** Nothing but the outcome of the block, or of one `if`, or of one in there, is assigned to the variable in the block. */
  #onlyLeaves({ instrs, end }: Block, variable: ValueId): boolean {
    const isIt = (value: Value): boolean => this.#variableOf(value) === variable;
    const [only, ...more] = instrs.filter((instr) =>
      [...outsOf(instr), ...blocksOf(instr).flatMap(definedIn)].some(isIt),
    );
    if (only === undefined) return true;
    if (more.length > 0) return false;
    if (only.kind === "if") return blocksOf(only).every((arm) => this.#onlyLeaves(arm, variable));
    const isPlain = blocksOf(only).length === 0 && end.kind === "yield";
    return isPlain && outsOf(only).some((out) => isIt(out) && end.values.includes(out));
  }
}

const scalars: ReadonlySet<string> = new Set(["number", "boolean", "string"]);

function isEqual(a: Atom, b: Atom): boolean {
  return a.kind === "literal" && b.kind === "literal" && Object.is(a.value, b.value);
}

/** The values that are bound in a block, at any depth. */
function definedIn({ instrs }: Block): readonly Value[] {
  return instrs.flatMap((instr) => [...outsOf(instr), ...blocksOf(instr).flatMap(definedIn)]);
}

/** The `if` that is all that a block holds, where the block yields what it leaves. */
function chainedIf({ instrs, end }: Block): If | null {
  const [only, ...more] = instrs;
  if (only?.kind !== "if" || more.length > 0 || end.kind !== "yield") return null;
  return end.values.every((atom, i) => atom === only.outs[i]) ? only : null;
}

function yieldOf(block: Block, index: number): Atom | undefined {
  return block.end.kind === "yield" ? block.end.values[index] : undefined;
}

function firstSweep(instr: If): "forward" | "backward" {
  const [first] = [...instr.consequent.instrs, ...instr.alternate.instrs];
  if (first === undefined || first.kind === "guard" || first.kind === "if") return "forward";
  return "sweep" in first ? first.sweep : first.out.sweep;
}
