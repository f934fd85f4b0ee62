/** Where values come from, unchanged: through variables, memory, arguments and results, in no order of time. */
import type { Apply, Atom, Block, Init, Instr, LoopHead, Step, Value, ValueId } from "../../ir/types.js";
import { isKeyed } from "../../ir/shapes.js";
import { isLength, regionOf } from "../../ir/places.js";
import * as ops from "../../ops/scalar.js";
import type { PendingCall } from "../functions/companions.js";
import { parametersOf } from "../functions/companions.js";
import type { Unit } from "../context.js";
import { mayBeAbsent } from "../expressions/mixed.js";
import { pairsOf } from "../functions/linking.js";
import { writtenThrough } from "./used-values.js";

export interface Flow {
  /** All values of the functions that may be the same as this one, and are there if their types are right. */
  sourcesOf(unit: Unit, value: ValueId): Sources;
  /** The same with those that may be missing by their types, and behind narrowings. */
  originsOf(unit: Unit, value: ValueId): Sources;
  /**
   * The sources, and where these come from if they may be missing by their types. Memory that never holds `undefined`
   * by its type is not looked into for that: the test asks whether there is such a cell.
   */
  waysTo(unit: Unit, value: ValueId): Sources;
}

export interface Sources {
  has(unit: Unit, value: ValueId): boolean;
}

interface Body {
  readonly unit: Unit;
  readonly body: Block;
}

/** Elements of arrays, and of tuples where the index is not known. */
const elements = "*";

/** The flow of the functions that call each other. */
export function flowOf(functions: readonly Body[], calls: readonly PendingCall[]): Flow {
  const graph = new FlowGraph(functions.map(({ unit }) => unit));
  for (const { unit, body } of functions) new BodyFlow(graph, unit).addBlock(body, []);
  for (const call of calls) addCall(graph, functions, call);
  graph.settle();
  return graph;
}

class FlowGraph implements Flow {
  readonly #units: readonly Unit[];
  readonly #from = new Map<string, Set<string>>();
  /** From what may be missing by its type: of that, a test asks while running. */
  readonly #open = new Map<string, Set<string>>();
  /** From cells that never hold `undefined`, by their types. */
  readonly #held = new Map<string, Set<string>>();
  readonly #cells = new Map<string, Set<string>>();
  readonly #late: (() => void)[] = [];
  readonly #certain = new Set<string>();
  readonly #used = new Set<string>();

  constructor(units: readonly Unit[]) {
    this.#units = units;
  }

  value(unit: Unit, id: ValueId): string {
    return `${this.#nameOf(unit)} ${String(id)}`;
  }

  cell(unit: Unit, region: number, cell: string): string {
    const memory = `${this.#nameOf(unit)}:${String(unit.regions.canonical(region))}`;
    const cells = this.#cells.get(memory) ?? new Set();
    cells.add(cell);
    this.#cells.set(memory, cells);
    return `${memory}.${cell}`;
  }

