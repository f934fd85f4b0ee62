/**
 * Maps and sets of objects that are listed. What lies under a key has a shadow, a key has none: so a set is taken to have
 * under each key the key once more, and a map has entries, in which it is. Which maps and sets are listed is found while a
 * function is lowered; then it is lowered once more.
 */
import { type KeyedShape, isKeyed, isObjectKey, nameOfShape } from "../../ir/shapes.js";
import type { Shape } from "../../ir/types.js";
import type { FrontendProject } from "../project/project.js";
import { keyOf } from "./same-shapes.js";

/** What all maps, or all sets, of such keys have in common. */
export function listedName(shape: KeyedShape): string {
  const key = isObjectKey(shape.key) ? (nameOfShape(shape.key) ?? keyOf(shape.key)) : "";
  return `${shape.storage} ${key}`;
}

/** The form in which it is here; null where what comes from outside cannot be of that form. */
export function inOwnForm(
  shape: KeyedShape,
  { listedKeys, shapes, publicShapes }: FrontendProject,
): KeyedShape | null {
  const { key, element, storage } = shape;
  const isOutside = shapes === publicShapes;
  if (shape.isWeak === true && isOutside) return null;
  if (!isObjectKey(key)) return shape;
  const isListed = listedKeys.has(listedName(shape));
  // What belongs to the objects of a set is its gradient, whoever lists them.
  if (storage === "Set" && (isListed || isOutside)) return { ...shape, keeps: "keys", element: key };
  if (!isListed) return shape;
  if (isOutside) return null;
  const value = element.kind === "maybe" && element.none === "undefined" ? element.shape : element;
  const fields = [
    { name: "key", shape: key },
    { name: "value", shape: value },
  ];
  const entry = { kind: "object", fields } as const;
  return { ...shape, keeps: "entries", element: { kind: "maybe", shape: entry, none: "undefined" } };
}

/** With the project as it looks when maps and sets are of the forms in which their keys are listed. */
export function withListedKeys<G extends Attempt>(given: G): G {
  if (given.listedKeys.size === 0) return given;
  const own = { listedKeys: new Set(given.listedKeys), shapes: new Map(), publicShapes: new Map() };
  return { ...given, project: { ...given.project, ...own, heldShapes: new Map() } };
}

interface Attempt {
  readonly project: FrontendProject;
  readonly listedKeys: ReadonlySet<string>;
}

/** Those of a parameter that are listed in any case: so are all of their kind. */
export function listedIn(shape: Shape): readonly string[] {
  return [...keyedIn(shape)].filter(({ keeps }) => keeps !== undefined).map(listedName);
}

/** No type of the user's says what it is like. */
export function holdsOwnForm(shape: Shape): boolean {
  return [...keyedIn(shape)].some(({ isWeak, keeps }) => isWeak === true || keeps === "entries");
}

/** A map or a set of objects is somewhere in it. */
export function holdsObjectKeys(shape: Shape): boolean {
  return [...keyedIn(shape)].some(({ key }) => isObjectKey(key));
}

/** The records, maps and sets in it. `within` are the named types that it lies in. */
function* keyedIn(shape: Shape, within: readonly string[] = []): Generator<KeyedShape> {
  switch (shape.kind) {
    case "maybe":
      yield* keyedIn(shape.shape, within);
      return;
    case "array":
      if (isKeyed(shape)) yield shape;
      yield* keyedIn(shape.element, within);
      return;
    case "tuple":
      for (const each of shape.elements) yield* keyedIn(each, within);
      return;
    case "knot":
      if (!within.includes(shape.name)) yield* keyedIn(shape.unfold(), within);
      return;
    case "object": {
      const name = nameOfShape(shape);
      const around = name === null ? within : [...within, name];
      for (const field of shape.fields) yield* keyedIn(field.shape, around);
      return;
    }
    default:
      return;
  }
}
