/**
 * Conditionals as `if`, `else if` and `else`. An arm that only says what the variables are before the other one changes
 * them gives the variables their first values instead.
 */
import type { Atom, Block, If, Value } from "../ir/types.js";
import type { Host } from "./host.js";
import { originOf } from "./line.js";

type Side = "consequent" | "alternate";

export class ConditionalWriter {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  write(instr: If): void {
    this.#if(instr, "");
  }

  /** Assigns what an arm yields. */
  yields(instr: If, values: readonly Atom[], except = -1): void {
    instr.outs.forEach((out, index) => {
      const atom = values[index];
      if (atom === undefined || index === except || this.#host.isSame(atom, out)) return;
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
      const first = initial === null ? undefined : yieldOf(instr[initial], index);
      const value = first === undefined ? null : this.#host.expressions.atom(first).text;
      const type = value === null ? `: ${this.#host.context.types.value(out.type)}` : "";
      this.#host.line(`let ${this.#host.declare(out)}${type}${value === null ? "" : ` = ${value}`};`);
    }
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
      return atom !== undefined && this.#host.isSame(atom, out);
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
    this.#host.scope(() => {
      this.#host.expressions.under(instr.test, side === "consequent", () => {
        for (const inner of arm.instrs) this.#host.instr(inner);
        if (arm.end.kind === "yield") this.yields(instr, arm.end.values);
        else this.#host.end(arm.end);
      });
    });
    this.#host.restoreSweep(before);
  }
}

function yieldOf(block: Block, index: number): Atom | undefined {
  return block.end.kind === "yield" ? block.end.values[index] : undefined;
}

function firstSweep(instr: If): "forward" | "backward" {
  const [first] = [...instr.consequent.instrs, ...instr.alternate.instrs];
  if (first === undefined || first.kind === "guard" || first.kind === "if") return "forward";
  return "out" in first ? first.out.sweep : first.sweep;
}
