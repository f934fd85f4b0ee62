/** What stands in memory for functions that may be in one place. */
import type { ObjectShape, Variant } from "../../ir/types.js";
import type { Variation } from "./function-texts.js";

/** What the only one sees, or a union with a variant for each of them. */
export function shapeOfFamily(
  functions: number,
  variations: readonly Variation[],
  isKnotted: boolean,
  nameOf: () => string,
): ObjectShape {
  const [only, ...more] = variations;
  if (only !== undefined && more.length === 0 && !isKnotted)
    return { kind: "object", fields: [...only.cells.values()], functions };
  const name = nameOf();
  const variants = variations.map(({ word, tag, cells }): Variant => {
    const fields = [...cells.values()];
    if (word === null) return { name, fields, test: { kind: "rest" } };
    const test = { kind: "tag", field: tag, values: [word], isEnum: false } as const;
    return { name: `${name}.${word}`, fields: [{ name: tag, shape: { kind: "string" } }, ...fields], test };
  });
  const fields = new Map(
    variants.flatMap((variant) => variant.fields.map((field) => [field.name, field] as const)),
  );
  const named = { name, variants, isPlain: true, gradientOf: null };
  return { kind: "object", fields: [...fields.values()], named, functions };
}
