/**
 * Shadow references: memory that holds the cotangents of an array whose length only the call knows. `dw[i]` stands to
 * `w[i]` as `dw` to `w`; objects and tuples need none, their cells are slots.
 */
import { type Builder, type Origin, declared, number } from "../ir/builder.js";
import type { MemoryShape, Param, Place, Shape, Step, Type, Value } from "../ir/types.js";
import { invariant } from "../support/invariant.js";
import type { Cell } from "./cells.js";
import { gradientShape, isMemory } from "./cells.js";

export class Shadows {
  readonly #builder: Builder;
  readonly #refs = new Map<string, Value>();

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  /** Allocates the shadows of all arrays inside a differentiated parameter. */
  allocate(param: Param): void {
    this.#visit(param, param.value, shapeOf(param.value.type), []);
  }

  /** The cell lies in a shadowed array. */
  has(cell: Cell): boolean {
    return this.#root(cell) !== null;
  }

  /** The shadow of the array at this very path; null where there is none. */
  at(param: Param, path: readonly string[]): Value | null {
    return this.#refs.get(keyOf(param, path)) ?? null;
  }

  /** The shadow's cell for a primal cell. */
  place(cell: Cell, origin: Origin): Place {
    const root = this.#root(cell);
    invariant(root, "shadows", "a cell without a shadow");
    let ref = root.ref;
    const rest = cell.path.slice(root.depth);
    for (const key of rest.slice(0, -1)) {
      const { step, shape } = stepInto(ref, key);
      invariant(isMemory(shape), "shadows", "a step into something that is not memory");
      ref = this.#builder.load(ref, step, { kind: "ref", shape, region: this.#builder.region() }, origin);
    }
    const last = rest.at(-1);
    invariant(last !== undefined, "shadows", "an empty path below a shadow");
    return { ref, step: stepInto(ref, last).step };
  }

  #visit(param: Param, ref: Value, shape: Shape, path: readonly string[]): void {
    if (gradientShape(shape) === null) return;
    if (shape.kind === "maybe") {
      this.#visit(param, ref, shape.shape, path);
    } else if (shape.kind === "array") {
      const hint = declared([`d${param.name}`, ...path].join("_"));
      const gradient = gradientShape(shape);
      invariant(gradient?.kind === "array", "shadows", "the gradient of an array is an array");
      const shadow = this.#builder.alloc(gradient, { kind: "zeros", like: ref }, { hint, sweep: "backward" });
      this.#refs.set(keyOf(param, path), shadow);
    } else if (shape.kind === "object" || shape.kind === "tuple") {
      for (const [key, inner] of cellsOf(shape)) {
        if (!containsArray(inner)) continue;
        const step: Step = shape.kind === "object" ? { kind: "field", name: key } : index(key);
        const child = this.#builder.load(ref, step, typeOf(inner, this.#builder), { sweep: "backward" });
        this.#visit(param, child, inner, [...path, key]);
      }
    }
  }

  #root(cell: Cell): { readonly ref: Value; readonly depth: number } | null {
    for (let depth = 0; depth < cell.path.length; depth++) {
      const ref = this.#refs.get(keyOf(cell.param, cell.path.slice(0, depth)));
      if (ref !== undefined) return { ref, depth };
    }
    return null;
  }
}

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

function containsArray(shape: Shape): boolean {
  if (shape.kind === "maybe") return containsArray(shape.shape);
  if (shape.kind === "array") return true;
  return isMemory(shape) && cellsOf(shape).some(([, inner]) => containsArray(inner));
}

function stepInto(ref: Value, key: string): { readonly step: Step; readonly shape: Shape } {
  const shape = shapeOf(ref.type);
  invariant(isMemory(shape), "shadows", "a step into something that is not memory");
  if (shape.kind === "array") return { step: index(key), shape: shape.element };
  const inner = new Map(cellsOf(shape)).get(key);
  invariant(inner, "shadows", `no cell \`${key}\``);
  return { step: shape.kind === "tuple" ? index(key) : { kind: "field", name: key }, shape: inner };
}

function index(key: string): Step {
  return { kind: "index", index: number(Number(key)) };
}

function shapeOf(type: Type): Shape {
  if (type.kind === "maybe")
    return { kind: "maybe", shape: shapeOf(type.type) as Exclude<Shape, { kind: "maybe" }> };
  return type.kind === "ref" ? type.shape : type;
}

function typeOf(shape: Shape, builder: Builder): Type {
  switch (shape.kind) {
    case "maybe": {
      const inner = typeOf(shape.shape, builder);
      return inner.kind === "maybe" ? inner : { kind: "maybe", type: inner };
    }
    case "object":
    case "tuple":
    case "array":
      return { kind: "ref", shape, region: builder.region() };
    case "opaque":
      return { kind: "nothing" };
    default:
      return shape;
  }
}

function keyOf(param: Param, path: readonly string[]): string {
  return [String(param.value.id), ...path].join(".");
}
