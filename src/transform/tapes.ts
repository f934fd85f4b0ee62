/**
 * Tapes: what the forward sweep records of a value that is defined in a loop, for the reverse of that loop.
 *
 * A value of a single counted loop is kept in an array by its index; one of a single loop of unknown length in a growing
 * array, read from its end; any other on a stack, which is made at once where all the trip counts are known.
 */
import type { Definitions, Site } from "../analysis/definitions.js";
import { isLength, regionOf } from "../ir/places.js";
import type { Stability } from "../analysis/stability.js";
import { type Builder, type Origin, int, suggested } from "../ir/builder.js";
import type { Atom, Instr, Load, Loop, MemoryShape, Value, ValueId } from "../ir/types.js";
import { mul } from "../ops/scalar.js";
import { shapeOfType } from "../ir/shapes.js";
import { invariant } from "../support/invariant.js";
import { loopsLeft, type Recovery } from "./recovery.js";
import { isShort, isWhole, iterationNumber, runsByOne, runsThrough, tripCount } from "./trips.js";

/** Reads what was recorded for the iteration that is being reversed. */
export type Read = (origin: Origin, recovery: Recovery) => Value;

type Access = "index" | "list" | "stack";

interface Tape {
  readonly ref: Value;
  readonly access: Access;
}

export class Tapes {
  readonly #builder: Builder;
  readonly #definitions: Definitions;
  readonly #stability: Stability;
  readonly #byValue = new Map<ValueId, Map<Site, Tape>>();
  /** Instructions to be put before others: the allocations. */
  readonly #before = new Map<Instr, Instr[]>();
  /** Instructions to be put behind the definition of a value: the recording. */
  readonly #behind = new Map<ValueId, Instr[]>();
  /** For loops of unknown length: a tape whose length is the number of iterations. */
  readonly #lists = new Map<Loop, Map<Site, Value>>();

  /** For counted loops: a tape that is as long. */
  readonly #records = new Map<Loop, Map<Site, Value>>();

  constructor(builder: Builder, definitions: Definitions, stability: Stability) {
    this.#builder = builder;
    this.#definitions = definitions;
    this.#stability = stability;
  }

  has(value: Value): boolean {
    return this.#byValue.has(value.id);
  }

  before(instr: Instr): readonly Instr[] {
    return this.#before.get(instr) ?? [];
  }

  behind(id: ValueId): readonly Instr[] {
    return this.#behind.get(id) ?? [];
  }

  /** A tape that holds one value for each iteration of the loop with this body. */
  listOf(loop: Loop, body: Site, live: ReadonlySet<Site>): Value | null {
    return this.#lists.get(loop)?.get(homeOf(body, live).home) ?? null;
  }

  /** A tape that is read by the loop's index, with one value for each iteration. */
  recordOf(loop: Loop, body: Site, live: ReadonlySet<Site>): Value | null {
    return this.#records.get(loop)?.get(homeOf(body, live).home) ?? null;
  }

  /** Puts `instrs` before `instr`. */
  insertBefore(instr: Instr, instrs: readonly Instr[]): void {
    const known = this.#before.get(instr) ?? [];
    known.push(...instrs);
    this.#before.set(instr, known);
  }

  /** Has the value recorded. `live` are the blocks around the place of reading that have not been left. */
  request(value: Value, site: Site, live: ReadonlySet<Site>): Read {
    const { home, entry } = homeOf(site, live);
    const known = this.#byValue.get(value.id) ?? new Map<Site, Tape>();
    this.#byValue.set(value.id, known);
    const tape = known.get(home) ?? this.#make(value, site, entry, live);
    known.set(home, tape);
    if (tape.access !== "stack" && site.loop !== null) {
      const tapes = tape.access === "list" ? this.#lists : this.#records;
      const known = tapes.get(site.loop) ?? new Map<Site, Value>();
      tapes.set(site.loop, known);
      if (!known.has(home)) known.set(home, tape.ref);
    }
    return this.#reader(value, tape, site);
  }

