/**
 * Memory of modules that keeps what has been computed once: `cache.get(n)`, and `cache.set(n, …)` where there was
 * nothing. A call that begins with what the module has made computes the same again, as long as what is kept does not
 * depend on what is differentiated, and each cell is filled once.
 */
import { derivedFrom } from "../../ir/derived.js";
import { isFoundByKeys } from "../../ir/growth.js";
import { isLength, regionOf } from "../../ir/places.js";
import { atomsOf, blocksOf, endAtoms, forEachBlock, someInstr } from "../../ir/visit.js";
import type { Atom, Block, Instr, Load, Place, RegionId, Store, Value, ValueId } from "../../ir/types.js";
import { lt } from "../../ops/scalar.js";
import { type PendingCall, parametersOf } from "../functions/companions.js";
import { type Code, Varying } from "./varying.js";
import { Origins } from "./origins.js";

/** All of a target: its own code first, and the parameters that it is differentiated by. */
export interface Whole {
  readonly all: readonly Code[];
  readonly calls: readonly PendingCall[];
  readonly given: readonly Value[];
}

/** True if what the constant holds is only ever filled with what any call would fill it with. */
export function isMemo({ all, calls, given }: Whole, constant: Value): boolean {
  const varying = new Varying(all, calls, given);
  const derived = derivedEverywhere(all, calls, constant);
  return all.every((code) => {
    const refs = derived.get(code);
    if (refs === undefined || refs.size === 0) return true;
    const { regions } = code.unit;
    const roots = rootsIn(code, calls, constant, derived, all);
    const below = new Set([...roots].flatMap((root) => [...regions.below(root)]));
    if ([...below].some((region) => varying.holds(code.unit, region))) return false;
    return new MemoCheck(code, refs, roots).isKept();
  });
}

/** The references that lead to the constant, or to what is in it, in each of the functions. */
function derivedEverywhere(
  all: readonly Code[],
  calls: readonly PendingCall[],
  constant: Value,
): ReadonlyMap<Code, ReadonlySet<ValueId>> {
  const found = new Map<Code, Set<ValueId>>();
  const open: { readonly code: Code; readonly root: Value }[] = all
    .slice(0, 1)
    .map((code) => ({ code, root: constant }));
  const done = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { code, root } = next;
    const key = `${String(all.indexOf(code))} ${String(root.id)}`;
    if (done.has(key)) continue;
    done.add(key);
    const refs = found.get(code) ?? new Set<ValueId>();
    found.set(code, refs);
    for (const id of derivedFrom(root, code.body, (region) => code.unit.regions.canonical(region)))
      refs.add(id);
    for (const { unit, callee, call } of calls) {
      const inner = unit === code.unit ? all.find((each) => each.unit === callee.unit) : undefined;
      if (inner === undefined) continue;
      parametersOf(callee).forEach(({ value }, i) => {
        const arg = call.args[i];
        if (arg?.kind === "value" && refs.has(arg.id)) open.push({ code: inner, root: value });
      });
    }
  }
  return found;
}

/** What the constant itself is in the function. */
function rootsIn(
  code: Code,
  calls: readonly PendingCall[],
  constant: Value,
  derived: ReadonlyMap<Code, ReadonlySet<ValueId>>,
  all: readonly Code[],
): ReadonlySet<RegionId> {
  const found = new Set<RegionId>();
  const add = (value: Value): void => {
    const region = regionOf(value);
    if (region !== null) found.add(code.unit.regions.canonical(region));
  };
  if (code === all[0]) add(constant);
  for (const { unit, callee, call } of calls) {
    const outer = all.find((each) => each.unit === unit);
    const refs = outer === undefined ? undefined : derived.get(outer);
    if (callee.unit !== code.unit || refs === undefined) continue;
    parametersOf(callee).forEach(({ value }, i) => {
      const arg = call.args[i];
      if (arg?.kind === "value" && refs.has(arg.id)) add(value);
    });
  }
  return found;
}

class MemoCheck {
  readonly #code: Code;
  readonly #refs: ReadonlySet<ValueId>;
  readonly #roots: ReadonlySet<RegionId>;
  readonly #origins: Origins;

  constructor(code: Code, refs: ReadonlySet<ValueId>, roots: ReadonlySet<RegionId>) {
    this.#code = code;
    this.#refs = refs;
    this.#roots = roots;
    this.#origins = new Origins(code.body);
  }

  isKept(): boolean {
    return this.#block(this.#code.body, [], false);
  }

