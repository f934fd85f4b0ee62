/** TSAD1xxx: valid TypeScript that tsad does not handle, because of what is in memory. */
import { entriesOf } from "./entry.js";

const unsupported = entriesOf("unsupported");

export const unsupportedDataEntries = {
  hiddenField: unsupported(
    "TSAD1071",
    "Field that the type of an object does not tell of",
    { code: "(shape as Circle).r", name: "r" },
    ({ code, name }) =>
      `\`${code}\` uses the field \`${name}\` of an object whose own type, before it was cast, has none: whether it is there, and what it holds, is not known.`,
    ({ name }) =>
      `Declare the object to be of a type that has \`${name}\`, if need be as one of a union, wherever it is handed on.`,
  ),
  changingComparison: unsupported(
    "TSAD1072",
    "Comparison that does more than compare",
    { code: "xs.sort((a, b) => (count++, a - b))", effect: "assigns `count`" },
    ({ code, effect }) =>
      `The comparison of \`${code}\` ${effect}: how often it is called, and for what, is up to the engine that sorts.`,
    () =>
      "Let it only compare, and do the rest in a loop of its own. For a random order, draw a number for each element first, `const keys = xs.map(() => Math.random())`, and sort by these.",
  ),
};