  /** The cells of a region that anything flows to or from. */
  cellsOf(unit: Unit, region: number): readonly string[] {
    return [...(this.#cells.get(`${this.#nameOf(unit)}:${String(unit.regions.canonical(region))}`) ?? [])];
  }

  add(to: string, from: string, isOpen = false): void {
    const edges = isOpen ? this.#open : this.#from;
    const known = edges.get(to);
    if (known === undefined) edges.set(to, new Set([from]));
    else known.add(from);
  }

  addHeld(to: string, from: string): void {
    this.#held.set(to, new Set([...(this.#held.get(to) ?? []), from]));
  }

  /** The value is an element that there is. */
  addCertain(value: string): void {
    this.#certain.add(value);
  }

  /** Nothing that is missing comes by way of the value: where it is made, it is used as only an object can be. */
  addUsed(value: string): void {
    this.#used.add(value);
  }

  /** What depends on which cells there are. */
  later(add: () => void): void {
    this.#late.push(add);
  }

  /** Does what was left for later, until it adds no more cells. */
  settle(): void {
    for (let before = -1; before !== this.#cellCount();) {
      before = this.#cellCount();
      for (const add of this.#late) add();
    }
  }

  #cellCount(): number {
    return [...this.#cells.values()].reduce((sum, { size }) => sum + size, 0);
  }

  sourcesOf(unit: Unit, value: ValueId): Sources {
    return this.#named(this.#reach([this.value(unit, value)], (each) => this.#sure(each)));
  }

  originsOf(unit: Unit, value: ValueId): Sources {
    return this.#named(this.#reach([this.value(unit, value)], (each) => this.#any(each)));
  }

  waysTo(unit: Unit, value: ValueId): Sources {
    const sources = this.#reach([this.value(unit, value)], (each) => this.#sure(each));
    const ways = this.#reach([...sources], (to) =>
      this.#any(to).filter((from) => this.#held.get(to)?.has(from) !== true),
    );
    return this.#named(new Set([...sources, ...ways]));
  }

  #sure(to: string): readonly string[] {
    return [...(this.#from.get(to) ?? [])];
  }

  #any(to: string): readonly string[] {
    return [...this.#sure(to), ...(this.#open.get(to) ?? [])];
  }

  #reach(starts: readonly string[], edgesOf: (name: string) => readonly string[]): ReadonlySet<string> {
    const seen = new Set<string>();
    const open = [...starts];
    for (let each = open.pop(); each !== undefined; each = open.pop()) {
      if (seen.has(each) || this.#used.has(each)) continue;
      seen.add(each);
      open.push(...edgesOf(each));
    }
    return seen;
  }

  #named(names: ReadonlySet<string>): Sources {
    const isSource = (name: string): boolean => names.has(name) && !this.#certain.has(name);
    return { has: (other, id) => isSource(this.value(other, id)) };
  }

  #nameOf(unit: Unit): string {
    return String(this.#units.indexOf(unit));
  }
}

/** Adds what flows in one function. */
class BodyFlow {
  readonly #graph: FlowGraph;
  readonly #unit: Unit;
  /** The arrays whose lengths values are, and the arrays through which loops count. */
  readonly #lengths = new Map<ValueId, ValueId>();
  readonly #indices = new Map<ValueId, ValueId>();

  constructor(graph: FlowGraph, unit: Unit) {
    this.#graph = graph;
    this.#unit = unit;
  }

  /** `outs`: what the block yields to. */
  addBlock(block: Block, outs: readonly (Value | null)[]): void {
    const { instrs, end } = block;
    for (const id of writtenThrough(block)) this.#graph.addUsed(this.#graph.value(this.#unit, id));
    for (const instr of instrs) this.#addInstr(instr);
    if (end.kind !== "yield") return;
    end.values.forEach((value, i) => {
      const out = outs[i] ?? null;
      if (out !== null) this.#toValue(out, value);
    });
  }

  #addInstr(instr: Instr): void {
    switch (instr.kind) {
      case "apply":
        if (instr.op === ops.copy || isStillMissing(instr)) this.#toValue(instr.out, instr.args[0], false);
        else if (this.#unit.narrowed.has(instr.out.id)) this.#toValue(instr.out, instr.args[0], true);
        return;
      case "load":
        this.#addLoad(instr.out, instr.place.ref, instr.place.step);
        return;
      case "store":
        this.#toCell(instr.place.ref, this.#cellAt(instr.place.ref, instr.place.step), instr.value);
        return;
      case "push":
        this.#toCell(instr.ref, elements, instr.value);
        return;
      case "pop":
        this.#fromCells(instr.out, instr.ref, [elements]);
        return;
      case "alloc":
        this.#addInit(instr.out, instr.init);
        return;
      case "if":
        this.addBlock(instr.consequent, instr.outs);
        this.addBlock(instr.alternate, instr.outs);
        return;
      case "guard":
        this.addBlock(instr.body, []);
        return;
      case "loop":
        this.#noteIndex(instr.head);
        for (const { param, init, out } of instr.carried) {
          this.#toValue(param, init);
          this.#toValue(out, param);
        }
        this.addBlock(instr.body, [null, ...instr.carried.map(({ param }) => param)]);
        return;
      case "order":
        this.addBlock(instr.body, [null]);
        return;
      case "call":
      case "foreign":
      case "lambda":
        return;
    }
  }

  /** `for (let i = 0; i < xs.length; i++)`: `xs[i]` is there. */
  #noteIndex(head: LoopHead): void {
    if (head.kind !== "counted" || head.comparison !== "<" || head.step < 0) return;
    const of = head.to.kind === "value" ? this.#lengths.get(head.to.id) : undefined;
    const isFromStart = head.from.kind === "literal" && Number(head.from.value) >= 0;
    if (of !== undefined && isFromStart) this.#indices.set(head.index.id, of);
  }

  #addInit(out: Value, init: Init): void {
    switch (init.kind) {
      case "object":
        for (const { name, value } of init.entries) this.#toCell(out, this.#entryCell(out, name), value);
        return;
      case "elements":
        init.elements.forEach((value, i) => {
          this.#toCell(out, this.#entryCell(out, String(i)), value);
        });
        return;
      case "filled":
        this.#toCell(out, elements, init.value);
        return;
      case "slice":
      case "view":
      case "clone":
        this.#graph.later(() => {
          this.#copyCells(regionOf(out), regionOf(init.of), new Set());
        });
        return;
      case "listing":
      case "zeros":
      case "closed":
      case "tape":
        return;
    }
  }

  #copyCells(to: number | null, from: number | null, met: Set<string>): void {
    if (to === null || from === null || met.has(`${String(to)} ${String(from)}`)) return;
    met.add(`${String(to)} ${String(from)}`);
    const { regions } = this.#unit;
    for (const cell of this.#graph.cellsOf(this.#unit, from))
      this.#graph.add(this.#graph.cell(this.#unit, to, cell), this.#graph.cell(this.#unit, from, cell));
    for (const cell of regions.cellsOf(from))
      this.#copyCells(regions.child(to, cell), regions.child(from, cell), met);
  }

  #toValue(out: Value, from: Atom | undefined, isOpen = mayBeAbsent(out.type)): void {
    if (from?.kind !== "value") return;
    const [to, source] = [out, from].map(({ id }) => this.#graph.value(this.#unit, id));
    if (to !== undefined && source !== undefined) this.#graph.add(to, source, isOpen);
  }

  #toCell(ref: Value, cell: string, from: Atom): void {
    const region = regionOf(ref);
    if (region === null || from.kind !== "value") return;
    this.#graph.add(this.#graph.cell(this.#unit, region, cell), this.#graph.value(this.#unit, from.id));
  }

  #fromCells(out: Value, ref: Value, cells: readonly string[]): void {
    const region = regionOf(ref);
    if (region === null) return;
    const isUnderKey = ref.type.kind === "ref" && isKeyed(ref.type.shape);
    // What is under a key is never known while compiling, nor whether it is there.
    const isOpen = mayBeAbsent(out.type) && isUnderKey;
    const isHeld = !mayBeAbsent(out.type) || isUnderKey;
    const to = this.#graph.value(this.#unit, out.id);
    for (const cell of cells) {
      const from = this.#graph.cell(this.#unit, region, cell);
      this.#graph.add(to, from, isOpen);
      if (isHeld) this.#graph.addHeld(to, from);
    }
  }

  #entryCell({ type }: Value, name: string): string {
    return type.kind === "ref" && type.shape.kind === "array" ? elements : name;
  }

  #cellAt(ref: Value, step: Step): string {
    if (step.kind === "field") return step.name;
    return step.index.kind === "literal" ? this.#entryCell(ref, String(step.index.value)) : elements;
  }

  /** In a tuple, an index that is not known may be any, and what was written there may be read by any. */
  #addLoad(out: Value, ref: Value, step: Step): void {
    if (isLength({ ref, step })) this.#lengths.set(out.id, ref.id);
    const isCounted = step.kind === "index" && step.index.kind === "value";
    if (isCounted && this.#indices.get(step.index.id) === ref.id)
      this.#graph.addCertain(this.#graph.value(this.#unit, out.id));
    const cell = this.#cellAt(ref, step);
    const isTuple = ref.type.kind === "ref" && ref.type.shape.kind === "tuple";
    const region = regionOf(ref);
    if (!isTuple || region === null) this.#fromCells(out, ref, [cell]);
    else if (cell !== elements) this.#fromCells(out, ref, [cell, elements]);
    else
      this.#graph.later(() => {
        this.#fromCells(out, ref, this.#graph.cellsOf(this.#unit, region));
      });
  }
}

