/**
 * Scratch of modules that grows: `found.clear()`, `list.length = 0`, and then it is filled. Where that is the first thing
 * that happens to it in a call, whatever way the call takes, all that lies in it is the call's own.
 */
import { atomsOf, blocksOf, endAtoms, outsOf, paramsOf } from "../../ir/visit.js";
import { regionOf } from "../../ir/places.js";
import type { Atom, Block, Call, Instr, RegionId, Value } from "../../ir/types.js";
import { type Context, type Unit } from "../context.js";
import { parametersOf } from "../functions/companions.js";
import type { Whole } from "./memos.js";

/** The instructions, of one block, that take out all that a memory holds. */
export interface Emptying {
  readonly ref: Value;
  readonly instrs: readonly Instr[];
}

/** Notes that what `empty` writes takes out all that the memory holds. */
export function noteEmptying({ unit }: Context, ref: Value, empty: () => void): void {
  const before = unit.builder.peek().length;
  empty();
  unit.emptyings.push({ ref, instrs: unit.builder.peek().slice(before) });
}

/** What has happened to a memory: "emptied" if that has come first, and has come for certain. */
type Status = "untouched" | "emptied" | "used";

/** True if the function, and all that it calls, empties the memory before anything else. */
export function isEmptiedFirst(unit: Unit, body: Block, memory: Value, whole: Whole): boolean {
  return new EmptyingSearch(whole).status(unit, body, memory) !== "used";
}

class EmptyingSearch {
  readonly #whole: Whole;
  readonly #open = new Set<Unit>();

  constructor(whole: Whole) {
    this.#whole = whole;
  }

  status(unit: Unit, body: Block, memory: Value): Status {
    // Of a function that calls itself, nothing is known as yet.
    if (this.#open.has(unit)) return "untouched";
    this.#open.add(unit);
    const status = this.#block(unit, body, memory);
    this.#open.delete(unit);
    return status;
  }

  #block(unit: Unit, { instrs, end }: Block, memory: Value): Status {
    for (let i = 0; i < instrs.length; i++) {
      const instr = instrs[i];
      if (instr === undefined || !touches(unit, instr, memory)) continue;
      if (emptyingAt(unit, instrs, i, memory) !== null) return "emptied";
      const status = this.#instr(unit, instr, memory);
      if (status !== "untouched") return status;
    }
    return endAtoms(end).some((atom) => leadsInto(unit, atom, memory)) ? "used" : "untouched";
  }

  #instr(unit: Unit, instr: Instr, memory: Value): Status {
    const own: readonly Atom[] = [...atomsOf(instr), ...outsOf(instr), ...paramsOf(instr)];
    if (instr.kind === "call") return this.#call(unit, instr, memory);
    const blocks = blocksOf(instr);
    if (blocks.length === 0 || own.some((atom) => leadsInto(unit, atom, memory))) return "used";
    const found = blocks.map((block) => this.#block(unit, block, memory));
    if (found.includes("used")) return "used";
    return instr.kind === "if" && found.every((status) => status === "emptied") ? "emptied" : "untouched";
  }

  #call(unit: Unit, call: Call, memory: Value): Status {
    const { all, calls } = this.#whole;
    const pending = calls.find((each) => each.call === call);
    const code = all.find((each) => each.unit === pending?.callee.unit);
    const handed = call.args.flatMap((arg, i) => (leadsInto(unit, arg, memory) ? [i] : []));
    const [at = -1, ...others] = handed;
    const arg = call.args[at];
    if (pending === undefined || code === undefined || others.length > 0) return "used";
    const param = parametersOf(pending.callee)[at];
    if (param === undefined || arg?.kind !== "value" || arg.id !== memory.id) return "used";
    return this.status(code.unit, code.body, param.value);
  }
}

/** Those at the start of the function that find the memory empty, as the module has made it, are left out. */
export function withoutEmptyings(unit: Unit, body: Block): readonly Instr[] {
  const left = new Set<Instr>();
  for (const { bound } of unit.constants) {
    if (bound.kind !== "value" || !isMadeEmpty(unit, bound)) continue;
    const at = body.instrs.findIndex((instr) => touches(unit, instr, bound));
    for (const instr of emptyingAt(unit, body.instrs, at, bound)?.instrs ?? []) left.add(instr);
  }
  return body.instrs.filter((instr) => !left.has(instr));
}

function isMadeEmpty(unit: Unit, memory: Value): boolean {
  const [made, ...more] = unit.entry.filter((instr) => touches(unit, instr, memory));
  if (made?.kind !== "alloc" || made.out.id !== memory.id || more.length > 0) return false;
  const { init } = made;
  if (init.kind === "elements") return init.elements.length === 0;
  return init.kind === "object" && init.entries.length === 0;
}

function emptyingAt(unit: Unit, instrs: readonly Instr[], at: number, memory: Value): Emptying | null {
  const first = instrs[at];
  return (
    unit.emptyings.find(
      (each) =>
        each.ref.id === memory.id &&
        each.instrs[0] === first &&
        each.instrs.every((instr, i) => instrs[at + i] === instr),
    ) ?? null
  );
}

/** The instruction mentions the memory, or something that lies in it, or that may. */
function touches(unit: Unit, instr: Instr, memory: Value): boolean {
  const own = [...atomsOf(instr), ...outsOf(instr), ...paramsOf(instr)];
  if (own.some((atom) => leadsInto(unit, atom, memory))) return true;
  return blocksOf(instr).some(
    ({ instrs, end }) =>
      instrs.some((each) => touches(unit, each, memory)) ||
      endAtoms(end).some((atom) => leadsInto(unit, atom, memory)),
  );
}

function leadsInto({ regions }: Unit, atom: Atom, memory: Value): boolean {
  const [region, root] = [regionOf(atom), regionOf(memory)];
  if (region === null || root === null) return false;
  const below: ReadonlySet<RegionId> = regions.below(root);
  return below.has(regions.canonical(region));
}
