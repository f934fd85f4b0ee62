/** Walkers that the verifier, the analyses and the passes share: what an instruction reads, binds and contains. */
import { invariant } from "../support/invariant.js";
import type {
  Atom,
  Block,
  Call,
  Callee,
  End,
  Func,
  If,
  Init,
  Instr,
  Loop,
  LoopHead,
  Place,
  Value,
  ValueId,
} from "./types.js";

/** The atoms that the instruction itself reads, in order; not those of the blocks inside. */
export function atomsOf(instr: Instr): readonly Atom[] {
  switch (instr.kind) {
    case "apply":
      return instr.args;
    case "load":
      return placeAtoms(instr.place);
    case "store":
      return [...placeAtoms(instr.place), instr.value];
    case "alloc":
      return initAtoms(instr.init);
    case "push":
      return [instr.ref, instr.value];
    case "pop":
      return [instr.ref];
    case "foreign":
      return instr.args;
    case "loop":
      return [...headAtoms(instr.head), ...instr.carried.map(({ init }) => init)];
    case "if":
    case "guard":
      return [instr.test];
    case "call":
      return instr.callee.kind === "lambda" ? [instr.callee.of, ...instr.args] : instr.args;
    case "lambda":
      return [];
    case "order":
      return [instr.of];
  }
}

/** The values that the instruction binds for what follows it. */
export function outsOf(instr: Instr): readonly Value[] {
  switch (instr.kind) {
    case "apply":
    case "load":
    case "alloc":
    case "pop":
    case "lambda":
    case "order":
      return [instr.out];
    case "foreign":
      return instr.out === null ? [] : [instr.out];
    case "if":
    case "call":
      return instr.outs;
    case "loop":
      return instr.carried.map(({ out }) => out);
    case "store":
    case "push":
    case "guard":
      return [];
  }
}

/** The values that a loop binds for its own blocks, its index and what it carries; and those of a lambda or a comparison. */
export function paramsOf(instr: Instr): readonly Value[] {
  if (instr.kind === "lambda" || instr.kind === "order") return instr.params;
  if (instr.kind !== "loop") return [];
  const { head, carried } = instr;
  const params = carried.map(({ param }) => param);
  return head.kind === "counted" ? [head.index, ...params] : params;
}

/** The blocks that the instruction owns. */
export function blocksOf(instr: Instr): readonly Block[] {
  switch (instr.kind) {
    case "if":
      return [instr.consequent, instr.alternate];
    case "guard":
    case "lambda":
    case "order":
      return [instr.body];
    case "loop":
      return instr.head.kind === "while" ? [instr.head.test, instr.body] : [instr.body];
    case "apply":
    case "load":
    case "store":
    case "alloc":
    case "push":
    case "pop":
    case "foreign":
    case "call":
      return [];
  }
}

/** What an `if` or a loop hands on: each value with the one that it becomes. */
export function handedOn(instr: If | Loop): readonly (readonly [from: Atom, to: Value])[] {
  if (instr.kind === "if")
    return instr.outs.flatMap((out, i) =>
      [instr.consequent, instr.alternate].flatMap(({ end }) => pairs(end, i, out)),
    );
  return instr.carried.flatMap(({ init, param, out }, i) => [
    [init, param] as const,
    // The first value that a body yields says whether the loop goes on.
    ...pairs(instr.body.end, i + 1, param),
    [param, out] as const,
  ]);
}

function pairs(end: End, index: number, to: Value): readonly (readonly [Atom, Value])[] {
  const from = end.kind === "yield" ? end.values[index] : undefined;
  return from === undefined ? [] : [[from, to]];
}

/** The atoms that leave the block, or the function, at its end. */
export function endAtoms(end: End): readonly Atom[] {
  if (end.kind === "throw") return end.text.filter((part) => typeof part !== "string");
  return end.values;
}

/** Calls `visit` with every instruction, an outer one before those inside it. */
export function forEachInstr(block: Block, visit: (instr: Instr) => void): void {
  for (const instr of block.instrs) {
    visit(instr);
    for (const inner of blocksOf(instr)) forEachInstr(inner, visit);
  }
}

