/** Names in the records of functions: of their cells, of the cell for the tag, and of what the tag says. */
import type { Field, Shape } from "../../ir/types.js";
import { capitalized } from "../types/named-types.js";
import type { KeptText, Slot } from "./function-texts.js";
import { sameShape } from "../memory.js";

/** Cells of one name hold one kind of thing in all functions of a family. */
export function apartFrom(
  all: readonly ReadonlyMap<Slot, Field>[],
  own: ReadonlyMap<Slot, Field>,
  word: string,
): ReadonlyMap<Slot, Field> {
  const isShared = (field: Field): boolean =>
    all.every((cells) =>
      [...cells.values()].every(({ name, shape }) => name !== field.name || isSameCell(shape, field.shape)),
    );
  return new Map(
    [...own].map(([slot, field]) => [
      slot,
      isShared(field) ? field : { ...field, name: `${word}${capitalized(field.name)}` },
    ]),
  );
}

function isSameCell(a: Shape, b: Shape): boolean {
  return sameShape(a, b) && (a.kind !== "maybe" || (b.kind === "maybe" && sameShape(a.shape, b.shape)));
}

/** A name for the cell of the tag that nothing else has. */
export function tagFor(cells: readonly ReadonlyMap<Slot, Field>[]): string {
  const taken = new Set(cells.flatMap((each) => [...each.values()].map(({ name }) => name)));
  return ["kind", "type", "callback"].find((name) => !taken.has(name)) ?? "tsadFunction";
}

/** By their names; members of one name, by those of their objects. */
function ownWords(texts: readonly KeptText[]): readonly string[] {
  const words = texts.map(({ name }) => name ?? "callback");
  const owned = texts.map(({ owner }, i) => owner ?? words[i] ?? "");
  return new Set(words).size < words.length && new Set(owned).size === owned.length ? owned : words;
}

export function wordsFor(texts: readonly KeptText[]): readonly string[] {
  const words = ownWords(texts);
  return words.map((word, i) => {
    const isOne = words.filter((each) => each === word).length === 1;
    const before = words.slice(0, i).filter((each) => each === word).length;
    return isOne ? word : `${word}${String(before + 1)}`;
  });
}
