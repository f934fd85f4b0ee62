/**
 * Every diagnostic of tsad, once.
 *
 * To add one: write an entry under the next free number of its thousand, with a title, an example of its arguments
 * (from which their types are inferred, and with which `docs/diagnostics.md` is written), the message and the help.
 * Then `diagnostics.report("yourEntry", node, { … })` compiles with just these arguments. The message says what is
 * wrong and why, the help what to do instead; both are full clauses, with code in backticks.
 *
 *     TSAD1xxx  unsupported: valid TypeScript that tsad does not handle (yet)
 *     TSAD2xxx  invalid: no derivative can exist, or the tag says something impossible
 *     TSAD3xxx  config: files, options, tsconfig
 *     TSAD4xxx  warning: compiles, but probably not to what is wanted
 */
import { configEntries } from "./entries/config.js";
import type { Entry } from "./entries/entry.js";
import { invalidEntries } from "./entries/invalid.js";
import { unsupportedEntries } from "./entries/unsupported.js";
import { unsupportedDataEntries } from "./entries/unsupported-data.js";
import { warningEntries } from "./entries/warnings.js";

const entries = {
  ...unsupportedEntries,
  ...unsupportedDataEntries,
  ...invalidEntries,
  ...configEntries,
  ...warningEntries,
};

export type EntryName = keyof typeof entries;

/** The arguments that an entry's texts take. */
export type EntryArgs<N extends EntryName> = (typeof entries)[N]["example"];

export const catalog: { readonly [N in EntryName]: Entry<EntryArgs<N>> } = entries;
