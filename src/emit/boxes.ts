/** Values of several kinds, which the IR has in boxes: the box is the value itself. */
import { type BoxKind, boxCell, isBox, kindInCell, kindsInBox } from "../ir/boxes.js";
import { containersOf } from "../ir/containers.js";
import { shapeOfCell } from "../ir/places.js";
import type {
  Apply,
  Atom,
  Field,
  Literal,
  Load,
  ObjectShape,
  Place,
  Shape,
  Type,
  Value,
} from "../ir/types.js";
import { eq, narrow, ne } from "../ops/scalar.js";
import { type Code, binary, call, cast, conditional, literalCode, prefix, primary } from "./code.js";
import type { Folding } from "./fold.js";
import type { Known } from "./narrowing.js";
import type { TypeTexts } from "./types.js";

/** How the parts of an expression are written. */
export interface BoxWriter {
  readonly atom: (atom: Atom) => Code;
  readonly types: TypeTexts;
  readonly folding: Folding;
  /** The tests around have shown that the box holds what is in the cell, and TypeScript follows them. */
  readonly isTold: (box: Value, cell: string) => boolean;
}

/** The load of a cell of a box that is written where its value is used; null for anything else. */
export function boxLoad(atom: Atom | undefined, { instrOf, folded }: Folding): Load | null {
  if (atom?.kind !== "value" || !folded.has(atom.id)) return null;
  const instr = instrOf.get(atom.id);
  return instr?.kind === "load" && kindInCell(instr.place) !== null ? instr : null;
}

/**
 * `typeof x === "number"` for whether there is anything in a cell, `x` for what is there, and `x === 2` for a comparison
 * with it; null for other operations.
 */
export function writeOnBox({ op, args, out }: Apply, writer: BoxWriter): Code | null {
  const load = boxLoad(args[0], writer.folding);
  const kind = load === null ? null : kindInCell(load.place);
  const box = load === null ? null : boxIn(load.place.ref.type);
  if (load === null || kind === null || box === null) return null;
  const { ref } = load.place;
  const { spelling } = op;
  if (spelling.kind === "binary" && (spelling.right === "undefined" || spelling.right === "null"))
    return testOf(box, kind, writer.atom(tested(ref, writer.folding)), spelling.operator.startsWith("!"));
  const value = writer.atom(ref);
  const [, other] = args;
  if ((op === eq || op === ne) && other?.kind === "literal")
    return binary(op === eq ? "===" : "!==", value, writer.atom(other));
  if (spelling.kind !== "nonNull") return null;
  return writer.isTold(ref, boxCell(kind)) ? value : cast(value, writer.types.value(out.type));
}

function boxIn(type: Type): ObjectShape | null {
  const bare = type.kind === "maybe" ? type.type : type;
  return bare.kind === "ref" && isBox(bare.shape) ? bare.shape : null;
}

/** What may be missing is tested as it is. */
function tested(box: Value, { folded, instrOf }: Folding): Atom {
  const instr = folded.has(box.id) ? instrOf.get(box.id) : undefined;
  return (instr?.kind === "apply" && instr.op === narrow ? instr.args[0] : null) ?? box;
}

/** What is in the cell, or nothing. */
export function writeBoxCell(value: Code, { ref }: Place, kind: BoxKind): Code {
  const box = boxIn(ref.type);
  return box === null ? value : conditional(testOf(box, kind, value, true), value, literalCode("undefined"));
}

/** An expression for what is of that kind in the value, and `undefined` where it is of another. */
export function partText(box: ObjectShape, kind: BoxKind, value: string): string {
  return `(${testOf(box, kind, primary(value), true).text} ? ${value} : undefined)`;
}

/** Whether the value is of the kind, or is not. */
export function testOf(box: ObjectShape, kind: BoxKind, value: Code, isSo: boolean, mayMiss = false): Code {
  const kinds = kindsInBox(box);
  const equals = isSo ? "===" : "!==";
  if (!isMemoryKind(kind) || !(kinds.includes("array") && kinds.includes("object")))
    return binary(equals, prefix("typeof ", value), quoted(kind === "array" ? "object" : kind));
  const isList = isSo === (kind === "array");
  const test = mayMiss ? arrayTest(heldIn(box, "array"), value, isList) : listTest(box, value, isList);
  // `in` asks objects only.
  const isOfMemory = kinds.every(isMemoryKind);
  if (isOfMemory || (kind === "array" && (mayMiss || !isToldByField(box)))) return test;
  const typeTest = binary(equals, prefix("typeof ", value), quoted("object"));
  return binary(isSo ? "&&" : "||", typeTest, test);
}

