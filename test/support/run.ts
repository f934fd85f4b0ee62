/** Calls functions under test, and compares numbers. */
import { copied } from "./leaves.js";
import type { Call } from "./subject.js";

/** How a call ended. */
export type Run =
  | { readonly kind: "returned"; readonly value: unknown; readonly draws: number }
  | { readonly kind: "thrown"; readonly error: string };

/** Calls with a copy of the arguments. */
export function run(call: Call, args: readonly unknown[]): Run {
  return runOn(call, copied(args));
}

/** Calls with these very arguments, and with `Math.random` drawing the same numbers every time. */
export function runOn(call: Call, args: readonly unknown[]): Run {
  const random = Math.random;
  let draws = 0;
  Math.random = () => {
    draws++;
    return (draws * 0.6180339887498949) % 1;
  };
  try {
    return { kind: "returned", value: call(...args), draws };
  } catch (error) {
    return {
      kind: "thrown",
      error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    };
  } finally {
    Math.random = random;
  }
}

/** Equal but for rounding. NaN is near nothing. */
export function near(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-3);
}