/** `null` may stand for what was `undefined`, and it is still not there. */
function isStillMissing({ op, out }: Apply): boolean {
  return op === ops.narrow && mayBeAbsent(out.type);
}

/** Arguments go to parameters, what is returned to the results, and memory is the same on both sides. */
function addCall(graph: FlowGraph, functions: readonly Body[], pending: PendingCall): void {
  const { unit, callee, call } = pending;
  const put = (to: readonly [Unit, Value], from: readonly [Unit, Atom]): void => {
    if (from[1].kind !== "value") return;
    const isOpen = mayBeAbsent(to[1].type);
    graph.add(graph.value(to[0], to[1].id), graph.value(from[0], from[1].id), isOpen);
  };
  parametersOf(callee).forEach(({ value }, i) => {
    const arg = call.args[i];
    if (arg !== undefined) put([callee.unit, value], [unit, arg]);
  });
  const body = functions.find((each) => each.unit === callee.unit)?.body;
  const [out] = call.outs;
  if (out !== undefined && body !== undefined) {
    for (const value of returnedBy(body)) put([unit, out], [callee.unit, value]);
  }
  const pairs = pairsOf(pending);
  graph.later(() => {
    for (const [inner, outer] of pairs) {
      for (const cell of new Set([...graph.cellsOf(callee.unit, inner), ...graph.cellsOf(unit, outer)])) {
        const [there, here] = [graph.cell(callee.unit, inner, cell), graph.cell(unit, outer, cell)];
        graph.add(there, here);
        graph.add(here, there);
      }
    }
  });
}

/** What the function gives. */
export function returnedBy({ instrs, end }: Block): readonly Atom[] {
  const inner = instrs.flatMap((instr) => {
    if (instr.kind === "guard") return returnedBy(instr.body);
    return instr.kind === "if" ? [...returnedBy(instr.consequent), ...returnedBy(instr.alternate)] : [];
  });
  return end.kind === "return" ? [...inner, ...end.values] : inner;
}