function isMemoryKind(kind: BoxKind): boolean {
  return kind === "object" || kind === "array";
}

/** What tells an array from an object, or is no such; `isSo`: whether it is to be one. */
function listTest(box: ObjectShape, value: Code, isSo: boolean): Code {
  const list = heldIn(box, "array");
  const field = isReadonly(list) ? ownFieldOf(heldIn(box, "object")) : null;
  const isObject = field === null ? null : binary("in", quoted(field), value);
  if (isObject !== null) return isSo ? prefix("!", isObject) : isObject;
  return arrayTest(list, value, isSo);
}

function arrayTest(list: Shape | null, value: Code, isSo: boolean): Code {
  const test = isListTest(list, value);
  return isSo ? test : prefix("!", test);
}

function isListTest(list: Shape | null, value: Code): Code {
  const containers = list?.kind === "array" ? containersOf(list) : ["Array"];
  const [isArray, isView] = ["Array.isArray", "ArrayBuffer.isView"].map((test) => call(test, [value]));
  if (isArray === undefined || isView === undefined || !containers.some((each) => each !== "Array"))
    return isArray ?? value;
  return containers.includes("Array") ? binary("||", isArray, isView) : isView;
}

function heldIn({ fields }: ObjectShape, kind: BoxKind): Shape | null {
  const cell = fields.find(({ name }) => name === boxCell(kind))?.shape;
  return cell?.kind === "maybe" ? cell.shape : null;
}

function isReadonly(list: Shape | null): boolean {
  return (list?.kind === "array" || list?.kind === "tuple") && list.isReadonly === true;
}

function isToldByField(box: ObjectShape): boolean {
  return isReadonly(heldIn(box, "array")) && ownFieldOf(heldIn(box, "object")) !== null;
}

/** A field that the object has in any case, and an array never. */
function ownFieldOf(object: Shape | null): string | null {
  if (object?.kind !== "object" || object.named !== undefined) return null;
  const isSure = ({ name, shape, isPrivate }: Field): boolean =>
    isPrivate !== true && shape.kind !== "maybe" && shape.kind !== "nothing" && !(name in Array.prototype);
  return object.fields.find((field) => isSure(field) && field.shape.kind !== "opaque")?.name ?? null;
}

function quoted(kind: string): Code {
  return literalCode(JSON.stringify(kind));
}

/** After a test whether there is anything in a cell of a box. */
export function withBoxKind(known: Known, { place: { ref, step } }: Load, isThere: boolean): Known {
  const box = boxIn(ref.type);
  if (step.kind !== "field" || box === null || !isFollowed(box, step.name, isThere)) return known;
  const all = known.variants.get(ref.id) ?? new Set(box.fields.map(({ name }) => name));
  const left = [...all].filter((name) => (name === step.name) === isThere);
  return { ...known, variants: new Map(known.variants).set(ref.id, new Set(left)) };
}

/** After a comparison of what is in a cell with a literal. */
export function withBoxLiteral(known: Known, load: Load, { spelling }: Literal, isEqual: boolean): Known {
  const cell = shapeOfCell(load.place.ref, load.place.step);
  const held = cell?.kind === "maybe" ? cell.shape : cell;
  const isWhole = held !== null && "literals" in held && held.literals === spelling;
  return isEqual || isWhole ? withBoxKind(known, load, isEqual) : known;
}

/** `Array.isArray` is no test for readonly arrays: where it fails, TypeScript takes a value for one all the same. */
function isFollowed(box: ObjectShape, cell: string, isThere: boolean): boolean {
  if (!isReadonly(heldIn(box, "array")) || !kindsInBox(box).includes("object") || isToldByField(box))
    return true;
  return cell === boxCell("array") ? false : cell !== boxCell("object") || !isThere;
}
