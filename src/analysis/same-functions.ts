/** What is known of functions that several targets of a file call: of each of these once. */
import { print } from "../ir/print.js";
import type { Func, Span } from "../ir/types.js";

/** A target, and where the functions that it calls are written, by their names. */
export interface Caller {
  readonly func: Func;
  readonly sources: ReadonlyMap<string, { readonly span: Span }>;
}

/**
 * By target and by name, with one fact for all that come from the same function under the same name; with `tell`, for those
 * that it tells nothing different of.
 */
export function sharedFacts<T>(
  callers: readonly Caller[],
  make: () => T,
  tell: (func: Func) => string = () => "",
): ReadonlyMap<Func, ReadonlyMap<string, T>> {
  const known = new Map<string, T>();
  return new Map(
    callers.map(({ func, sources }, index) => {
      const own = new Map<string, T>();
      for (const [name, callee] of func.callees ?? []) {
        const span = sources.get(name)?.span;
        const where = span === undefined ? String(index) : `${span.file} ${String(span.start)}`;
        const key = `${name} ${where} ${tell(callee)}`;
        const found = known.get(key) ?? make();
        known.set(key, found);
        own.set(name, found);
      }
      return [func, own] as const;
    }),
  );
}

/** The function as text, with its values, regions and statements numbered from the start. */
export function textOf(func: Func): string {
  const numbers = new Map<string, string>();
  return print(func).replaceAll(/[%#;] ?\d+/gu, (id) => {
    const number = numbers.get(id) ?? `${id.charAt(0)}${String(numbers.size)}`;
    numbers.set(id, number);
    return number;
  });
}
