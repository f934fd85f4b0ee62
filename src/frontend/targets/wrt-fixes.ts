/** Changes to the names behind `wrt` that may be what is meant. */
import type { Fix } from "../../diagnostics/diagnostic.js";
import type { Span } from "../../ir/types.js";
import { nearest } from "../../support/nearest.js";

/** Takes a name out of the list, with the comma that belongs to it. */
export function withoutName(text: string, name: string, { start, end }: Span, isSafe: boolean): Fix {
  const behind = /^\s*,[^\S\n]*/.exec(text.slice(end))?.[0];
  const before = /,?[^\S\n]*$/.exec(text.slice(0, start))?.[0] ?? "";
  const range =
    behind === undefined ? { start: start - before.length, end } : { start, end: end + behind.length };
  return { title: `Take \`${name}\` out`, ...range, text: "", isSafe };
}

/** Puts the nearest of the known names in place of one that is unknown; any of them where none is near. */
export function otherNames(wanted: string, known: readonly string[], { start, end }: Span): readonly Fix[] {
  const near = nearest(wanted, known);
  const names = near === null ? known : [near];
  return names.map((name) => ({ title: `Write \`${name}\``, start, end, text: name, isSafe: false }));
}
