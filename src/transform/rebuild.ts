/**
 * Puts the gradient together: the forward code with what the reverse sweeps have asked it to record, and the reverse
 * sweeps at its ends.
 */
import { number } from "../ir/builder.js";
import { outsOf, paramsOf } from "../ir/visit.js";
import type { Atom, Block, End, If, Instr, Literal, Loop, Type, Value } from "../ir/types.js";
import type { Counters } from "./counters.js";
import type { Export, Exports } from "./exports.js";
import type { Fusions } from "./fusion.js";
import type { Tapes } from "./tapes.js";

interface Parts {
  readonly exports: Exports;
  readonly endings: ReadonlyMap<End, Block>;
  readonly tapes: Tapes;
  readonly counters: Counters;
  readonly fusions: Fusions;
  readonly order: ReadonlyMap<Instr, number>;
}

export class Rebuild {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  block(block: Block): Block {
    const hoisted = new Set(block.instrs.flatMap((instr) => this.#hoistedBy(instr)));
    const instrs = block.instrs.flatMap((instr) => (hoisted.has(instr) ? [] : this.#withRecording(instr)));
    const ending = this.#parts.endings.get(block.end);
    if (ending === undefined) return { instrs, end: block.end };
    return { instrs: [...instrs, ...ending.instrs], end: ending.end };
  }

  #withRecording(instr: Instr): readonly Instr[] {
    const { tapes, fusions } = this.#parts;
    const made = this.#instr(instr);
    const fused = instr.kind === "loop" ? fusions.of(instr) : null;
    const before = fused === null ? [] : [...this.#hoistedBy(instr), ...fused.early];
    return [...before, ...tapes.before(instr), made, ...outsOf(made).flatMap((out) => this.#behind(out))];
  }

  /** In their order. */
  #hoistedBy(instr: Instr): readonly Instr[] {
    if (instr.kind !== "loop") return [];
    return [...(this.#parts.fusions.of(instr)?.hoisted ?? [])].sort(
      (a, b) => (this.#parts.order.get(a) ?? 0) - (this.#parts.order.get(b) ?? 0),
    );
  }

  #behind(value: Value): readonly Instr[] {
    return this.#parts.tapes.behind(value.id);
  }

  #instr(instr: Instr): Instr {
    switch (instr.kind) {
      case "guard":
        return { ...instr, body: this.block(instr.body) };
      case "if":
        return this.#if(instr);
      case "loop":
        return this.#loop(instr);
      default:
        return instr;
    }
  }

  #loop(loop: Loop): Loop {
    const body = this.block(loop.body);
    const records = paramsOf(loop).flatMap((param) => this.#behind(param));
    const counted = this.#parts.counters.apply(loop, {
      instrs: [...records, ...body.instrs],
      end: body.end,
    });
    const fused = this.#parts.fusions.of(loop);
    const { end } = counted.body;
    if (fused === null || end.kind !== "yield") return counted;
    return {
      ...counted,
      carried: [...counted.carried, ...fused.carried],
      body: {
        instrs: [...counted.body.instrs, ...fused.reversed],
        end: { kind: "yield", values: [...end.values, ...fused.yields] },
      },
    };
  }

  #if(instr: If): If {
    const exported = this.#parts.exports.of(instr);
    return {
      ...instr,
      consequent: this.#arm(instr, "consequent", exported),
      alternate: this.#arm(instr, "alternate", exported),
      outs: [...instr.outs, ...exported.map(({ out }) => out)],
    };
  }

  #arm(instr: If, side: "consequent" | "alternate", exported: readonly Export[]): Block {
    const { instrs, end } = this.block(instr[side]);
    if (end.kind !== "yield") return { instrs, end };
    const values = exported.map((one): Atom => (one.side === side ? one.value : filler(one.value.type)));
    return { instrs, end: { kind: "yield", values: [...end.values, ...values] } };
  }
}

/** What stands for a value of the arm that was not taken; nobody reads it. */
function filler(type: Type): Literal {
  if (type.kind === "bool") return { kind: "literal", type, value: false, spelling: "false" };
  if (type.kind === "string") return { kind: "literal", type, value: "", spelling: '""' };
  return number(0);
}
