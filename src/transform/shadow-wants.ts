/** Which references have a shadow that the forward sweep has to make. */
import { regionOf } from "../ir/places.js";
import { findGrowing, isFoundByKeys } from "../ir/growth.js";
import { forEachBlock, forEachInstr, initAtoms } from "../ir/visit.js";
import type { Alloc, Atom, If, Instr, Loop, RegionId, Store, Value, ValueId } from "../ir/types.js";
import { cellOf } from "./cells.js";
import { holdsReferences } from "./shadow-memory.js";
import type { Facts } from "./shadow-plan.js";

/** The shadow of the cell has to refer to something else from now on. What leads to no active number has no shadow. */
export function isShadowedStore({ place, value }: Store, isShadowed: (ref: Value) => boolean): boolean {
  return value.kind === "value" && regionOf(value) !== null && isShadowed(place.ref) && isShadowed(value);
}

/** Finds the references whose shadows the forward sweep has to make. */
export class Wanted {
  readonly #facts: Facts;
  readonly #isShadowed: (ref: Atom) => boolean;
  readonly #wanted = new Set<ValueId>();
  /** Those that the shadows of are made or given. */
  readonly #regions = new Set<RegionId>();
  /** Stores to records, maps and sets. */
  readonly #keyed: Store[] = [];

  readonly #growing: ReadonlySet<RegionId>;

  constructor(facts: Facts, isShadowed: (ref: Atom) => boolean) {
    this.#facts = facts;
    this.#isShadowed = isShadowed;
    this.#growing = findGrowing(facts.func);
    for (const { value } of facts.func.params)
      if (facts.given.has(value.id)) this.#regions.add(regionOf(value) ?? -1);
  }

  /** A store may make the array longer; its shadow has to follow. */
  #grows(ref: Value): boolean {
    return this.#growing.has(regionOf(ref) ?? -1);
  }

  find(): ReadonlySet<ValueId> {
    forEachInstr(this.#facts.func.body, (instr) => {
      this.#meet(instr);
    });
    this.#wantStores();
    if (!this.#facts.isCompanion) return this.#wanted;
    // What a companion returns has to have its shadow beside it.
    forEachBlock(this.#facts.func.body, ({ end }) => {
      if (end.kind !== "return") return;
      for (const atom of end.values) if (this.#isShadowed(atom)) this.#want(atom);
    });
    this.#wantStores();
    return this.#wanted;
  }

  /** Where the forward sweep makes the shadow of a record or a map, it puts in it what is put there. */
  #wantStores(): void {
    for (let before = -1; before < this.#wanted.size;) {
      before = this.#wanted.size;
      for (const store of this.#keyed) {
        const { ref } = store.place;
        if (this.#regions.has(regionOf(ref) ?? -1) && this.#isShadowed(ref)) this.#want(ref);
      }
    }
  }

  #meet(instr: Instr): void {
    const { stability } = this.#facts;
    switch (instr.kind) {
      case "store":
        if (isShadowedStore(instr, this.#isShadowed)) {
          this.#want(instr.place.ref);
          this.#want(instr.value);
          if (isFoundByKeys(instr.place.ref)) this.#keyed.push(instr);
        } else if (isFoundByKeys(instr.place.ref)) {
          this.#keyed.push(instr);
        } else if (this.#grows(instr.place.ref) && this.#isShadowed(instr.place.ref)) {
          this.#want(instr.place.ref);
        }
        return;
      case "push":
        if (!this.#isShadowed(instr.ref)) return;
        this.#want(instr.ref);
        this.#want(instr.value);
        return;
      case "pop":
        if (!this.#isShadowed(instr.ref)) return;
        this.#want(instr.ref);
        // The reverse sweep puts it back.
        this.#want(instr.out);
        return;
      case "load":
        if (!this.#isShadowed(instr.out)) return;
        if (!stability.isStable(instr, new Set())) this.#want(instr.out);
        return;
      case "alloc":
        if (refersOn(instr) && this.#isShadowed(instr.out)) this.#want(instr.out);
        return;
      case "apply":
        if (instr.args.length > 1 && this.#isShadowed(instr.out)) this.#want(instr.out);
        return;
      case "if":
        for (const out of instr.outs) if (this.#isShadowed(out)) this.#want(out);
        return;
      case "loop":
        for (const { out, param } of instr.carried) {
          if (this.#isShadowed(out) || this.#isShadowed(param)) this.#want(param);
        }
        return;
      case "call":
        // What comes of one without a companion may be made longer.
        for (const atom of this.#facts.companionOf(instr, this.#isShadowed) === null
          ? instr.outs
          : [...instr.args, ...instr.outs])
          if (this.#isShadowed(atom)) this.#want(atom);
        return;
      case "foreign":
      case "guard":
      case "lambda":
      case "order":
        return;
    }
  }

  #want(atom: Atom | undefined): void {
    if (atom?.kind !== "value" || regionOf(atom) === null || this.#wanted.has(atom.id)) return;
    // What holds no numbers gets a shadow where it goes to a place of what does.
    if (atom.type.kind === "maybe" && this.#facts.regions.type(atom.type) === null) return;
    this.#wanted.add(atom.id);
    this.#regions.add(regionOf(atom) ?? -1);
    const instr = this.#facts.definitions.of.get(atom.id)?.instr ?? null;
    switch (instr?.kind) {
      case "load":
        if (cellOf(this.#facts.slots, this.#facts.definitions, instr) === null) this.#want(instr.place.ref);
        return;
      case "pop":
        this.#want(instr.ref);
        return;
      case "apply":
        instr.args.forEach((arg) => {
          this.#want(arg);
        });
        return;
      case "alloc":
        if (!refersOn(instr)) return;
        for (const inner of initAtoms(instr.init))
          if (isCopy(instr) || this.#isPart(inner)) this.#want(inner);
        return;
      case "if":
        this.#wantYields(instr, instr.outs.indexOf(atom));
        return;
      case "loop":
        this.#wantCarried(instr, atom);
        return;
      default:
        return;
    }
  }

  /** What leads to no active number, and is not made on the spot, is stood in for by zeros. */
  #isPart(atom: Atom): boolean {
    if (atom.kind !== "value") return false;
    // What may be missing and holds no numbers is in no shadow.
    if (atom.type.kind !== "ref") return this.#facts.regions.type(atom.type) !== null;
    if (this.#isShadowed(atom)) return true;
    return this.#facts.definitions.of.get(atom.id)?.instr?.kind === "alloc";
  }

  #wantYields(instr: If, index: number): void {
    for (const arm of [instr.consequent, instr.alternate])
      if (arm.end.kind === "yield") this.#want(arm.end.values[index]);
  }

  #wantCarried({ carried, body }: Loop, value: Value): void {
    const index = carried.findIndex(({ param, out }) => param.id === value.id || out.id === value.id);
    const one = carried[index];
    if (one === undefined) return;
    this.#want(one.param);
    this.#want(one.out);
    this.#want(one.init);
    if (body.end.kind === "yield") this.#want(body.end.values[index + 1]);
  }
}

function isCopy({ init }: Alloc): boolean {
  return init.kind === "slice" || init.kind === "view" || init.kind === "clone";
}

/** The shadow of the allocation has to refer to other shadows, or to lie where another one lies. */
function refersOn(alloc: Alloc): boolean {
  const { init, out } = alloc;
  switch (init.kind) {
    case "object":
    case "elements":
    case "filled":
      return initAtoms(init).some((atom) => regionOf(atom) !== null);
    case "slice":
      return holdsReferences(out);
    case "view":
      return true;
    default:
      return false;
  }
}
