/**
 * Objects without numbers, in places where others hold some: of the same union, or with `null` where these have a number.
 * They have shadows of what may lie there.
 */
import { type Builder, type Origin, boolean, number, text } from "../ir/builder.js";
import { tagsOf } from "../ir/gradient-shapes.js";
import { isMemory } from "../ir/shapes.js";
import type { Atom, Entry, NamedType, RefType, Shape, Type, Value } from "../ir/types.js";
import { isNullish, narrow } from "../ops/scalar.js";
import { absent } from "./shadow-memory.js";

/** A shadow of the wanted type that says no more than which kind it is; null where it would have to say more. */
export function bareShadow(builder: Builder, bare: Value, wanted: Type | null, origin: Origin): Value | null {
  const type = wanted?.kind === "maybe" ? wanted.type : wanted;
  if (type?.kind !== "ref") return null;
  if (type.shape.kind !== "object" || type.shape.named === undefined)
    return unusedShadow(builder, bare, type, origin);
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

/** Zeros in the form of the wanted type, to which nothing is ever added; missing where the original is. */
function unusedShadow(builder: Builder, bare: Value, type: RefType, origin: Origin): Value {
  if (bare.type.kind !== "maybe") return zerosLike(builder, bare, type, origin);
  const { type: inner, none } = bare.type;
  const unnamed: Origin = { ...origin, hint: null };
  const made = builder.block(() => {
    const present = builder.apply(narrow, [bare], unnamed, inner);
    return { kind: "yield", values: [zerosLike(builder, present, type, unnamed)] };
  });
  const out = builder.value({ kind: "maybe", type, none }, origin);
  const missing = { instrs: [], end: { kind: "yield", values: [absent] } } as const;
  builder.if(builder.apply(isNullish, [bare], unnamed), missing, made, [out], null);
  return out;
}

function zerosLike(builder: Builder, bare: Value, { shape, region }: RefType, origin: Origin): Value {
  const zeroOf = (cell: Shape): Atom => (cell.kind === "real" ? number(0) : absent);
  if (shape.kind === "object" && shape.fields.every((field) => !isMemory(field.shape))) {
    const entries = shape.fields.map(({ name, shape: cell }): Entry => ({ name, value: zeroOf(cell) }));
    return builder.alloc(shape, { kind: "object", entries }, origin, region);
  }
  if (shape.kind === "tuple" && !shape.elements.some(isMemory))
    return builder.alloc(shape, { kind: "elements", elements: shape.elements.map(zeroOf) }, origin, region);
  return builder.alloc(shape, { kind: "zeros", like: bare }, origin, region);
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
