/** Gradients of a member of a union, which have no tags, where gradients of the whole union have some. */
import { tagsOf } from "../ir/gradient-shapes.js";
import { shapeOfCell } from "../ir/places.js";
import { cellIn, enumsIn, isKeyed, isMemory, isMixed, isOneOfSeveral, unfolded } from "../ir/shapes.js";
import { select } from "../ops/scalar.js";
import { type Code, cast, suffixed } from "./code.js";
import type { WordKind } from "./callees.js";
import type { Folding } from "./fold.js";
import type { TypeTexts } from "./types.js";
import type { Atom, Shape, Value } from "../ir/types.js";

/** The atom lacks tags, or other fields, that what is wanted has. */
export function lacksTags({ type }: Atom, wanted: Shape): boolean {
  const inner = type.kind === "maybe" ? type.type : type;
  return inner.kind === "ref" && lacksIn(inner.shape, wanted);
}

/** What the atom is written as, where something of that shape is wanted. */
export function asWanted(
  code: Code,
  atom: Atom,
  wanted: Shape | null,
  { types, folding }: { readonly types: TypeTexts; readonly folding: Folding },
): Code {
  if (wanted === null) return code;
  const isOther =
    lacksTags(atom, wanted) ||
    isUntold(atom, wanted, folding) ||
    (literalsOf(wanted) !== undefined &&
      !isWorded(atom, folding, isOfEnum(wanted) ? "enum" : "literal") &&
      !isSameMix(atom, wanted) &&
      !isFirstKind(atom, wanted));
  if (isOther && isOfEnum(wanted)) return asMember(code, atom, wanted, types);
  if (isOther) return cast(code, types.shape(wanted));
  const isThere = !isPerhapsMissing(atom) || wanted.kind !== "maybe" || wanted.none !== "never";
  return isThere ? code : suffixed(code, "!");
}

/** A number, where a number or a word is wanted. */
function isFirstKind({ kind, type }: Atom, wanted: Shape): boolean {
  if (kind !== "value" || wanted.kind !== "maybe" || wanted.other === undefined) return false;
  const isNumber = type.kind === "real" || type.kind === "int";
  return isNumber && wanted.shape.kind === "real" && wanted.shape.literals === undefined;
}

/** A value of one kind or another, or none. */
function isPerhapsMissing({ type }: Atom): boolean {
  return isMixed(type) && type.none !== "never";
}

/** An array of objects of a type without a name, or one that was chosen, whose tags TypeScript takes for any words. */
function isUntold(atom: Atom, wanted: Shape, folding: Folding): boolean {
  if (atom.kind !== "value" || atom.type.kind !== "ref" || folding.folded.has(atom.id)) return false;
  const isChosen = folding.instrOf.get(atom.id)?.kind === "if";
  const [given, whole] = [atom.type.shape, wanted].map(isChosen ? objectIn : elementOf);
  if (given?.kind !== "object" || given.named !== undefined || whole?.kind !== "object") return false;
  const tags = whole.named === undefined ? new Set<string>() : tagsOf(whole.named);
  return given.fields.some(
    ({ name, shape }) =>
      tags.has(name) && (shape.kind === "string" || shape.kind === "bool") && shape.literals === undefined,
  );
}

function elementOf(shape: Shape): Shape | null {
  return shape.kind === "array" && !isKeyed(shape) ? unfolded(shape.element) : null;
}

function objectIn(shape: Shape): Shape {
  const bare = unfolded(shape.kind === "maybe" ? shape.shape : shape);
  return elementOf(bare) ?? bare;
}

/** A variable of what may be a word instead is declared with the same words. */
function isSameMix({ kind, type }: Atom, wanted: Shape): boolean {
  return (
    kind === "value" &&
    type.kind === "maybe" &&
    wanted.kind === "maybe" &&
    type.other !== undefined &&
    wanted.other !== undefined &&
    isMemory(unfolded(wanted.shape)) &&
    literalsOf(type.other) === literalsOf(wanted.other)
  );
}

/** The values that a cell may hold, where the user has listed them. */
function literalsOf(shape: Shape): string | undefined {
  if (shape.kind !== "maybe") return "literals" in shape ? shape.literals : undefined;
  return literalsOf(shape.shape) ?? (shape.other === undefined ? undefined : literalsOf(shape.other));
}

/** As it is where the file cannot name the enum. */
function asMember(code: Code, atom: Atom, wanted: Shape, types: TypeTexts): Code {
  const member = wanted.kind === "maybe" ? wanted.shape : wanted;
  if (types.shape(member) === "string") return code;
  return cast(code, types.shape(atom.type.kind === "maybe" ? wanted : member));
}

/** No literal is of the type of the cell. */
function isOfEnum(shape: Shape): boolean {
  if (shape.kind === "maybe") return isOfEnum(shape.shape);
  return shape.kind === "string" && enumsIn(shape).length > 0;
}

/** TypeScript knows the expression to be one of some values, rather than any word or number. */
export function isWorded(atom: Atom, folding: Folding, wanted: WordKind): boolean {
  if (atom.kind === "literal") return wanted === "literal" || atom.type.kind === "nothing";
  const instr = folding.folded.has(atom.id) ? folding.instrOf.get(atom.id) : undefined;
  switch (instr?.kind) {
    case "load": {
      const cell = shapeOfCell(instr.place.ref, instr.place.step);
      return cell !== null && literalsOf(cell) !== undefined;
    }
    case "apply":
      return instr.op === select && instr.args.slice(1).every((arg) => isWorded(arg, folding, wanted));
    case "if":
      return [instr.consequent, instr.alternate].every(
        ({ end }) => end.kind === "yield" && end.values.every((value) => isWorded(value, folding, wanted)),
      );
    default:
      return false;
  }
}

/** The shape of an element of an array or a tuple; null for what is none. */
export function elementShape({ type }: Value, index: number): Shape | null {
  return type.kind === "ref" ? cellIn(type.shape, String(index)) : null;
}

function lacksIn(a: Shape, b: Shape): boolean {
  const [given, wanted] = [a, b].map((shape) => unfolded(shape.kind === "maybe" ? shape.shape : shape));
  if (given === undefined || wanted === undefined) return false;
  if (given.kind === "array" && wanted.kind === "array") return lacksIn(given.element, wanted.element);
  if (given.kind === "tuple" && wanted.kind === "tuple")
    return given.elements.some((element, i) => lacksIn(element, wanted.elements[i] ?? element));
  if (given.kind !== "object" || wanted.kind !== "object") return false;
  // What the tests of its original have shown, TypeScript does not know of a gradient.
  if (given.named !== undefined)
    return given.named.gradientOf !== null && isOneOfSeveral(given) && wanted.named === undefined;
  const { fields } = given;
  if (wanted.named !== undefined)
    return [...tagsOf(wanted.named)].some((tag) => fields.every(({ name }) => name !== tag));
  return wanted.fields.some(({ name, shape }) => {
    const own = fields.find((field) => field.name === name);
    // What is not looked into is not written.
    return own === undefined ? shape.kind !== "maybe" && shape.kind !== "opaque" : lacksIn(own.shape, shape);
  });
}
