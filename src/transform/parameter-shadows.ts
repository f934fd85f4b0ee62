/** The shadows of a differentiated parameter: one for the whole, or one for each array inside of it. */
import type { Definitions } from "../analysis/definitions.js";
import { type Builder, type Origin, declared, number } from "../ir/builder.js";
import { gradientShape } from "../ir/gradient-shapes.js";
import { isMemory, isWhole, shapeOfType, typeOfShape } from "../ir/shapes.js";
import { forEachInstr } from "../ir/visit.js";
import type { Block, Func, Param, Shape, Step, Type, Value } from "../ir/types.js";
import { isNullish, narrow } from "../ops/scalar.js";
import { cellKey, cellOf, cellsOf, isWholeCell } from "./cells.js";
import { type ShadowRegions, absent, allocateZeros } from "./shadow-memory.js";

export interface ParameterFacts {
  readonly builder: Builder;
  readonly regions: ShadowRegions;
  /** Parameters whose cells are slots. */
  readonly slots: ReadonlySet<Param>;
  /** The types under which the function reads cells, by their keys: shadows lie in the shadows of their regions. */
  readonly cellTypes: ReadonlyMap<string, Type>;
}

/** Allocates them, but for those that are there already; they are handed over with their paths from the parameter down. */
export function allocateParameter(
  facts: ParameterFacts,
  param: Param,
  sweep: "forward" | "backward",
  isServed: (path: readonly string[]) => boolean,
  take: (path: readonly string[], shadow: Value) => void,
): void {
  const { builder, regions, slots, cellTypes } = facts;
  visit(param.value, []);

  function visit(ref: Value, path: readonly string[]): void {
    const type = ref.type.kind === "maybe" ? ref.type.type : ref.type;
    if (type.kind !== "ref" || gradientShape(type.shape) === null || isServed(path)) return;
    if (isWholeCell(shapeOfType(ref.type)) || !slots.has(param)) {
      const hint = declared([`d${param.name}`, ...path].join("_"));
      take(path, allocateZeros(builder, regions, ref, { hint, sweep }));
      return;
    }
    for (const [key, inner] of cellsOf(type.shape)) {
      if (!containsWhole(inner)) continue;
      const step =
        type.shape.kind === "object"
          ? ({ kind: "field", name: key } as const)
          : ({ kind: "index", index: number(Number(key)) } as const);
      const below = [...path, key];
      const found = cellTypes.get(cellKey(param, below)) ?? typeOfShape(inner, builder);
      visit(loadIn(builder, ref, step, found, { sweep }), below);
    }
  }
}

/** A cell of what may be missing is missing with it. */
function loadIn(builder: Builder, ref: Value, step: Step, type: Type, origin: Origin): Value {
  if (ref.type.kind !== "maybe") return builder.load(ref, step, type, origin);
  const inner = ref.type.type;
  const missing: Block = { instrs: [], end: { kind: "yield", values: [absent] } };
  const found = builder.block(() => {
    const present = builder.apply(narrow, [ref], origin, inner);
    return { kind: "yield", values: [builder.load(present, step, type, origin)] };
  });
  const whole: Type =
    type.kind === "nothing"
      ? type
      : type.kind === "maybe"
        ? { ...type, none: undefined }
        : { kind: "maybe", type, none: "undefined" };
  const out = builder.value(whole, origin);
  builder.if(builder.apply(isNullish, [ref], origin), missing, found, [out], null);
  return out;
}

/** The types of the cells that are read. */
export function findCellTypes(
  func: Func,
  slots: ReadonlySet<Param>,
  definitions: Definitions,
): ReadonlyMap<string, Type> {
  const types = new Map<string, Type>();
  forEachInstr(func.body, (instr) => {
    const cell = instr.kind === "load" ? cellOf(slots, definitions, instr) : null;
    if (cell !== null && instr.kind === "load") types.set(cellKey(cell.param, cell.path), instr.out.type);
  });
  return types;
}

function containsWhole(shape: Shape): boolean {
  if (shape.kind === "maybe") return containsWhole(shape.shape);
  if (isWhole(shape)) return gradientShape(shape) !== null;
  return isMemory(shape) && cellsOf(shape).some(([, inner]) => containsWhole(inner));
}
