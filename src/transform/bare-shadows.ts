/** Objects without numbers, among others of their union that hold some: they have shadows of that union. */
import { type Builder, type Origin, boolean, number, text } from "../ir/builder.js";
import { tagsOf } from "../ir/gradient-shapes.js";
import { isMemory } from "../ir/shapes.js";
import type { Atom, Entry, NamedType, Type, Value } from "../ir/types.js";

/** A shadow of the wanted type that says no more than which kind it is; null where it would have to say more. */
export function bareShadow(builder: Builder, bare: Value, wanted: Type | null, origin: Origin): Value | null {
  const type = wanted?.kind === "maybe" ? wanted.type : wanted;
  if (type?.kind !== "ref" || type.shape.kind !== "object" || type.shape.named === undefined) return null;
  const { named } = type.shape;
  const source = bare.type.kind === "ref" ? bare.type.shape : null;
  if (source?.kind !== "object") return null;
  const told = source.fields.filter(({ name, shape }) => tagsOf(named).has(name) && !isMemory(shape));
  const entries = told.map(({ name, shape }): Entry => ({
    name,
    value: onlyTag(named, name) ?? builder.load(bare, { kind: "field", name }, shape as Type),
  }));
  return builder.alloc(type.shape, { kind: "object", entries }, origin, type.region);
}

/** The tag of the one kind without numbers. */
function onlyTag({ variants }: NamedType, field: string): Atom | null {
  const [bare, ...more] = variants.filter(({ fields }) => fields.every(({ name }) => name === field));
  if (bare?.test.kind !== "tag" || more.length > 0) return null;
  const [value, ...others] = bare.test.values;
  if (value === undefined || others.length > 0) return null;
  if (typeof value === "string") return text(value);
  return typeof value === "number" ? number(value) : boolean(value);
}
