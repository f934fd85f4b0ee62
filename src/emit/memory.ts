/** Allocations, stores, and what grows and shrinks, as lines of TypeScript. */
import { needsAnnotation } from "./types.js";
import type { Alloc, Init, MemoryShape, Pop, Push, Store, Type, Value, ValueId } from "../ir/types.js";
import { regionOf, shapeOfCell } from "../ir/places.js";
import { isOneOfSeveral, isKeyed } from "../ir/shapes.js";
import { forEachInstr } from "../ir/visit.js";
import { add, div, mul, sub } from "../ops/scalar.js";
import { isLoose } from "./annotations.js";
import { beginsWithGiven } from "./given.js";
import { isCircular } from "./circular.js";
import { takesForeign } from "./foreign-memory.js";
import { elementShape } from "./tags.js";
import type { Host } from "./host.js";
import { type Tested, findTested, hidesItsKind } from "./tested-places.js";

/** Operators that an assignment can be combined with. */
export const compoundOperators: ReadonlyMap<unknown, string> = new Map([
  [add, "+="],
  [sub, "-="],
  [mul, "*="],
  [div, "/="],
]);

export class MemoryWriter {
  readonly #host: Host;
  #changed: ReadonlySet<ValueId> | null = null;
  #tested: Tested | null = null;
  /** For tapes that are made at once: the variable that counts what is on them. */
  readonly #tops = new Map<ValueId, string>();

  constructor(host: Host) {
    this.#host = host;
  }

  topOf(ref: Value): string | null {
    return this.#tops.get(ref.id) ?? null;
  }

  allocate(instr: Alloc): void {
    const { out } = instr;
    this.#host.heading(out.sweep);
    const { text } = this.#host.expressions.instr(instr);
    const known = this.#host.isDeclared(out) ? this.#host.nameOf(out) : undefined;
    if (known !== undefined) {
      const declared = this.#host.context.declaredAs.get(this.#host.context.variables.of(out.id));
      const cast = instr.init.kind === "clone" && declared !== undefined ? ` as ${declared}` : "";
      this.#host.line(`${known} = ${text}${cast};`, this.#host.markers.binding(out, instr));
      return;
    }
    const name = this.#host.declare(out);
    const shape = out.type.kind === "ref" ? out.type.shape : null;
    const { context } = this.#host;
    const root = context.variables.of(out.id);
    const isReassigned = context.variables.isReassigned(root);
    const isAnnotated =
      shape !== null &&
      !context.words.isConstant(out) &&
      (isLoose(instr.init, shape, text, context.folding) ||
        beginsWithGiven(instr, context.folding, context.literalElements) ||
        (!isReassigned && isCircular(out, instr, context.folding, context.variables)) ||
        (isReassigned && [context.foreign.buffers, context.foreign.fixed].some((held) => held.has(root))) ||
        (!isReassigned && takesForeign(instr, context.folding, context.foreign)));
    // A copy of what may be missing.
    const isOptional =
      out.type.kind === "maybe" && out.type.type.kind === "ref" && needsAnnotation(out.type.type.shape);
    const written = context.types.value(out.type);
    // TypeScript would take the other kinds, which are assigned later, not to be there.
    const isOfOneKind = isAnnotated && isReassigned && isOneOfSeveral(shape);
    const type = (isAnnotated || isOptional) && !isOfOneKind ? `: ${written}` : "";
    const isConst = !isAnnotated && isTag(instr.init, shape) && !this.#changing().has(out.id);
    const literal = isConst ? " as const" : isOfOneKind ? ` as ${written}` : "";
    const keyword = isReassigned ? "let" : "const";
    this.#host.line(`${keyword} ${name}${type} = ${text}${literal};`, this.#host.markers.binding(out, instr));
    if (instr.init.kind !== "tape" || instr.init.capacity === null || instr.init.access !== "stack") return;
    const top = this.#host.made(this.#host.context.hasOneStack ? "top" : topName(name));
    this.#tops.set(out.id, top);
    this.#host.line(`let ${top} = 0;`);
  }

