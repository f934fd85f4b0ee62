/**
 * Common subexpressions: a pure operation, or a read of memory that nobody writes, is done once where it dominates its
 * twin. A variable that the user declared keeps its own line, and its name serves the twins after it.
 */
import { findGrowing } from "../ir/growth.js";
import { forEachInstr, mapBlocks, substituteAtoms, substituteEnd } from "../ir/visit.js";
import type { Atom, Block, Func, Instr, Place, Value, ValueId } from "../ir/types.js";
import { regionOf } from "./shape.js";

export function shareSubexpressions(func: Func): Func {
  const known = new Map<ValueId, Value>();
  const written = findWritten(func);
  const resolve = (atom: Atom): Atom => (atom.kind === "value" ? (known.get(atom.id) ?? atom) : atom);
  return { ...func, body: visit(func.body, new Scope(null)) };

  function visit(block: Block, scope: Scope): Block {
    const instrs: Instr[] = [];
    for (const original of block.instrs) {
      const instr = substituteAtoms(original, resolve);
      const key = keyOf(instr);
      if (key === null || (instr.kind !== "apply" && instr.kind !== "load")) {
        instrs.push(mapBlocks(instr, (inner) => visit(inner, new Scope(scope))));
        continue;
      }
      const twin = scope.find(key);
      if (twin !== null && instr.out.hint?.declared !== true) {
        known.set(instr.out.id, twin);
        continue;
      }
      if (twin === null) scope.add(key, instr.out);
      instrs.push(instr);
    }
    return { instrs, end: substituteEnd(block.end, resolve) };
  }

  function keyOf(instr: Instr): string | null {
    if (instr.kind === "apply") {
      return instr.op.impure ? null : `${instr.op.name}(${instr.args.map(atomKey).join(",")})`;
    }
    // Only memory that nobody writes to is known to stay as it is.
    if (instr.kind === "load" && !written.has(writtenKey(instr.place))) return placeKey(instr.place);
    return null;
  }
}

/** The expressions at hand in a block and the blocks around it. */
class Scope {
  readonly #parent: Scope | null;
  readonly #values = new Map<string, Value>();

  constructor(parent: Scope | null) {
    this.#parent = parent;
  }

  find(key: string): Value | null {
    const own = this.#values.get(key);
    if (own !== undefined) return own;
    return this.#parent === null ? null : this.#parent.find(key);
  }

  add(key: string, value: Value): void {
    this.#values.set(key, value);
  }
}

/** What is written to: lengths apart from everything else in a region. */
function findWritten(func: Func): ReadonlySet<string> {
  const written = new Set<string>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "store") written.add(regionKey(instr.place.ref));
    else if (instr.kind === "push" || instr.kind === "pop")
      written.add(regionKey(instr.ref)).add(`${regionKey(instr.ref)} length`);
  });
  for (const region of findGrowing(func)) written.add(`${String(region)} length`);
  return written;
}

function writtenKey({ ref, step }: Place): string {
  const isLength = step.kind === "field" && step.name === "length";
  return isLength ? `${regionKey(ref)} length` : regionKey(ref);
}

function regionKey(ref: Value): string {
  return String(regionOf(ref));
}

function placeKey(place: Place): string {
  const step = place.step.kind === "field" ? `.${place.step.name}` : `[${atomKey(place.step.index)}]`;
  return `v${String(place.ref.id)}${step}`;
}

function atomKey(atom: Atom): string {
  return atom.kind === "value" ? `v${String(atom.id)}` : `${typeof atom.value}:${atom.spelling}`;
}
