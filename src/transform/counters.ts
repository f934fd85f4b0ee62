/** Loops whose number of iterations is not known on entry, and is not told by a tape: the forward sweep counts. */
import type { Site } from "../analysis/definitions.js";
import { type Builder, declared, int, whole } from "../ir/builder.js";
import type { Atom, Block, Carried, Loop, Value, ValueId } from "../ir/types.js";
import { add } from "../ops/scalar.js";

export class Counters {
  readonly #builder: Builder;
  readonly #byLoop = new Map<Loop, Carried>();
  readonly #sites = new Map<ValueId, Site>();

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  /** The number of iterations that the loop has started, known behind it. */
  request(loop: Loop, home: Site | null): Value {
    const known = this.#byLoop.get(loop);
    if (known !== undefined) return known.out;
    const hint = declared("trips");
    const carried: Carried = {
      init: whole(0),
      param: this.#builder.value(int, { hint }),
      out: this.#builder.value(int, { hint }),
    };
    this.#byLoop.set(loop, carried);
    if (home !== null) this.#sites.set(carried.out.id, home);
    return carried.out;
  }

  siteOf(id: ValueId): Site | null {
    return this.#sites.get(id) ?? null;
  }

  /** The loop with its counter, given the body that it has by now. */
  apply(loop: Loop, body: Block): Loop {
    const carried = this.#byLoop.get(loop);
    if (carried === undefined || body.end.kind !== "yield") return { ...loop, body };
    const one: Atom = whole(1);
    const counted: Value[] = [];
    const count = this.#builder.detached(() => {
      counted.push(this.#builder.apply(add, [carried.param, one], { hint: declared("trips") }, int));
    });
    return {
      ...loop,
      carried: [...loop.carried, carried],
      body: {
        instrs: [...count, ...body.instrs],
        end: { kind: "yield", values: [...body.end.values, ...counted] },
      },
    };
  }
}
