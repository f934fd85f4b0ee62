/** Where a variable's type has to be written: what it holds first would give it another one. */
import { isKeyed, isMemory, isOneOfSeveral, nameOfShape, namedType, unfolded } from "../ir/shapes.js";
import { endAtoms } from "../ir/visit.js";
import type { Alloc, Atom, Entry, If, Init, Instr, MemoryShape, Shape, Type } from "../ir/types.js";
import { isShown } from "./closed-records.js";
import type { Folding } from "./fold.js";
import { NamedWriter } from "./named.js";
import { needsAnnotation } from "./types.js";

/** A variable of the type that begins with the atom, which is written as `text`. */
export function needsType(type: Type, first: Atom, text: string, folding: Folding): boolean {
  if (first.type.kind === "nothing" || type.kind === "maybe") return true;
  if (type.kind !== "ref") return false;
  // TypeScript knows of which kind the first one is, and would take all to be of that.
  if (isOneOfSeveral(type.shape)) return true;
  const made = allocationOf(first, folding);
  if (made !== null) return isLoose(made.init, type.shape, text, folding);
  return (
    needsAnnotation(type.shape, /^[{[]/u.test(text)) || text === "[]" || textOf(first.type) !== textOf(type)
  );
}

/** A conditional that makes objects, of which TypeScript would see the fields alone, or only what they hold first. */
export function needsTypeOfChoice({ consequent, alternate }: If, type: Type, folding: Folding): boolean {
  const bare = type.kind === "maybe" ? type.type : type;
  if (bare.kind !== "ref") return false;
  const { shape } = bare;
  return [consequent, alternate]
    .flatMap(({ end }) => endAtoms(end))
    .some((atom) => {
      const inner = writtenAt(atom, folding);
      if (inner?.kind === "if") return needsTypeOfChoice(inner, type, folding);
      const made = allocationOf(atom, folding);
      if (made === null) return atom.type.kind === "ref" && lacksFields(atom.type.shape, shape);
      if (made.init.kind === "zeros") return needsAnnotation(shape);
      // Beside elements, `[]` is of their type.
      if (made.init.kind === "elements" && made.init.elements.length === 0) return false;
      return isOneOfSeveral(shape) || isLoose(made.init, shape, "", folding);
    });
}

/** TypeScript would give the expression another type than that of what is kept there. */
export function isLoose(init: Init, shape: MemoryShape, text: string, folding: Folding): boolean {
  if (init.kind === "object" && init.instance !== undefined) return true;
  if (init.kind === "object" && isShown(shape, init.entries)) return false;
  if (init.kind === "object" || init.kind === "elements")
    return text.includes("[]") || isNarrower(init, shape, folding) || needsAnnotation(shape, true);
  if (init.kind === "clone" && (copiesOptional(shape) || (isKeyed(shape) && /^\{(?! \.\.\.)/u.test(text))))
    return true;
  if (init.kind === "slice" && holdsReadonly(shape)) return true;
  if (init.kind === "slice" && /^\[(?!\.\.\.)/u.test(text))
    return text === "[]" || needsAnnotation(shape, true);
  if (isFirstTold(init, shape)) return true;
  return text === "[]" || (["clone", "zeros", "closed"].includes(init.kind) && needsAnnotation(shape));
}

/** `text.match(/x/) ?? []`: TypeScript takes the empty array for a tuple, whose first element is missing. */
function isFirstTold(init: Init, shape: Shape): boolean {
  if (init.kind !== "listing" || shape.kind !== "array" || shape.element.kind !== "string") return false;
  const { spelling } = init.op;
  return spelling.kind === "exec" || (spelling.kind === "method" && spelling.otherwise !== undefined);
}

/** What is copied may be a parameter, whose elements the user declares as writable: those put in later need not be. */
function holdsReadonly(shape: Shape): boolean {
  if (shape.kind !== "array") return false;
  const { element } = shape;
  return (element.kind === "array" || element.kind === "tuple") && element.isReadonly === true;
}

/** A copy is written with a field that the type allows to be left out. */
function copiesOptional(shape: Shape): boolean {
  switch (shape.kind) {
    case "array":
      return copiesOptional(shape.element);
    case "tuple":
      return shape.elements.some(copiesOptional);
    case "object":
      return (
        namedType(shape) === null &&
        shape.fields.some(({ shape: cell }) =>
          cell.kind === "maybe" ? isMemory(unfolded(cell.shape)) : copiesOptional(cell),
        )
      );
    default:
      return false;
  }
}

/** Something may come where there is nothing at first, or nothing where there is something. */
function isNarrower(init: Init, whole: Shape, folding: Folding): boolean {
  const shape = whole.kind === "maybe" ? whole.shape : whole;
  if (init.kind === "object" && leavesOut(init.entries, shape)) return true;
  return cellsOf(init, shape).some(([atom, cell]) => {
    if (cell.kind === "maybe" && atom.type.kind !== "maybe") return true;
    if (atom.type.kind === "ref" && lacksFields(atom.type.shape, cell)) return true;
    const made = allocationOf(atom, folding);
    return made !== null && isNarrower(made.init, cell, folding);
  });
}

/** An object that may be given more fields. */
function leavesOut(entries: readonly Entry[], shape: Shape): boolean {
  if (shape.kind !== "object" || nameOfShape(shape) !== null) return false;
  return shape.fields.some(
    ({ name, shape: cell }) => cell.kind === "maybe" && entries.every((entry) => entry.name !== name),
  );
}

/** An object beside others that have more fields. */
function lacksFields(shape: Shape, cell: Shape): boolean {
  if (shape.kind !== "object" || cell.kind !== "object" || nameOfShape(cell) !== null) return false;
  return cell.fields.some(({ name }) => shape.fields.every((field) => field.name !== name));
}

/** What a literal says, each with the shape of the cell that it is for. */
function cellsOf(init: Init, shape: Shape): readonly (readonly [Atom, Shape])[] {
  if (init.kind === "elements")
    return init.elements.flatMap((atom, index) => {
      const cell =
        shape.kind === "array" ? shape.element : shape.kind === "tuple" ? shape.elements[index] : undefined;
      return cell === undefined ? [] : [[atom, cell] as const];
    });
  if (init.kind !== "object") return [];
  return init.entries.flatMap(({ name, value }) => {
    const cell =
      shape.kind === "object" ? shape.fields.find((field) => field.name === name)?.shape : undefined;
    return cell === undefined || isKeyed(shape) ? [] : [[value, cell] as const];
  });
}

/** The literal, or other memory made at once, that is written in the atom's place. */
function allocationOf(atom: Atom, folding: Folding): Alloc | null {
  const instr = writtenAt(atom, folding);
  return instr?.kind === "alloc" ? instr : null;
}

/** What is written in the place of the atom. */
function writtenAt(atom: Atom, { folded, instrOf }: Folding): Instr | undefined {
  return atom.kind === "value" && folded.has(atom.id) ? instrOf.get(atom.id) : undefined;
}

function textOf(type: Type): string {
  return new NamedWriter(null).types.value(type);
}
