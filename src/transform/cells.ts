/**
 * The gradient's places: a slot for each differentiated parameter and each of its cells that is read, and the shape of
 * what is returned for it.
 */
import { regionOf } from "../ir/places.js";
import type { Definitions } from "../analysis/definitions.js";
import { declared, suggested } from "../ir/builder.js";
import { isEndless } from "../ir/gradient-shapes.js";
import { isWhole, shapeOfType } from "../ir/shapes.js";
import { endAtoms, forEachBlock, forEachInstr, initAtoms } from "../ir/visit.js";
import type { Apply, Atom, Func, Hint, Load, MemoryShape, Param, Shape, Step, Value } from "../ir/types.js";
import { narrow } from "../ops/scalar.js";
import type { Slot } from "./slots.js";

/** The cell of a parameter that a load reads. */
export interface Cell {
  readonly param: Param;
  /** Keys of fields and elements from the parameter down. */
  readonly path: readonly string[];
}

/**
 * The differentiated parameters whose cells are slots: objects and tuples that are only read, cell by cell and under
 * known keys. An array inside of one has a shadow of its own.
 */
export function findSlotParams(func: Func, definitions: Definitions): ReadonlySet<Param> {
  const slots = new Map(
    func.params.flatMap((param) => (param.wrt ? [[param.value.id, param] as const] : [])),
  );
  const access = (atom: Atom): void => {
    const path = referencePath(atom);
    if (path !== null && !crossesArray(path.root, path.keys, true)) slots.delete(path.root.id);
  };
  // The shadow of what is kept or chosen is made by the forward sweep, an array's included.
  const escape = (atom: Atom): void => {
    const path = referencePath(atom);
    if (path !== null) slots.delete(path.root.id);
  };
  const referencePath = (atom: Atom): ReturnType<typeof pathOf> =>
    atom.kind === "literal" || regionOf(atom) === null ? null : pathOf(definitions, atom);
  forEachInstr(func.body, (instr) => {
    switch (instr.kind) {
      case "load":
        if (instr.place.step.kind === "index" && instr.place.step.index.kind === "value")
          access(instr.place.ref);
        return;
      case "apply":
        if (!isTransparent(instr)) instr.args.forEach(escape);
        return;
      case "store":
        access(instr.place.ref);
        escape(instr.value);
        return;
      case "alloc":
        // What is copied is only read, cell by cell.
        if (instr.init.kind === "clone") return;
        initAtoms(instr.init).forEach(escape);
        return;
      case "push":
        escape(instr.value);
        return;
      case "foreign":
        if (instr.callee.rule !== null) instr.args.forEach(escape);
        return;
      case "call":
        instr.args.forEach(escape);
        return;
      case "loop":
        instr.carried.forEach(({ init }) => {
          escape(init);
        });
        return;
      default:
        return;
    }
  });
  forEachBlock(func.body, ({ end }) => {
    endAtoms(end).forEach(escape);
  });
  return new Set(slots.values());
}

function isTransparent(instr: Apply): boolean {
  return instr.op === narrow || instr.out.type.kind === "bool";
}

/** The cell of a parameter with slots that a load reads; null for other memory. */
export function cellOf(slots: ReadonlySet<Param>, definitions: Definitions, load: Load): Cell | null {
  const path = pathOf(definitions, load.out);
  if (path === null) return null;
  const param = [...slots].find((candidate) => candidate.value.id === path.root.id);
  if (param === undefined || crossesArray(path.root, path.keys, false)) return null;
  return { param, path: path.keys };
}

/** From a parameter down to a value that is loaded from it under known keys; null for anything else. */
function pathOf(
  definitions: Definitions,
  value: Value,
): { readonly root: Value; readonly keys: readonly string[] } | null {
  const keys: string[] = [];
  let at = value;
  for (;;) {
    const definition = definitions.of.get(at.id);
    if (definition === undefined) return null;
    const { instr } = definition;
    if (instr === null) return { root: at, keys: keys.reverse() };
    if (instr.kind === "load") {
      keys.push(stepKey(instr.place.step));
      at = instr.place.ref;
      continue;
    }
    if (instr.kind !== "apply" || instr.op !== narrow) return null;
    const [source] = instr.args;
    if (source?.kind !== "value") return null;
    at = source;
  }
}

/**
 * The path leads through an array, or (`whole`) to one: an array has a shadow, and so has all that is in it. The same
 * goes for a union, and for what contains itself.
 */
function crossesArray(root: Value, keys: readonly string[], whole: boolean): boolean {
  let cell: Shape | null = shapeOfType(root.type);
  for (const key of keys) {
    if (cell === null || isWholeCell(cell)) return true;
    const shape = bare(cell);
    if (shape.kind === "object") cell = shape.fields.find(({ name }) => name === key)?.shape ?? null;
    else if (shape.kind === "tuple") cell = shape.elements[Number(key)] ?? null;
    else return true;
  }
  return whole && cell !== null && isWholeCell(cell);
}

/** What lies there has one shadow for all that is in it; so has what may be missing, where zeros for it have no end. */
export function isWholeCell(cell: Shape): boolean {
  return isWhole(bare(cell)) || (cell.kind === "maybe" && isEndless(cell.shape));
}

function bare(shape: Shape): Exclude<Shape, { kind: "maybe" }> {
  return shape.kind === "maybe" ? shape.shape : shape;
}

/** The slot of a parameter that is a number, or of one of its cells. */
export function cellSlot(param: Param, path: readonly string[], lines: number): Slot {
  const text = [`d${param.name}`, ...path].join("_");
  // A cell that one line reads is written straight into the gradient's literal.
  const hint: Hint = path.length === 0 || lines > 1 ? declared(text) : suggested(text);
  return { key: cellKey(param, path), hint, home: null };
}

export function cellKey(param: Pick<Param, "value">, path: readonly string[]): string {
  return [`p${String(param.value.id)}`, ...path].join(".");
}

/** In how many of the user's lines each cell is used, by the key of its slot. */
export function countLines(
  func: Func,
  slots: ReadonlySet<Param>,
  definitions: Definitions,
): ReadonlyMap<string, number> {
  const keys = new Map<number, string>();
  const lines = new Map<string, Set<number>>();
  const meet = (atom: Atom, line: number): void => {
    const key = atom.kind === "value" ? keys.get(atom.id) : undefined;
    if (key !== undefined) lines.get(key)?.add(line);
  };
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "load") {
      const cell = cellOf(slots, definitions, instr);
      if (cell === null) return;
      const key = cellKey(cell.param, cell.path);
      if (!lines.has(key)) lines.set(key, new Set());
      // A declared variable is the one reader; an unnamed load is read by those who use it.
      if (instr.out.hint?.declared === true) lines.get(key)?.add(instr.out.statement?.id ?? -1);
      else keys.set(instr.out.id, key);
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

/** The cells of an object or a tuple, with their shapes; an array has none that are known. */
export function cellsOf(shape: MemoryShape): readonly (readonly [string, Shape])[] {
  switch (shape.kind) {
    case "object":
      return shape.fields.map((field) => [field.name, field.shape] as const);
    case "tuple":
      return shape.elements.map((element, position) => [String(position), element] as const);
    case "array":
      return [];
  }
}

function stepKey(step: Step): string {
  if (step.kind === "field") return step.name;
  return step.index.kind === "literal" ? String(step.index.value) : "?";
}
