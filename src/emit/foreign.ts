/** Calls whose text comes from the source. */
import type { Atom, Foreign } from "../ir/types.js";
import { type Code, precedence } from "./code.js";

/** The text of the call with the arguments in their places. */
export function foreignCall({ callee, args }: Foreign, write: (arg: Atom) => Code): Code {
  const [opening = "", ...parts] = callee.text;
  const text = parts.reduce((before, part, i) => {
    const arg = args[i];
    const { text: written = "" } = arg === undefined ? {} : write(arg);
    // `{ x: x }` is written `{ x }`.
    const key = /[{,]\s*(\w+): $/u.exec(before)?.[1];
    const opened = key === written ? before.slice(0, -(key.length + 2)) : before;
    return `${opened}${written}${part}`;
  }, opening);
  return { text, precedence: precedence.member };
}
