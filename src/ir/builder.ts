/** The only maker of IR: numbers values, and collects instructions block by block. */
import { invariant } from "../support/invariant.js";
import type { Op } from "./op.js";
import type {
  Again,
  Atom,
  Block,
  Call,
  Carried,
  End,
  ForeignFunction,
  Hint,
  Init,
  Instr,
  Lambda,
  Order,
  Literal,
  LoopHead,
  MemoryShape,
  Place,
  RefType,
  RegionId,
  ScalarType,
  Span,
  Statement,
  Step,
  Type,
  Value,
  ValueId,
} from "./types.js";

/** What a new value is called and where it comes from; all optional. */
export interface Origin {
  readonly hint?: Hint | null;
  readonly statement?: Statement | null;
  readonly span?: Span | null;
  readonly sweep?: "forward" | "backward";
  readonly again?: ValueId;
}

export const real: ScalarType = { kind: "real" };
export const int: ScalarType = { kind: "int" };
export const enumMember: ScalarType = { kind: "int", isEnum: true };
export const bool: ScalarType = { kind: "bool" };
export const nothing: ScalarType = { kind: "nothing" };

/** A number as it is written; negative numbers and the non-finite ones have a spelling too. */
export function number(value: number, spelling: string = spellNumber(value)): Literal {
  return { kind: "literal", type: real, value, spelling };
}

/** A whole number. */
export function whole(value: number): Literal {
  return { ...number(value), type: int };
}

export function text(value: string): Literal {
  return { kind: "literal", type: { kind: "string" }, value, spelling: JSON.stringify(value) };
}

export function boolean(value: boolean): Literal {
  return { kind: "literal", type: bool, value, spelling: String(value) };
}

/** A value declared by the user: keeps a line of its own. */
export function declared(text: string): Hint {
  return { text, declared: true };
}

/** The same in a function that is written out in place: a name for what has none there yet. */
export function declaredInside(text: string): Hint {
  return { text, declared: true, isInner: true };
}

/** A name for a value that has to be bound for another reason. */
export function suggested(text: string): Hint {
  return { text, declared: false };
}

export class Builder {
  #nextValue: number;
  #nextRegion: number;
  #loops = 0;
  #open: Instr[][] = [];
  readonly #own = new Set<ValueId>();

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
      ...(origin.again === undefined ? {} : { again: origin.again }),
    };
  }

  /** How much has been made so far. */
  get made(): { readonly values: number; readonly loops: number } {
    return { values: this.#nextValue, loops: this.#loops };
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

  /** Begins a block that goes on until `close`, within the block that is open now. */
  open(): void {
    this.#open.push([]);
  }

  close(): readonly Instr[] {
    return this.#open.pop() ?? [];
  }

  /** How many blocks are open. */
  get depth(): number {
    return this.#open.length;
  }

  /** Emits what `fill` emits into the open block at `depth`, before the instruction that is being made there. */
  within<T>(depth: number, fill: () => T): T {
    const open = this.#open;
    this.#open = open.slice(0, depth);
    try {
      return fill();
    } finally {
      this.#open = open;
    }
  }

  /** What the innermost open block holds so far. */
  peek(): readonly Instr[] {
    return [...(this.#open.at(-1) ?? [])];
  }

  /** Takes out what the innermost open block holds so far. */
  take(): readonly Instr[] {
    return this.#open.at(-1)?.splice(0) ?? [];
  }

  /** The instructions that `fill` emits, apart from any block. */
  detached(fill: () => void): readonly Instr[] {
    return this.block(() => {
      fill();
      return { kind: "yield", values: [] };
    }).instrs;
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

  push(ref: Value, value: Atom, origin: Origin = {}): void {
    this.emit({
      kind: "push",
      ref,
      value,
      statement: origin.statement ?? null,
      span: origin.span ?? null,
      sweep: origin.sweep ?? "forward",
    });
  }

  pop(ref: Value, type: Type, origin: Origin = {}): Value {
    const out = this.value(type, origin);
    this.emit({ kind: "pop", out, ref });
    return out;
  }

  /** `out` is made beforehand with `value`; null for a call that is there for its effect. */
  foreign(callee: ForeignFunction, args: readonly Atom[], out: Value | null, origin: Origin = {}): void {
    const { statement = null, span = null, sweep = "forward" } = origin;
    this.emit({ kind: "foreign", callee, args, out, statement, span, sweep });
  }

  /** A view lies in the region of what it shows, everything else in one of its own unless `region` says otherwise. */
  alloc(shape: RefType["shape"], init: Init, origin: Origin = {}, region?: RegionId): Value {
    const shown = init.kind === "view" && init.of.type.kind === "ref" ? init.of.type.region : undefined;
    const out = this.value({ kind: "ref", shape, region: shown ?? region ?? this.region() }, origin);
    this.emit({ kind: "alloc", out, init });
    if (init.kind !== "view") this.#own.add(out.id);
    return out;
  }

  /** A copy of memory, but for the parts that it may share; of what is missing there is none. */
  clone(
    of: Value,
    shared: ReadonlySet<string> = new Set(),
    origin: Origin = {},
    shape: MemoryShape | null = null,
  ): Value {
    const type = renewed(of.type, this.region(), shape);
    const out = this.value(type, origin);
    const init = { kind: "clone", of, ...(shared.size === 0 ? {} : { shared }) } as const;
    this.emit({ kind: "alloc", out, init });
    this.#own.add(out.id);
    return out;
  }

  /** The value is new memory, made by this builder. */
  isOwn(value: Value): boolean {
    return this.#own.has(value.id);
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

  /** The values in `carried` and in `head` are made beforehand with `value`. */
  loop(
    head: LoopHead,
    carried: readonly Carried[],
    body: Block,
    statement: Statement | null,
    sweep: "forward" | "backward" = "forward",
    again: Again | null = null,
  ): void {
    const id = this.#nextValue++;
    this.#loops++;
    this.emit({ kind: "loop", id, again, head, carried, body, statement, sweep });
  }

  /** The `outs` are made beforehand with `value`. */
  call(call: Omit<Call, "kind">): void {
    this.emit({ kind: "call", ...call });
  }

  /** The parameters are made beforehand with `value`. */
  lambda(
    type: RefType,
    params: readonly Value[],
    body: Block,
    fields: Lambda["fields"],
    origin: Origin = {},
  ): Value {
    const out = this.value(type, origin);
    this.emit({ kind: "lambda", out, params, body, fields });
    return out;
  }

  /** The parameters are made beforehand with `value`. */
  order(of: Value, params: Order["params"], body: Block, origin: Origin = {}): Value {
    const shape = { kind: "array", element: { kind: "int" }, storage: "Array" } as const;
    const out = this.value({ kind: "ref", shape, region: this.region() }, origin);
    this.emit({ kind: "order", out, of, params, body });
    this.#own.add(out.id);
    return out;
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

function renewed(type: Type, region: RegionId, shape: MemoryShape | null): Type {
  if (type.kind === "ref") return { kind: "ref", shape: shape ?? type.shape, region };
  if (type.kind !== "maybe" || type.type.kind !== "ref") return type;
  return { ...type, type: { kind: "ref", shape: shape ?? type.type.shape, region } };
}