  /** `tests` decide whether the code runs; `grows`: code around it fills the constant. */
  #block({ instrs }: Block, around: readonly Atom[], grows: boolean): boolean {
    let tests = around;
    for (const instr of instrs) {
      if (!this.#instr(instr, tests, grows)) return false;
      const isTest = instr.kind === "guard" || instr.kind === "if";
      const own = isTest ? [...tests, instr.test] : tests;
      const isFilling =
        grows || (blocksOf(instr).length > 0 && someInstr(bodyOf(instr), (each) => this.#fills(each)));
      if (!blocksOf(instr).every((block) => this.#block(block, own, isFilling))) return false;
      const leaves = blocksOf(instr).some(({ end }) => end.kind !== "yield");
      if (isTest && leaves) tests = own;
    }
    return true;
  }

  #instr(instr: Instr, tests: readonly Atom[], grows: boolean): boolean {
    switch (instr.kind) {
      case "load":
        // How much there is by now, is what calls before have left.
        return (
          grows || !isLength(instr.place) || !this.#isRoot(instr.place.ref) || this.#asksForElements(instr)
        );
      case "store":
        return !this.#refs.has(instr.place.ref.id) || this.#isFilled(instr, tests);
      case "push":
        return !this.#refs.has(instr.ref.id) || this.#origins.isAlways(instr.value, this.#refs);
      case "pop":
        return !this.#refs.has(instr.ref.id);
      case "alloc": {
        const { init } = instr;
        const sources = init.kind === "listing" ? init.args : init.kind === "clone" ? [init.of] : [];
        return !sources.some((atom) => atom.kind === "value" && this.#isRoot(atom) && isFoundByKeys(atom));
      }
      case "foreign":
        return !instr.args.some((atom) => atom.kind === "value" && this.#refs.has(atom.id));
      default:
        return true;
    }
  }

  /** The length only tells whether there are the elements that are read: `rows[n] ?? []`. */
  #asksForElements({ place: { ref }, out }: Load): boolean {
    const loads: Load[] = [];
    /** The places that are asked for; null for another use of the length. */
    const asked: (Place | null)[] = [];
    forEachBlock(this.#code.body, ({ instrs, end }) => {
      if (endAtoms(end).some((atom) => isValue(atom, out))) asked.push(null);
      for (const instr of instrs) {
        if (instr.kind === "load") loads.push(instr);
        if (!atomsOf(instr).some((atom) => isValue(atom, out))) continue;
        const [index, length] = instr.kind === "apply" && instr.op === lt ? instr.args : [];
        // What goes through all there are has an index of its own.
        const isGiven = index !== undefined && !this.#origins.isMade(index);
        const isAsked = isGiven && length !== undefined && isValue(length, out);
        asked.push(isAsked ? { ref, step: { kind: "index", index } } : null);
      }
    });
    return asked.every(
      (place) => place !== null && loads.some((load) => this.#origins.isSamePlace(load.place, place)),
    );
  }

  #fills(instr: Instr): boolean {
    const ref = instr.kind === "push" ? instr.ref : instr.kind === "store" ? instr.place.ref : null;
    return ref !== null && this.#isRoot(ref);
  }

  #isRoot(ref: Value): boolean {
    const region = regionOf(ref);
    return (
      region !== null && this.#refs.has(ref.id) && this.#roots.has(this.#code.unit.regions.canonical(region))
    );
  }

  /** Where there was nothing, and with something else than what is there. */
  #isFilled({ place, value }: Store, tests: readonly Atom[]): boolean {
    const { step } = place;
    if (step.kind === "index" && step.asks !== undefined) return false;
    const isSame = (load: Load): boolean => this.#origins.isSamePlace(load.place, place);
    const isTold = (test: Atom): boolean => this.#origins.comesFrom(test, isSame);
    const isNew = (atom: Atom): boolean => !this.#origins.comesFrom(atom, isSame);
    if (tests.some(isTold) && isNew(value)) return true;
    // `rows[n] = rows[n] || []`: what is there is put there again.
    if (value.kind === "value" && this.#origins.isItself(value, isSame)) return true;
    const choice = this.#origins.choiceOf(value);
    return (
      choice !== null &&
      isTold(choice.test) &&
      choice.arms.every((arm) => isNew(arm) || this.#origins.isItself(arm, isSame))
    );
  }
}

function isValue(atom: Atom, { id }: Value): boolean {
  return atom.kind === "value" && atom.id === id;
}

function bodyOf(instr: Instr): Block {
  return {
    instrs: blocksOf(instr).flatMap((block) => [...block.instrs]),
    end: { kind: "yield", values: [] },
  };
}
