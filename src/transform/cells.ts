/**
 * The gradient's places: a slot for each differentiated parameter and each of its cells that is read, and the shape of
 * what is returned for it.
 */
import type { Definitions } from "../analysis/definitions.js";
import { declared, suggested } from "../ir/builder.js";
import { forEachInstr } from "../ir/visit.js";
import type { Atom, Func, Hint, Load, MemoryShape, Param, Shape, Step, Value } from "../ir/types.js";
import { narrow } from "../ops/scalar.js";
import type { Slot } from "./slots.js";

/** The cell of a parameter that a load reads. */
export interface Cell {
  readonly param: Param;
  /** Keys of fields and elements from the parameter down. */
  readonly path: readonly string[];
}

/** Follows a reference to the parameter it belongs to; null where it belongs to none. */
export function cellOf(func: Func, definitions: Definitions, load: Load): Cell | null {
  const path = [stepKey(load.place.step)];
  let ref: Value = load.place.ref;
  for (;;) {
    const instr = definitions.of.get(ref.id)?.instr;
    if (instr === null) {
      const param = func.params.find((candidate) => candidate.value.id === ref.id);
      return param === undefined ? null : { param, path: path.reverse() };
    }
    if (instr?.kind === "load") {
      path.push(stepKey(instr.place.step));
      ref = instr.place.ref;
      continue;
    }
    const [source] = instr?.kind === "apply" ? instr.args : [];
    if (source?.kind !== "value") return null;
    ref = source;
  }
}

/** The slot of a parameter that is a number, or of one of its cells. */
export function cellSlot(param: Param, path: readonly string[], lines: number): Slot {
  const text = [`d${param.name}`, ...path].join("_");
  // A cell that one line reads is written straight into the gradient's literal.
  const hint: Hint = path.length === 0 || lines > 1 ? declared(text) : suggested(text);
  return { key: cellKey(param, path), hint };
}

export function cellKey(param: Param, path: readonly string[]): string {
  return [`p${String(param.value.id)}`, ...path].join(".");
}

/** In how many of the user's lines each cell is used, by the key of its slot. */
export function countLines(func: Func, definitions: Definitions): ReadonlyMap<string, number> {
  const keys = new Map<number, string>();
  const lines = new Map<string, Set<number>>();
  const meet = (atom: Atom, line: number): void => {
    const key = atom.kind === "value" ? keys.get(atom.id) : undefined;
    if (key !== undefined) lines.get(key)?.add(line);
  };
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "load") {
      const cell = cellOf(func, definitions, instr);
      if (cell === null) return;
      const key = cellKey(cell.param, cell.path);
      keys.set(instr.out.id, key);
      if (!lines.has(key)) lines.set(key, new Set());
      // A declared variable is the one reader; an unnamed load is read by those who use it.
      if (instr.out.hint?.declared === true) lines.get(key)?.add(instr.out.statement?.id ?? -1);
    } else if (instr.kind === "apply") {
      for (const arg of instr.args) meet(arg, instr.out.statement?.id ?? -1);
      const [source] = instr.args;
      if (instr.op === narrow && source?.kind === "value") {
        const key = keys.get(source.id);
        if (key !== undefined) keys.set(instr.out.id, key);
      }
    } else if (instr.kind === "if") {
      for (const arm of [instr.consequent, instr.alternate]) {
        if (arm.end.kind === "yield")
          for (const atom of arm.end.values) meet(atom, instr.statement?.id ?? -1);
      }
    }
  });
  return new Map([...lines].map(([key, set]) => [key, set.size]));
}

/** The shape of the gradient with respect to something of this shape; null where it holds no numbers. */
export function gradientShape(shape: Shape): Exclude<Shape, { kind: "maybe" | "opaque" }> | null {
  switch (shape.kind) {
    case "real":
      return shape;
    case "maybe":
      return gradientShape(shape.shape);
    case "object": {
      const fields = shape.fields.flatMap(({ name, shape: inner }) => {
        const gradient = gradientShape(inner);
        return gradient === null ? [] : [{ name, shape: gradient }];
      });
      return fields.length === 0 ? null : { kind: "object", fields };
    }
    case "tuple": {
      const elements = shape.elements.map(
        (element) => gradientShape(element) ?? { kind: "nothing" as const },
      );
      return shape.elements.some((element) => gradientShape(element) !== null)
        ? { kind: "tuple", elements }
        : null;
    }
    case "array": {
      const element = gradientShape(shape.element);
      return element === null ? null : { ...shape, element };
    }
    case "int":
    case "bool":
    case "string":
    case "nothing":
    case "opaque":
      return null;
  }
}

export function isMemory(shape: Shape): shape is MemoryShape {
  return shape.kind === "object" || shape.kind === "tuple" || shape.kind === "array";
}

function stepKey(step: Step): string {
  if (step.kind === "field") return step.name;
  return step.index.kind === "literal" ? String(step.index.value) : "?";
}
