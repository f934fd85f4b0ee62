/** The only maker of IR: numbers values, and collects instructions block by block. */
import { invariant } from "../support/invariant.js";
import type { Op } from "./op.js";
import type {
  Atom,
  Block,
  End,
  Hint,
  Init,
  Instr,
  Literal,
  Place,
  RefType,
  RegionId,
  ScalarType,
  Span,
  Statement,
  Step,
  Type,
  Value,
} from "./types.js";

/** What a new value is called and where it comes from; all optional. */
export interface Origin {
  readonly hint?: Hint | null;
  readonly statement?: Statement | null;
  readonly span?: Span | null;
  readonly sweep?: "forward" | "backward";
}

export const real: ScalarType = { kind: "real" };
export const int: ScalarType = { kind: "int" };
export const bool: ScalarType = { kind: "bool" };
export const nothing: ScalarType = { kind: "nothing" };

/** A number as it is written; negative numbers and the non-finite ones have a spelling too. */
export function number(value: number, spelling: string = spellNumber(value)): Literal {
  return { kind: "literal", type: real, value, spelling };
}

export function boolean(value: boolean): Literal {
  return { kind: "literal", type: bool, value, spelling: String(value) };
}

/** A value declared by the user: keeps a line of its own. */
export function declared(text: string): Hint {
  return { text, declared: true };
}

/** A name for a value that has to be bound for another reason. */
export function suggested(text: string): Hint {
  return { text, declared: false };
}

export class Builder {
  #nextValue: number;
  #nextRegion: number;
  #open: Instr[][] = [];

  /** `firstValue` and `firstRegion` must be beyond all that the function being extended has. */
  constructor(firstValue = 0, firstRegion = 0) {
    this.#nextValue = firstValue;
    this.#nextRegion = firstRegion;
  }

  /** A region of its own, for an allocation or a parameter. */
  region(): RegionId {
    return this.#nextRegion++;
  }

  /** A value not yet defined by an instruction: a parameter, or an `outs` entry. */
  value(type: Type, origin: Origin = {}): Value {
    return {
      kind: "value",
      id: this.#nextValue++,
      type,
      hint: origin.hint ?? null,
      statement: origin.statement ?? null,
      span: origin.span ?? null,
      sweep: origin.sweep ?? "forward",
    };
  }

  /** Collects what `fill` emits into a block; `fill` returns how the block ends. */
  block(fill: () => End): Block {
    const instrs: Instr[] = [];
    this.#open.push(instrs);
    try {
      const end = fill();
      return { instrs, end };
    } finally {
      this.#open.pop();
    }
  }

  /** Appends an instruction made elsewhere. */
  emit(instr: Instr): void {
    const current = this.#open.at(-1);
    invariant(current, "builder", "an instruction outside of any block");
    current.push(instr);
  }

  apply(op: Op, args: readonly Atom[], origin: Origin = {}, type: Type = resultType(op, args)): Value {
    const out = this.value(type, origin);
    this.emit({ kind: "apply", out, op, args });
    return out;
  }

  load(ref: Value, step: Step, type: Type, origin: Origin = {}): Value {
    const out = this.value(type, origin);
    this.emit({ kind: "load", out, place: { ref, step } });
    return out;
  }

  store(place: Place, value: Atom, origin: Origin = {}): void {
    this.emit({
      kind: "store",
      place,
      value,
      statement: origin.statement ?? null,
      span: origin.span ?? null,
      sweep: origin.sweep ?? "forward",
    });
  }

  alloc(shape: RefType["shape"], init: Init, origin: Origin = {}): Value {
    const out = this.value({ kind: "ref", shape, region: this.region() }, origin);
    this.emit({ kind: "alloc", out, init });
    return out;
  }

  /** `outs` are made beforehand with `value`, one for each atom that the arms yield. */
  if(
    test: Atom,
    consequent: Block,
    alternate: Block,
    outs: readonly Value[],
    statement: Statement | null,
  ): void {
    this.emit({ kind: "if", test, consequent, alternate, outs, statement });
  }

  guard(test: Atom, body: Block, statement: Statement | null): void {
    this.emit({ kind: "guard", test, body, statement });
  }
}

/** The type of `op(args)`; "same" means that of the last argument, where reals and ints join to reals. */
function resultType(op: Op, args: readonly Atom[]): Type {
  if (op.result !== "same") return { kind: op.result };
  const last = args.at(-1);
  invariant(last, "builder", `\`${op.name}\` has no argument to take its type from`);
  const joins = last.type.kind === "int" && args.some((arg) => arg.type.kind === "real");
  return joins ? real : last.type;
}

function spellNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
