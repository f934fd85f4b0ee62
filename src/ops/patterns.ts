/** Regular expressions, which stand among the arguments of operations on strings as text that begins with a mark. */
import type { Scalar } from "../ir/op.js";

const mark = "\u0000";

/** What stands for the literal. */
export function patternText(literal: string): string {
  return `${mark}${literal}`;
}

/** The pattern, or the text itself. */
export function patternFrom(scalar: Scalar): string | RegExp {
  const text = String(scalar);
  if (!text.startsWith(mark)) return text;
  const end = text.lastIndexOf("/");
  return new RegExp(text.slice(mark.length + 1, end), text.slice(end + 1));
}

/** What the pattern finds from there on. */
export function execFrom(pattern: Scalar, from: Scalar, text: Scalar): RegExpExecArray | null {
  return Object.assign(new RegExp(patternFrom(pattern)), { lastIndex: Number(from) }).exec(String(text));
}
