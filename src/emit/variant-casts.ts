/** Casts of objects of a union to the kinds that the tests around have left, where TypeScript does not see it. */
import type { Atom, Shape, Value } from "../ir/types.js";
import { enumsIn } from "../ir/shapes.js";
import { propertyOf } from "../ir/variant-cells.js";
import { namedOf } from "./narrowing.js";
import type { TypeTexts } from "./types.js";

/** The kinds that are left, as far as TypeScript sees it too. */
export type Left = ReadonlySet<string> | undefined;

/** The object as one that has the field, where the tests around do not tell that it does. */
export function asVariant(ref: Value, field: string, object: string, left: Left, types: TypeTexts): string {
  const named = namedOf(ref);
  if (named === null) return object;
  const having = named.variants.filter(({ fields }) => fields.some(({ name }) => name === field));
  const isDeclared = left !== undefined || named.declared === undefined || named.declared.includes(field);
  const isTold =
    isDeclared &&
    left?.size !== 0 &&
    named.variants.every(
      (variant) => having.includes(variant) || (left !== undefined && !left.has(variant.name)),
    );
  if (isTold) return object;
  // Where the tests around have it that the object is of another kind, the code is never reached.
  const isOther = left !== undefined && !having.some(({ name }) => left.has(name));
  const own = ref.type.kind === "ref" ? ` as ${types.value(ref.type)}` : "";
  const whole = isOther ? own : "";
  return `(${withoutCast(object, own)}${whole} as ${types.variants(named, having)})`;
}

/** One cast is enough. */
function withoutCast(object: string, cast: string): string {
  const end = `${cast})`;
  return cast !== "" && object.startsWith("(") && object.endsWith(end)
    ? object.slice(1, -end.length)
    : object;
}

/** An argument that is to be of some kinds: its type where it has to be cast to it, null where it is told. */
export function castArgument(
  arg: Value,
  wanted: readonly string[],
  left: Left,
  types: TypeTexts,
): string | null {
  const named = namedOf(arg);
  if (named === null) return null;
  if (left !== undefined && left.size > 0 && [...left].every((name) => wanted.includes(name))) return null;
  return types.variants(
    named,
    named.variants.filter(({ name }) => wanted.includes(name)),
  );
}

/** The kinds that an object of that shape, which is no union itself, may be; undefined where the atom is of one kind anyway. */
export function variantsOfShape(atom: Atom, shape: Shape): readonly string[] | undefined {
  const named = atom.kind === "value" ? namedOf(atom) : null;
  if (named === null || named.variants.length < 2 || shape.kind !== "object" || shape.named !== undefined)
    return undefined;
  const wanted = named.variants.filter(({ test, fields }) =>
    shape.fields.every(
      ({ name, shape: cell }) =>
        fields.some((field) => propertyOf(field.name) === name) &&
        (test.kind !== "tag" || test.field !== name || isTold(cell, test.values)),
    ),
  );
  return wanted.length === 0 ? undefined : wanted.map(({ name }) => name);
}

/** The cell holds these words, as far as its type says. */
function isTold(cell: Shape, words: readonly unknown[]): boolean {
  if (cell.kind !== "string" || cell.literals === undefined || enumsIn(cell).length > 0) return true;
  const known = cell.literals.split(" | ");
  return words.every((word) => known.includes(JSON.stringify(word)));
}
