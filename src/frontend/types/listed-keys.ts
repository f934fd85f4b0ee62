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
  if (!isObjectKey(key) || !listedKeys.has(listedName(shape))) return shape;
  if (storage === "Set") return { ...shape, keeps: "keys", element: key };
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

/** No type of the user's says what it is like. */
export function holdsOwnForm(shape: Shape): boolean {
  return holdsKeyed(shape, ({ isWeak, keeps }) => isWeak === true || keeps === "entries");
}

/** A map or a set of objects is somewhere in it. */
export function holdsObjectKeys(shape: Shape): boolean {
  return holdsKeyed(shape, ({ key }) => isObjectKey(key));
}

/** `within` are the named types that it lies in. */
function holdsKeyed(
  shape: Shape,
  isWanted: (keyed: KeyedShape) => boolean,
  within: readonly string[] = [],
): boolean {
  const holds = (inner: Shape, around = within): boolean => holdsKeyed(inner, isWanted, around);
  switch (shape.kind) {
    case "maybe":
      return holds(shape.shape);
    case "array":
      return (isKeyed(shape) && isWanted(shape)) || holds(shape.element);
    case "tuple":
      return shape.elements.some((each) => holds(each));
    case "knot":
      return !within.includes(shape.name) && holds(shape.unfold());
    case "object": {
      const name = nameOfShape(shape);
      const around = name === null ? within : [...within, name];
      return shape.fields.some((field) => holds(field.shape, around));
    }
    default:
      return false;
  }
}