  #make(value: Value, site: Site, entry: Instr, live: ReadonlySet<Site>): Tape {
    const loops = loopsLeft(site, live);
    const [only, ...more] = loops;
    const isSingle = only !== undefined && more.length === 0 && site.block === only.body && entry === only;
    const access: Access = !isSingle ? "stack" : isIndexed(only) ? "index" : "list";
    const made: Value[] = [];
    this.insertBefore(
      entry,
      this.#builder.detached(() => {
        made.push(this.#allocate(value, access, loops, entry, live));
      }),
    );
    const [ref] = made;
    invariant(ref, "reverse", "a tape that was not made");
    this.#record(value, ref, access === "index" ? (only ?? null) : null);
    return { ref, access };
  }

  /** `loop`: the one by whose index the tape is written. */
  #record(value: Value, ref: Value, loop: Loop | null): void {
    const instrs = this.#builder.detached(() => {
      if (loop === null) {
        this.#builder.push(ref, value);
        return;
      }
      const index = iterationNumber(this.#builder, loop, null, { sweep: "forward" });
      this.#builder.store({ ref, step: { kind: "index", index } }, value);
    });
    const known = this.#behind.get(value.id) ?? [];
    known.push(...instrs);
    this.#behind.set(value.id, known);
  }

  #allocate(
    value: Value,
    access: Access,
    loops: readonly Loop[],
    entry: Instr,
    live: ReadonlySet<Site>,
  ): Value {
    const builder = this.#builder;
    const hint = suggested(`${value.hint?.text ?? "t"}_tape`);
    const element = shapeOfType(value.type);
    const isNumber = element.kind === "real" || element.kind === "int";
    const capacity = isNumber ? this.#capacity(access, loops, entry, live) : null;
    const storage = capacity === null ? "Array" : "Float64Array";
    const shape: MemoryShape = { kind: "array", element, storage };
    return builder.alloc(
      shape,
      { kind: "tape", access: access === "stack" ? "stack" : "index", capacity },
      { hint },
    );
  }

  /** How often the value is recorded at most, where that is known on entry. */
  #capacity(access: Access, loops: readonly Loop[], entry: Instr, live: ReadonlySet<Site>): Atom | null {
    if (access === "list" || loops.length === 0 || loops[0] !== entry) return null;
    let product: Atom | null = null;
    for (const loop of loops) {
      if (loop.head.kind !== "counted") return null;
      if (!isWhole(loop.head.from) && !runsByOne(loop)) return null;
      const from = this.#onEntry(loop.head.from, live);
      const to = this.#onEntry(loop.head.to, live);
      if (from === null || to === null) return null;
      if (!runsThrough(loop) && !isShort(loop.head)) return null;
      const head = { ...loop.head, from, to };
      const trips: Atom = tripCount(this.#builder, this.#definitions, head, { sweep: "forward" });
      product = product === null ? trips : times(this.#builder, product, trips);
    }
    return product;
  }

  /** The atom as it can be had where the tape is made: it is live there, or made of lengths that never change. */
  #onEntry(atom: Atom, live: ReadonlySet<Site>): Atom | null {
    if (atom.kind === "literal") return atom;
    const definition = this.#definitions.of.get(atom.id);
    if (definition === undefined) return null;
    if (live.has(definition.site)) return atom;
    const { instr } = definition;
    if (instr?.kind === "load" && this.#isFixedLength(instr)) {
      const ref = this.#onEntry(instr.place.ref, live);
      return ref?.kind !== "value"
        ? null
        : this.#builder.load(ref, instr.place.step, int, { sweep: "forward" });
    }
    if (instr?.kind !== "apply" || instr.out.type.kind !== "int" || instr.op.impure) return null;
    const args = instr.args.map((arg) => this.#onEntry(arg, live));
    if (args.some((arg) => arg === null)) return null;
    const known = args.filter((arg) => arg !== null);
    return this.#builder.apply(instr.op, known, { sweep: "forward" }, int);
  }

  #isFixedLength({ place }: Load): boolean {
    if (!isLength(place)) return false;
    const region = regionOf(place.ref);
    return region !== null && !this.#stability.isResized(region);
  }

  #reader(value: Value, { ref, access }: Tape, site: Site): Read {
    const builder = this.#builder;
    return (origin, recovery) => {
      if (access === "stack") return builder.pop(ref, value.type, origin);
      const { loop } = site;
      invariant(loop, "reverse", "a tape of a loop is read elsewhere");
      const index =
        access === "list"
          ? recovery.iteration
          : iterationNumber(builder, loop, recovery, { sweep: "backward" });
      invariant(index, "reverse", "a loop without the number of its iteration");
      return builder.load(ref, { kind: "index", index }, value.type, origin);
    };
  }
}

/** Read and written by the loop's own index, not by how many iterations have started. */
function isIndexed(loop: Loop): boolean {
  return runsByOne(loop) && loop.head.kind === "counted" && (runsThrough(loop) || isShort(loop.head));
}

/** The live block that holds the loop, and the instruction in it that the value lies in. */
function homeOf(site: Site, live: ReadonlySet<Site>): { readonly home: Site; readonly entry: Instr } {
  let at = site;
  for (;;) {
    const { parent, owner } = at;
    invariant(parent && owner, "reverse", "a value outside of all live blocks");
    if (live.has(parent)) return { home: parent, entry: owner };
    at = parent;
  }
}

function times(builder: Builder, a: Atom, b: Atom): Atom {
  return builder.apply(mul, [a, b], { sweep: "forward" }, isWhole(a) && isWhole(b) ? int : undefined);
}
