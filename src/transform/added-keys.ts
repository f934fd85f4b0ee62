/** `dprices[key] += dcopy[key]` for what lies under the keys of a copy. */
import { isClosed } from "../ir/closed-records.js";
import { type Builder, type Origin, bool, int, suggested, text, whole } from "../ir/builder.js";
import { asked } from "../ir/places.js";
import type { KeyedShape } from "../ir/shapes.js";
import type { Atom, MemoryShape, ScalarType, Step, Value } from "../ir/types.js";
import { mapKeys, objectKeys } from "../ops/steering.js";

/** The step to each key that the shadow of the copy has and that of the original has too, which may not be that of later ones. */
export function forEachKey(
  builder: Builder,
  { target, source }: { readonly target: Value; readonly source: Value },
  shape: KeyedShape,
  origin: Origin,
  add: (step: Step) => void,
): void {
  if (isClosed(shape)) {
    for (const name of shape.names) add({ kind: "index", index: text(name) });
    return;
  }
  const type: ScalarType = { kind: shape.key === "number" ? "int" : "string" };
  const list: MemoryShape = { kind: "array", element: type, storage: "Array" };
  const op = shape.storage === "Record" ? objectKeys : mapKeys;
  const keys = builder.alloc(
    list,
    { kind: "listing", op, args: [source] },
    { ...origin, hint: suggested("keys") },
  );
  forEachElement(builder, keys, origin, (index) => {
    const key = builder.load(keys, { kind: "index", index }, type, { ...origin, hint: suggested("key") });
    const step = { kind: "index", index: key } as const;
    const isThere = builder.load(target, asked(target, step), bool, origin);
    const put = builder.block(() => {
      add(step);
      return { kind: "yield", values: [] };
    });
    const skip = builder.block(() => ({ kind: "yield", values: [] }));
    builder.if(isThere, put, skip, [], origin.statement ?? null);
    return [];
  });
}

/** `for (let i = 0; i < memory.length; i++)`. */
export function forEachElement(
  builder: Builder,
  memory: Value,
  origin: Origin,
  fill: (index: Value) => readonly Atom[],
  carried: readonly { readonly init: Atom; readonly param: Value; readonly out: Value }[] = [],
): void {
  const zero: Atom = whole(0);
  const index = builder.value(int, { hint: suggested("i"), sweep: "backward" });
  const length = builder.load(memory, { kind: "field", name: "length" }, int, origin);
  const body = builder.block(() => ({
    kind: "yield",
    values: [{ kind: "literal", type: { kind: "bool" }, value: true, spelling: "true" }, ...fill(index)],
  }));
  const head = { kind: "counted", index, from: zero, comparison: "<", to: length, step: 1 } as const;
  builder.loop(head, carried, body, origin.statement ?? null, "backward");
}
