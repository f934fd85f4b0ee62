/**
 * What each variable holds at this moment of lowering. Arms of a conditional write on a layer of their own, so that
 * nothing they assign is seen outside until a join says so.
 */
import type { Bound, Variable } from "./scope.js";

export type Writes = ReadonlyMap<Variable, Bound>;

/** The variables around a function that is called, as they are seen from inside. */
export interface Outside {
  readonly get: (variable: Variable) => Bound | undefined;
  /** The functions in what it holds, which does not yet become a parameter by that. */
  readonly peek: (variable: Variable) => Bound | undefined;
  readonly has: (variable: Variable) => boolean;
  /** One of them is assigned. */
  readonly set: (variable: Variable) => void;
}

/** What each variable holds, in layers. */
export class Environment {
  #layers: Map<Variable, Bound>[] = [new Map<Variable, Bound>()];
  readonly #outside: Outside | null;
  /** Which layers are those of loops. */
  readonly #loops: number[] = [];

  constructor(outside: Outside | null = null) {
    this.#outside = outside;
  }

  /** How many layers are open above the function's own. */
  get depth(): number {
    return this.#layers.length - 1;
  }

  get(variable: Variable): Bound | undefined {
    return this.#own(variable) ?? this.#outside?.get(variable);
  }

  /** The same for one who only looks for functions: what lies outside of a function that is called is not handed to it. */
  peek(variable: Variable): Bound | undefined {
    return this.#own(variable) ?? this.#outside?.peek(variable);
  }

  #own(variable: Variable): Bound | undefined {
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const bound = this.#layers[i]?.get(variable);
      if (bound !== undefined) return bound;
    }
    return undefined;
  }

  set(variable: Variable, bound: Bound): void {
    if (this.#outside?.has(variable) === true) this.#outside.set(variable);
    this.#layers.at(-1)?.set(variable, bound);
  }

  /** Runs `fill` on a new layer, and takes that layer off again: gives what was written on it. */
  layer(fill: () => void): Writes {
    const layer = new Map<Variable, Bound>();
    this.#layers.push(layer);
    try {
      fill();
    } finally {
      this.#layers.pop();
    }
    return layer;
  }

  /** Begins a layer that goes on until `close`. */
  open(): void {
    this.#layers.push(new Map<Variable, Bound>());
  }

  close(): Writes {
    return this.#layers.pop() ?? new Map<Variable, Bound>();
  }

  /** Gives a variable its first value on a layer below, as if it had been declared there. */
  declareAt(depth: number, variable: Variable, bound: Bound): void {
    this.#layers[depth]?.set(variable, bound);
  }

  /** Runs `fill`, which opens the layer of a loop first. */
  inLoop<T>(fill: () => T): T {
    this.#loops.push(this.#layers.length);
    try {
      return fill();
    } finally {
      this.#loops.pop();
    }
  }

  /** There is one of it only, however often the loops around run. */
  isOutsideLoops(variable: Variable): boolean {
    const at = this.#layers.findIndex((layer) => layer.has(variable));
    return at >= 0 && at < (this.#loops[0] ?? Infinity);
  }

  /** Runs `fill` as if at the start of the function: what it writes is seen everywhere. */
  atEntry<T>(fill: () => T): T {
    const layers = this.#layers;
    this.#layers = layers.slice(0, 1);
    try {
      return fill();
    } finally {
      this.#layers = layers;
    }
  }
}
