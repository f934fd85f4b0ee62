/** Arrays of numbers of which only the call knows in what they are kept: `number[] | Float32Array`. */
import type { ArrayShape, Container, Shape } from "./types.js";

export interface SeveralShape extends ArrayShape {
  readonly storage: "Several";
  readonly containers: readonly Container[];
}

export function isSeveral(shape: Shape): shape is SeveralShape {
  return shape.kind === "array" && shape.storage === "Several";
}

/** What an array may be kept in; none for what is found by keys. */
export function containersOf({ storage, containers }: ArrayShape): readonly Container[] {
  if (storage === "Several") return containers ?? [];
  return storage === "Record" || storage === "Map" || storage === "Set" ? [] : [storage];
}

/** One for arrays in any of the containers. */
export function several(element: Shape, containers: Iterable<Container>): SeveralShape {
  const all = new Set(containers);
  return { kind: "array", element, storage: "Several", containers: order.filter((each) => all.has(each)) };
}

/** Each can hold any number, and can be made like another: `xs.map(() => 0)`. */
export function holdsCotangents(containers: readonly Container[]): boolean {
  return containers.every((each) => each === "Array" || each === "Float64Array" || each === "Float32Array");
}

/** An array that is kept in one of the things that are possible there. */
export function isOneOfArrays(shape: Shape, whole: Shape): boolean {
  if (shape.kind !== "array" || !isSeveral(whole)) return false;
  const own = containersOf(shape);
  const isNumber = shape.element.kind === "int" || shape.element.kind === whole.element.kind;
  return isNumber && own.length > 0 && own.every((each) => whole.containers.includes(each));
}

/** As a type. */
export function severalText({ containers, isReadonly }: SeveralShape): string {
  const texts = containers.map((each) =>
    each === "Array"
      ? `${isReadonly === true ? "readonly " : ""}number[]`
      : each === "ArrayLike"
        ? "ArrayLike<number>"
        : each,
  );
  return texts.join(" | ");
}

const order: readonly Container[] = [
  "Array",
  "ArrayLike",
  "Float64Array",
  "Float32Array",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
];
