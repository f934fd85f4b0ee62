/**
 * Companions: functions that are called, and not inlined, come as a forward part that returns, beside the value, the
 * function that runs the reverse sweep. It takes the cotangent of the value and gives those of the parameters that are
 * numbers; those of memory are added to shadows, which the forward part is given with the memory.
 */
import { opened } from "../ir/boxes.js";
import { type Analysed, returned } from "../analysis/program.js";
import type { Activity } from "../analysis/activity.js";
import { type Builder, declared } from "../ir/builder.js";
import { regionOf } from "../ir/places.js";
import type { Atom, Call, Func, Param, RefType, Result, Shape, Value, ValueId } from "../ir/types.js";
import { invariant } from "../support/invariant.js";
import { gradientShape } from "../ir/gradient-shapes.js";
import { isMemory, unfolded } from "../ir/shapes.js";
import type { ShadowRegions } from "./shadow-memory.js";
import { findShadowed } from "./shadowed.js";

export interface Companion {
  /** Of the emitted function. */
  readonly name: string;
  /** What the user has written. */
  readonly analysed: Analysed;
  /** Parameters, by position, whose shadows are handed over behind all parameters. */
  readonly shadowed: readonly number[];
  /** Parameters that are numbers and have a cotangent, in the order in which they are given. */
  readonly numbers: readonly { readonly index: number; readonly name: string }[];
  /** The result is a number that has a cotangent. */
  readonly takesCotangent: boolean;
  /** The result is memory that has a shadow. */
  readonly returnsShadow: boolean;
  /** The type of the function that runs the reverse sweep. */
  readonly backward: RefType;
}

/** By the names of the functions that they are of. */
export type Companions = ReadonlyMap<string, Companion>;

export function planCompanions(analysed: readonly Analysed[]): Companions {
  return new Map(
    analysed.flatMap((each) =>
      each.summary === null ? [] : [[each.func.name, planCompanion(each)] as const],
    ),
  );
}

function planCompanion(analysed: Analysed): Companion {
  const { func, activity } = analysed;
  const isShadowed = findShadowed(analysed);
  const shadowed = positions(func, ({ value }) => isShadowed(value));
  const numbers = positions(
    func,
    (param) => activity.active.has(param.value.id) && regionOf(param.value) === null,
  ).map((index) => ({ index, name: `d${func.params[index]?.name ?? ""}` }));
  const results = returned(func, 0);
  const takesCotangent = results.some(
    (atom) => atom.kind === "value" && regionOf(atom) === null && activity.active.has(atom.id),
  );
  const returnsShadow = results.some((atom) => isShadowed(atom));
  const names = numbers.length > 1 ? numbers.map(({ name }) => name) : null;
  const given =
    names === null
      ? numbers.length === 0
        ? "void"
        : "number"
      : `{ ${names.map((name) => `${name}: number`).join("; ")} }`;
  const spelling = `(${takesCotangent ? "dvalue: number" : ""}) => ${given}`;
  const backward: RefType = {
    kind: "ref",
    shape: { kind: "object", fields: [], spelling },
    region: -1,
    lambda: names,
  };
  return {
    name: `${func.name}_forward`,
    ...{ analysed, shadowed, numbers, takesCotangent, returnsShadow, backward },
  };
}

function positions(func: Func, holds: (param: Param) => boolean): readonly number[] {
  return func.params.flatMap((param, index) => (holds(param) ? [index] : []));
}

/** The companion that runs in place of the call; null where nothing of it has a cotangent. */
export function companionOf(
  companions: Companions,
  activity: Activity,
  { callee, outs, writes }: Call,
  isShadowed: (ref: Atom) => boolean,
): Companion | null {
  const companion = callee.kind === "function" ? companions.get(callee.name) : undefined;
  if (companion === undefined) return null;
  const { shadowed, numbers, takesCotangent, returnsShadow } = companion;
  if (shadowed.length === 0 && numbers.length === 0 && !returnsShadow) return null;
  const comes = outs.some((out) => (takesCotangent && activity.active.has(out.id)) || isShadowed(out));
  return comes || writes.some((region) => activity.isActiveRegion(region)) ? companion : null;
}

/** The shadows of the parameters, as further parameters. */
export function shadowParams(
  { shadowed, analysed: { func } }: Companion,
  builder: Builder,
  regions: ShadowRegions,
): { readonly params: readonly Param[]; readonly given: ReadonlyMap<ValueId, Value> } {
  const given = new Map<ValueId, Value>();
  const params = shadowed.map((index): Param => {
    const param = func.params[index];
    const type = param === undefined ? null : regions.type(param.value.type);
    invariant(param !== undefined && type !== null, "reverse", "a shadow of a parameter without numbers");
    const name = `d${param.name}`;
    const value = builder.value(type, { hint: declared(name) });
    given.set(param.value.id, value);
    const { variants } = param;
    return { value, name, wrt: false, ...(variants === undefined ? {} : { variants }) };
  });
  return { params, given };
}

/** Where nothing is returned, there is no shadow either. */
export function shadowShape(shape: Shape): Shape | null {
  const inner = gradientShape(shape.kind === "maybe" ? shape.shape : shape);
  if (inner === null || inner.kind === "maybe" || !isMemory(unfolded(inner))) return null;
  return opened(shape.kind === "maybe" ? { ...shape, shape: inner } : inner);
}

/** What the forward part returns. */
export function resultsOf({ analysed: { func }, returnsShadow, backward }: Companion): readonly Result[] {
  const [value] = func.results;
  const shape = value === undefined || !returnsShadow ? null : shadowShape(value.shape);
  const shadow: Result[] = shape === null ? [] : [{ name: "dvalue", shape }];
  return [...func.results, ...shadow, { name: "backward", shape: backward.shape }];
}