  /** What is written to, here or where it is handed over. */
  #changing(): ReadonlySet<ValueId> {
    if (this.#changed !== null) return this.#changed;
    const found = new Set<ValueId>();
    forEachInstr(this.#host.context.func.body, (instr) => {
      if (instr.kind === "store") found.add(instr.place.ref.id);
      if (instr.kind !== "call") return;
      for (const arg of instr.args)
        if (arg.kind === "value" && instr.writes.includes(regionOf(arg) ?? -1)) found.add(arg.id);
    });
    this.#changed = found;
    return found;
  }

  push(instr: Push): void {
    this.#host.heading(instr.sweep);
    const origin = this.#host.markers.storing(instr.value, instr);
    const ref = this.#host.expressions.atom(instr.ref).text;
    const value = this.#host.expressions.as(instr.value, elementShape(instr.ref, 0)).text;
    const top = this.#tops.get(instr.ref.id);
    const text = top === undefined ? `${ref}.push(${value})` : `${ref}[${top}++] = ${value}`;
    this.#host.line(`${text};`, origin);
  }

  pop(instr: Pop): void {
    if (this.#host.context.folding.isRead(instr.out.id)) {
      this.#host.bind(instr.out, instr);
      return;
    }
    this.#host.heading(instr.out.sweep);
    const top = this.#tops.get(instr.ref.id);
    this.#host.line(
      top === undefined ? `${this.#host.expressions.atom(instr.ref).text}.pop();` : `${top}--;`,
    );
  }

  store(instr: Store): void {
    this.#host.heading(instr.sweep);
    const origin = this.#host.markers.storing(instr.value, instr);
    const known = this.#presence(instr) ?? this.#mapStore(instr);
    if (known !== null) {
      this.#host.line(`${known};`, origin);
      return;
    }
    const target = this.#host.expressions.place(instr.place, true).text;
    this.#host.line(`${this.#update(instr) ?? `${target} = ${this.#stored(instr)}`};`, origin);
  }

  #stored(store: Store): string {
    const { place, value } = store;
    const { expressions, context } = this.#host;
    const { text } = expressions.as(value, shapeOfCell(place.ref, place.step));
    this.#tested ??= findTested(context);
    return hidesItsKind(store, context, this.#tested)
      ? `${text} as ${context.types.value(value.type)}`
      : text;
  }

  /** `set.add(key)`, `map.delete(key)`, `delete record[key]`; null for what stores a value. */
  #presence({ place, value }: Store): string | null {
    const { ref, step } = place;
    if (step.kind !== "index" || step.asks === undefined) return null;
    const { expressions } = this.#host;
    const [object, key] = [ref, step.index].map((atom) => expressions.atom(atom).text);
    const isRecord =
      ref.type.kind === "ref" && isKeyed(ref.type.shape) && ref.type.shape.storage === "Record";
    if (isRecord)
      return `delete ${expressions.place({ ref, step: { kind: "index", index: step.index } }, true).text}`;
    const isAdded = value.kind === "literal" && value.value === true;
    return `${String(object)}.${isAdded ? "add" : "delete"}(${String(key)})`;
  }

  /** `map.set(key, value)`, `set.add(object)`; null for other memory. */
  #mapStore({ place: { ref, step }, value }: Store): string | null {
    const { shape } = ref.type.kind === "ref" ? ref.type : { shape: null };
    if (shape === null || !isKeyed(shape) || shape.storage === "Record" || step.kind !== "index") return null;
    const { expressions } = this.#host;
    if (shape.storage === "Set")
      return `${expressions.atom(ref).text}.add(${expressions.atom(step.index).text})`;
    const args = [step.index, value].map((atom) => expressions.atom(atom).text);
    return `${expressions.atom(ref).text}.set(${args.join(", ")})`;
  }

  /** `place += e`, and the like; null where the store is something else. */
  #update({ place, value, sweep }: Store): string | null {
    const { expressions, context } = this.#host;
    if (value.kind !== "value" || !context.folding.folded.has(value.id)) return null;
    const made = context.folding.instrOf.get(value.id);
    const operator = made?.kind === "apply" ? compoundOperators.get(made.op) : undefined;
    if (made?.kind !== "apply" || operator === undefined) return null;
    const [first, second] = made.args.map((arg) => expressions.atom(arg).text);
    const read = expressions.place(place, false).text;
    if (first === read && second !== undefined) return `${read} ${operator} ${second}`;
    // The user's own lines keep the order of their factors.
    const swaps = made.op === mul && sweep === "backward" && second === read && first !== undefined;
    return swaps ? `${read} ${operator} ${first}` : null;
  }
}

/** `{ kind: "none" }`: TypeScript would take it to hold any word, and to be of no member of a union. */
function isTag(init: Init, shape: MemoryShape | null): boolean {
  return (
    init.kind === "object" &&
    shape?.kind === "object" &&
    shape.named === undefined &&
    init.entries.length > 0 &&
    init.entries.every(({ value: { kind, type } }) => kind === "literal" && isWord(type))
  );
}

function isWord({ kind }: Type): boolean {
  return kind === "string" || kind === "bool";
}

/** `x_tape` → `x_top`, `tape2` → `top2`. */
function topName(tape: string): string {
  return tape.replace(/_?tape(?=\d*$)/, (word) => word.replace("tape", "top"));
}
