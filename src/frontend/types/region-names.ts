/**
 * Gives every reference the one region that stands for all that were found to be the same, and shapes that say of all of
 * them alike what the user has declared.
 */
import type {
  Atom,
  Block,
  End,
  Func,
  Init,
  Instr,
  Loop,
  LoopHead,
  Place,
  RegionId,
  Type,
  Value,
  ValueId,
} from "../../ir/types.js";
import { isKeyed } from "../../ir/shapes.js";
import type { PendingCall } from "../functions/companions.js";
import { DeclaredMemory } from "./declared-memory.js";
import type { DeclaredResult } from "../targets/writable.js";
import type { Regions } from "./regions.js";

/** The function with types that name no region that was merged into another, and are `readonly` where they must be. */
export function canonicalRegions(
  func: Func,
  regions: Regions,
  calls: readonly PendingCall[] = [],
  result: DeclaredResult | null = null,
): Func {
  const renamer = new Renamer(regions, new DeclaredMemory(func, regions, calls, result));
  return {
    ...func,
    params: func.params.map((param) => ({ ...param, value: renamer.value(param.value) })),
    body: renamer.block(func.body),
  };
}

class Renamer {
  readonly #regions: Regions;
  readonly #declared: DeclaredMemory;
  readonly #values = new Map<ValueId, Value>();

  constructor(regions: Regions, declaredMemory: DeclaredMemory) {
    this.#regions = regions;
    this.#declared = declaredMemory;
  }

  block({ instrs, end }: Block): Block {
    return { instrs: instrs.map((instr) => this.#instr(instr)), end: this.#end(end) };
  }

  value(value: Value): Value {
    const known = this.#values.get(value.id);
    if (known !== undefined) return known;
    const type = this.#type(value.type, value.id);
    const made = type === value.type ? value : { ...value, type };
    this.#values.set(value.id, made);
    return made;
  }

  #atom(atom: Atom): Atom {
    return atom.kind === "value" ? this.value(atom) : atom;
  }

  #optional(atom: Atom | null): Atom | null {
    return atom === null ? null : this.#atom(atom);
  }

  #type(type: Type, id: ValueId): Type {
    if (type.kind === "maybe") {
      const inner = this.#type(type.type, id);
      return inner === type.type || inner.kind === "maybe" ? type : { ...type, type: inner };
    }
    if (type.kind !== "ref") return type;
    const region = this.#regions.canonical(type.region);
    const shape = this.#declared.shape(type.shape, region, id);
    return region === type.region && shape === type.shape ? type : { ...type, shape, region };
  }

  #place({ ref, step }: Place): Place {
    return {
      ref: this.value(ref),
      step: step.kind === "index" ? { ...step, index: this.#atom(step.index) } : step,
    };
  }

  #instr(instr: Instr): Instr {
    switch (instr.kind) {
      case "apply":
        return { ...instr, args: instr.args.map((arg) => this.#atom(arg)), out: this.value(instr.out) };
      case "load":
        return { ...instr, place: this.#place(instr.place), out: this.value(instr.out) };
      case "store":
        return { ...instr, place: this.#place(instr.place), value: this.#atom(instr.value) };
      case "alloc": {
        const out = this.value(instr.out);
        return { ...instr, init: this.#init(instr.init, out), out };
      }
      case "if":
        return {
          ...instr,
          test: this.#atom(instr.test),
          consequent: this.block(instr.consequent),
          alternate: this.block(instr.alternate),
          outs: instr.outs.map((out) => this.value(out)),
        };
      case "guard":
        return { ...instr, test: this.#atom(instr.test), body: this.block(instr.body) };
      case "push":
        return { ...instr, ref: this.value(instr.ref), value: this.#atom(instr.value) };
      case "pop":
        return { ...instr, ref: this.value(instr.ref), out: this.value(instr.out) };
      case "foreign":
        return {
          ...instr,
          args: instr.args.map((arg) => this.#atom(arg)),
          out: instr.out === null ? null : this.value(instr.out),
        };
      case "loop":
        return this.#loop(instr);
      case "call":
        return {
          ...instr,
          callee:
            instr.callee.kind === "lambda"
              ? { kind: "lambda", of: this.value(instr.callee.of) }
              : instr.callee,
          args: instr.args.map((arg) => this.#atom(arg)),
          outs: instr.outs.map((out) => this.value(out)),
          writes: this.#regionsOf(instr.writes),
          resizes: this.#regionsOf(instr.resizes),
        };
      case "order": {
        const [i, j] = instr.params;
        return {
          ...instr,
          out: this.value(instr.out),
          of: this.value(instr.of),
          params: [this.value(i), this.value(j)],
          body: this.block(instr.body),
        };
      }
      case "lambda":
        return {
          ...instr,
          out: this.value(instr.out),
          params: instr.params.map((param) => this.value(param)),
          body: this.block(instr.body),
        };
    }
  }

  #regionsOf(regions: readonly RegionId[]): readonly RegionId[] {
    return [...new Set(regions.map((region) => this.#regions.canonical(region)))];
  }

  #loop(loop: Loop): Loop {
    return {
      ...loop,
      head: this.#head(loop.head),
      carried: loop.carried.map(({ param, init, out }) => ({
        param: this.value(param),
        init: this.#atom(init),
        out: this.value(out),
      })),
      body: this.block(loop.body),
    };
  }

  #head(head: LoopHead): LoopHead {
    switch (head.kind) {
      case "counted":
        return {
          ...head,
          index: this.value(head.index),
          from: this.#atom(head.from),
          to: this.#atom(head.to),
        };
      case "while":
        return { ...head, test: this.block(head.test) };
      case "do":
        return head;
    }
  }

  #init(init: Init, out: Value): Init {
    switch (init.kind) {
      case "filled":
        return { ...init, length: this.#atom(init.length), value: this.#atom(init.value) };
      case "slice":
        return {
          ...init,
          of: this.value(init.of),
          from: this.#optional(init.from),
          to: this.#optional(init.to),
        };
      case "view":
        return { ...init, of: this.value(init.of), from: this.#atom(init.from), to: this.#optional(init.to) };
      case "listing":
        return { ...init, args: init.args.map((arg) => this.#atom(arg)) };
      case "clone":
        return { ...init, of: this.value(init.of) };
      case "tape":
        return { ...init, capacity: this.#optional(init.capacity) };
      case "object":
        return {
          ...init,
          entries: init.entries.map(({ name, value }) => ({ name, value: this.#atom(value) })),
        };
      case "elements":
        // `sets.get(key) ?? []`, which nothing is ever added to.
        if (init.elements.length === 0 && out.type.kind === "ref" && isKeyed(out.type.shape))
          return { kind: "object", entries: [] };
        return { kind: "elements", elements: init.elements.map((element) => this.#atom(element)) };
      case "zeros":
        return { kind: "zeros", like: this.value(init.like) };
      case "closed":
        return { kind: "closed", of: this.value(init.of), like: this.value(init.like) };
    }
  }

  #end(end: End): End {
    switch (end.kind) {
      case "yield":
      case "return":
        return { ...end, values: end.values.map((atom) => this.#atom(atom)) };
      case "throw":
        return { ...end, text: end.text.map((part) => (typeof part === "string" ? part : this.#atom(part))) };
    }
  }
}