/** True if one of the instructions, at any depth, is as the predicate says. */
export function someInstr(block: Block, isIt: (instr: Instr) => boolean): boolean {
  return block.instrs.some((instr) => isIt(instr) || blocksOf(instr).some((inner) => someInstr(inner, isIt)));
}

/** Calls `visit` with every block, an outer one before those inside it. */
export function forEachBlock(block: Block, visit: (block: Block) => void): void {
  visit(block);
  for (const instr of block.instrs) {
    for (const inner of blocksOf(instr)) forEachBlock(inner, visit);
  }
}

/** What an atom that is read becomes. A reference must become a reference. */
export type Substitution = (atom: Atom) => Atom;

/** The block with every atom that is read replaced; what is bound stays. */
export function substitute(block: Block, to: Substitution): Block {
  return {
    instrs: block.instrs.map((instr) => substituteInstr(instr, to)),
    end: substituteEnd(block.end, to),
  };
}

/** The instruction with every atom that it or its blocks read replaced. */
export function substituteInstr(instr: Instr, to: Substitution): Instr {
  return mapBlocks(substituteAtoms(instr, to), (block) => substitute(block, to));
}

/** The same instruction over other blocks. */
export function mapBlocks(instr: Instr, map: (block: Block) => Block): Instr {
  switch (instr.kind) {
    case "if":
      return { ...instr, consequent: map(instr.consequent), alternate: map(instr.alternate) };
    case "guard":
    case "lambda":
    case "order":
      return { ...instr, body: map(instr.body) };
    case "loop": {
      const { head } = instr;
      const mapped = head.kind === "while" ? { ...head, test: map(head.test) } : head;
      return { ...instr, head: mapped, body: map(instr.body) };
    }
    case "apply":
    case "load":
    case "store":
    case "alloc":
    case "push":
    case "pop":
    case "foreign":
    case "call":
      return instr;
  }
}

/** Only the atoms of the instruction itself, not those in its blocks. */
export function substituteAtoms(instr: Instr, to: Substitution): Instr {
  switch (instr.kind) {
    case "apply":
      return { ...instr, args: instr.args.map(to) };
    case "load":
      return { ...instr, place: substitutePlace(instr.place, to) };
    case "store":
      return { ...instr, place: substitutePlace(instr.place, to), value: to(instr.value) };
    case "alloc":
      return { ...instr, init: substituteInit(instr.init, to) };
    case "push":
      return { ...instr, ref: substituteRef(instr.ref, to), value: to(instr.value) };
    case "pop":
      return { ...instr, ref: substituteRef(instr.ref, to) };
    case "foreign":
      return { ...instr, args: instr.args.map(to) };
    case "loop":
      return {
        ...instr,
        head: substituteHead(instr.head, to),
        carried: instr.carried.map((one) => ({ ...one, init: to(one.init) })),
      };
    case "if":
    case "guard":
      return { ...instr, test: to(instr.test) };
    case "call":
      return { ...instr, callee: substituteCallee(instr.callee, to), args: instr.args.map(to) };
    case "lambda":
      return instr;
    case "order":
      return { ...instr, of: substituteRef(instr.of, to) };
  }
}

function substituteCallee(callee: Callee, to: Substitution): Callee {
  return callee.kind === "lambda" ? { ...callee, of: substituteRef(callee.of, to) } : callee;
}

export function substituteEnd(end: End, to: Substitution): End {
  if (end.kind === "throw") {
    return { ...end, text: end.text.map((part) => (typeof part === "string" ? part : to(part))) };
  }
  return { ...end, values: end.values.map(to) };
}

function placeAtoms(place: Place): readonly Atom[] {
  return place.step.kind === "index" ? [place.ref, place.step.index] : [place.ref];
}

function headAtoms(head: LoopHead): readonly Atom[] {
  return head.kind === "counted" ? [head.from, head.to] : [];
}

/** The atoms that an allocation reads. */
export function initAtoms(init: Init): readonly Atom[] {
  switch (init.kind) {
    case "object":
      return init.entries.map((entry) => entry.value);
    case "elements":
      return init.elements;
    case "listing":
      return init.args;
    case "filled":
      return [init.length, init.value];
    case "slice":
    case "view":
      return [init.of, ...[init.from, init.to].filter((atom) => atom !== null)];
    case "clone":
      return [init.of];
    case "tape":
      return init.capacity === null ? [] : [init.capacity];
    case "zeros":
      return [init.like];
    case "closed":
      return [init.of, init.like];
  }
}

