/**
 * Decisions of a generator, read off a list of numbers: fast-check makes the list, and shrinks it. Where the list is at
 * its end every decision is 0, the simplest, so that a shorter list is a smaller program.
 */
import fc from "fast-check";

/** Lists that make programs of some size. */
export const longTapes: fc.Arbitrary<number[]> = tapes(200, 700);

/** Lists of any length, for shrinking. */
export const allTapes: fc.Arbitrary<number[]> = tapes(0, 700);

function tapes(minLength: number, maxLength: number): fc.Arbitrary<number[]> {
  return fc.noBias(fc.array(fc.integer({ min: 0, max: 255 }), { minLength, maxLength, size: "max" }));
}

export class Choices {
  readonly #tape: readonly number[];
  #next = 0;
  #names = 0;

  constructor(tape: readonly number[]) {
    this.#tape = tape;
  }

  get exhausted(): boolean {
    return this.#next >= this.#tape.length;
  }

  /** A whole number from 0 to `count` - 1. */
  upTo(count: number): number {
    const value = this.#tape[this.#next] ?? 0;
    this.#next++;
    return value % count;
  }

  /** True once in `count` times. */
  rarely(count: number): boolean {
    return this.upTo(count) === count - 1;
  }

  pick<T>(options: readonly [T, ...T[]]): T {
    return options[this.upTo(options.length)] ?? options[0];
  }

  /** One of them; undefined where there is none. */
  any<T>(options: readonly T[]): T | undefined {
    return options.length === 0 ? undefined : options[this.upTo(options.length)];
  }

  fresh(prefix: string): string {
    this.#names++;
    return `${prefix}${this.#names}`;
  }
}
