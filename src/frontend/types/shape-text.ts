/** Shapes as types, where the user has no text for them: what may be read there, and what is written to. */
import { isBox } from "../../ir/boxes.js";
import { isSeveral, severalText } from "../../ir/containers.js";
import { heldIn, isKeyed, isObjectKey, keyIn, nameOfShape, wordsText } from "../../ir/shapes.js";
import { closedText, isClosed } from "../../ir/closed-records.js";
import type { Absence, ArrayShape, ObjectShape, RegionId, Shape, Type } from "../../ir/types.js";
import { referenceRegion } from "../memory.js";
import type { Regions } from "./regions.js";
import type { ShapeResult } from "./shapes.js";

/** The text for a type that has a name; null where the emitted file cannot name it. */
export type NameText = (name: string) => string | null;

/** What may be done to memory, and to what lies in it. */
interface Access {
  /** It is only read, and what the user has declared allows no more. */
  readonly isFixed: (shape: Shape) => boolean;
  readonly below: (cell: string) => Access;
}

/** A type that any argument of this shape fits. */
export function shapeText(shape: ShapeResult): string {
  return new Spelling(() => null).text(shape, declared);
}

/** As the user has declared it: objects are the same with `readonly` fields, arrays are not. */
const declared: Access = { isFixed: isDeclaredFixed, below: () => declared };

function isDeclaredFixed(shape: Shape): boolean {
  return (
    shape.kind === "object" || ((shape.kind === "array" || shape.kind === "tuple") && !!shape.isReadonly)
  );
}

/** The type of a value that the compiler has made, in memory of these regions; `use` is what others do with it. */
export function memoryTypeText(
  type: Type,
  regions: Regions,
  nameText: NameText,
  use: "taken" | "returned" = "taken",
): string {
  if (type.kind === "maybe")
    return [
      memoryTypeText(type.type, regions, nameText, use),
      ...(type.other === undefined ? [] : [memoryTypeText(type.other, regions, nameText, use)]),
      ...(type.none === "never" ? [] : [absenceText(type.none)]),
    ].join(" | ");
  const region = referenceRegion(type);
  const own = region === null ? declared : accessIn(region, regions, use === "returned");
  const access = use === "returned" ? handedOut(own) : own;
  return new Spelling(nameText).text(type.kind === "ref" ? type.shape : type, access);
}

/** `withFresh`: what is written to where it was made counts, since what is returned may be that. */
function accessIn(region: RegionId, regions: Regions, withFresh: boolean): Access {
  const isWritten = regions.writtenAt(region, withFresh) !== null;
  return {
    isFixed: (shape) => !isWritten && isDeclaredFixed(shape),
    below: (cell) =>
      regions.cellsOf(region).includes(cell)
        ? accessIn(regions.child(region, cell), regions, withFresh)
        : declared,
  };
}

/** The fields of what is returned may be written to by those who get it. */
function handedOut({ isFixed, below }: Access): Access {
  return {
    isFixed: (shape) => shape.kind !== "object" && isFixed(shape),
    below: (cell) => handedOut(below(cell)),
  };
}

class Spelling {
  readonly #nameText: NameText;

  constructor(nameText: NameText) {
    this.#nameText = nameText;
  }

  text(shape: ShapeResult, access: Access): string {
    switch (shape.kind) {
      case "real":
      case "int":
        return shape.literals ?? "number";
      case "bool":
        return shape.literals ?? "boolean";
      case "string":
        return wordsText(shape, this.#nameText) ?? "string";
      case "nothing":
        return absenceText(shape.none);
      case "maybe":
        return [
          this.text(shape.shape, access),
          ...(shape.other === undefined ? [] : [this.text(shape.other, access)]),
          ...(shape.none === "never" ? [] : [absenceText(shape.none)]),
        ].join(" | ");
      case "array":
        return this.#array(shape, access);
      case "tuple": {
        const cells = shape.elements.map((element, index) => this.text(element, access.below(String(index))));
        return `${access.isFixed(shape) ? "readonly " : ""}[${cells.join(", ")}]`;
      }
      case "object": {
        const name = this.#named(shape);
        if (name !== null) return name;
        if (isBox(shape)) return this.#either(shape, access);
        if (shape.identityOf !== undefined) return this.text(shape.identityOf, access);
        const modifier = access.isFixed(shape) ? "readonly " : "";
        // What is not looked into may be private, which a structural type cannot say.
        const fields = shape.fields
          .filter((field) => field.shape.kind !== "opaque")
          .map((field) => `${modifier}${this.#field(field.name, field.shape, access.below(field.name))}`);
        return `{ ${fields.join("; ")} }`;
      }
      case "knot":
        return this.#named(shape) ?? "unknown";
      case "opaque":
      case "unsupported":
        return "unknown";
    }
  }

  #array(shape: ArrayShape, access: Access): string {
    const { element, storage } = shape;
    const below = access.below("*");
    if (isKeyed(shape)) {
      const own = keyIn(shape);
      const key = isObjectKey(own) ? this.text(own, access.below("key")) : own;
      const fixed = access.isFixed(shape) && storage !== "Record" ? "Readonly" : "";
      if (storage === "Set") return `${fixed}Set<${key}>`;
      const held = this.text(heldIn(shape), below);
      if (isClosed(shape)) return closedText(shape, held);
      return `${fixed}${storage}<${key}, ${held}>`;
    }
    if (isSeveral(shape)) return severalText({ ...shape, isReadonly: access.isFixed(shape) });
    if (storage !== "Array") return storage;
    const text = this.text(element, below);
    const isCompound =
      element.kind === "maybe" || text.startsWith("readonly ") || text.includes(" | ") || text.includes("=>");
    return `${access.isFixed(shape) ? "readonly " : ""}${isCompound ? `(${text})` : text}[]`;
  }

  /** A value of one kind or another. */
  #either({ fields }: ObjectShape, access: Access): string {
    return fields
      .map(({ name, shape }) => this.text(shape.kind === "maybe" ? shape.shape : shape, access.below(name)))
      .join(" | ");
  }

  #named(shape: Shape): string | null {
    const owner = shape.kind === "object" ? shape.owner : undefined;
    const name = nameOfShape(shape) ?? owner ?? null;
    return name === null ? null : this.#nameText(name);
  }

  #field(name: string, shape: Shape, access: Access): string {
    const key = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
    const isOptional = shape.kind === "maybe" && shape.none !== "never" && shape.none !== "null";
    return `${key}${isOptional ? "?" : ""}: ${this.text(shape, access)}`;
  }
}

/** Of what is missing, it may not be known which of the two stands for it. */
function absenceText(none: Absence | undefined): string {
  return none ?? "null | undefined";
}