function substitutePlace(place: Place, to: Substitution): Place {
  const { ref, step } = place;
  return {
    ref: substituteRef(ref, to),
    step: step.kind === "index" ? { ...step, index: to(step.index) } : step,
  };
}

function substituteHead(head: LoopHead, to: Substitution): LoopHead {
  return head.kind === "counted" ? { ...head, from: to(head.from), to: to(head.to) } : head;
}

function substituteInit(init: Init, to: Substitution): Init {
  const orNull = (atom: Atom | null): Atom | null => (atom === null ? null : to(atom));
  switch (init.kind) {
    case "filled":
      return { kind: "filled", length: to(init.length), value: to(init.value) };
    case "slice":
      return {
        kind: "slice",
        of: substituteRef(init.of, to),
        from: orNull(init.from),
        to: orNull(init.to),
      };
    case "view":
      return { kind: "view", of: substituteRef(init.of, to), from: to(init.from), to: orNull(init.to) };
    case "clone":
      return { ...init, of: substituteRef(init.of, to) };
    case "tape":
      return { ...init, capacity: orNull(init.capacity) };
    case "object":
      return { ...init, entries: init.entries.map(({ name, value }) => ({ name, value: to(value) })) };
    case "elements":
      return { kind: "elements", elements: init.elements.map(to) };
    case "listing":
      return { ...init, args: init.args.map(to) };
    case "zeros":
      return { kind: "zeros", like: substituteRef(init.like, to) };
    case "closed":
      return { kind: "closed", of: substituteRef(init.of, to), like: substituteRef(init.like, to) };
  }
}

function substituteRef(ref: Value, to: Substitution): Value {
  const atom = to(ref);
  invariant(atom.kind === "value", "substitution", `a literal in place of the reference %${String(ref.id)}`);
  return atom;
}

/** How often each value is read. */
export function countUses(body: Block): ReadonlyMap<ValueId, number> {
  const uses = new Map<ValueId, number>();
  const use = (atom: Atom): void => {
    if (atom.kind === "value") uses.set(atom.id, (uses.get(atom.id) ?? 0) + 1);
  };
  forEachBlock(body, (block) => {
    for (const instr of block.instrs) atomsOf(instr).forEach(use);
    endAtoms(block.end).forEach(use);
  });
  return uses;
}

/** The greatest id of a value or a loop in use. */
export function lastId(func: Func): number {
  let last = 0;
  forEachValue(func, ({ id }) => {
    last = Math.max(last, id);
  });
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "loop") last = Math.max(last, instr.id);
  });
  return last;
}

/** The greatest region in use. */
export function lastRegion(func: Func): number {
  let last = 0;
  forEachValue(func, ({ type }) => {
    const inner = type.kind === "maybe" ? type.type : type;
    if (inner.kind === "ref") last = Math.max(last, inner.region);
  });
  return last;
}

/** The function and all that it calls, each once. */
export function withCallees(func: Func): readonly Func[] {
  return [func, ...(func.callees?.values() ?? [])];
}

/** The function, with what is made of each that it calls. */
export function mapCallees(func: Func, map: (callee: Func) => Func): Func {
  if (func.callees === undefined) return func;
  return { ...func, callees: new Map([...func.callees].map(([name, callee]) => [name, map(callee)])) };
}

/** All calls of the function's body, of functions by name and of what is at hand as a value. */
export function callsIn(func: Func): readonly Call[] {
  const calls: Call[] = [];
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "call") calls.push(instr);
  });
  return calls;
}

/** The names of the functions that the function itself calls. */
export function calledBy(func: Func): ReadonlySet<string> {
  return new Set(callsIn(func).flatMap(({ callee }) => (callee.kind === "function" ? [callee.name] : [])));
}

/** Calls `visit` with every value that the function binds. */
export function forEachValue(func: Func, visit: (value: Value) => void): void {
  for (const { value } of func.params) visit(value);
  forEachInstr(func.body, (instr) => {
    paramsOf(instr).forEach(visit);
    outsOf(instr).forEach(visit);
  });
}
