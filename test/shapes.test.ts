/** Shapes of TypeScript's types. */
import { expect, it } from "vitest";
import { type ShapeResult, holdsNumbers, shapeOf } from "../src/frontend/types/shapes.js";
import { open } from "./support/open.js";

const declarations = `
  interface Point { x: number; readonly y: number }
  interface Labelled extends Point { label: string }
  interface Options { rate?: number; on: boolean; log(text: string): void; each: (x: number) => number }
  interface Tree { value: number; left?: Tree; all: Tree[] }
  interface Bag { data: any; rest: unknown; x: number; map: Map<string, number> }
  interface Live { get size(): number; x: number }
  type Grow<T> = { x: number; next: Grow<T[]> };
  type Shape = { kind: "circle"; r: number } | { kind: "box"; w: number; h: number };
  type Same = { kind: "circle"; r: number } | { kind: "square"; r: number };
  enum Mode { Slow, Fast }
  enum Word { A = "a", B = "b" }
  const enum Only { One = 1 }
  class Model { w = 1 }
`;

function shapeOfText(type: string): ShapeResult {
  const { project } = open({ "a.ts": `${declarations} declare const it: ${type};` });
  const [file] = project.inputs;
  const statement = file?.statements.at(-1);
  if (statement === undefined || !project.ts.isVariableStatement(statement))
    throw new Error("no declaration");
  const [declaration] = statement.declarationList.declarations;
  if (declaration === undefined) throw new Error("no declaration");
  return shapeOf(project.checker.getTypeAtLocation(declaration), declaration, project);
}

/** One line per shape: `{ x: real, y?: real }`, `real[]`, `[real, string]`. */
function show(shape: ShapeResult): string {
  switch (shape.kind) {
    case "object":
      return `{ ${shape.fields.map((field) => `${field.name}: ${show(field.shape)}`).join(", ")} }`;
    case "tuple":
      return `[${shape.elements.map(show).join(", ")}]`;
    case "array":
      return `${show(shape.element)}${shape.storage === "Array" ? "" : ` in ${shape.storage}`}[]`;
    case "knot":
      return shape.name;
    case "maybe":
      return `${show(shape.shape)}?`;
    case "unsupported":
      return `${shape.cause}: ${shape.reason}`;
    default:
      return shape.kind;
  }
}

it.each([
  ["number", "real"],
  ["3", "real"],
  ["1 | 2 | 3", "real"],
  ["number & { readonly __brand: 'm' }", "real"],
  ["Mode", "int"],
  ["Mode.Slow", "int"],
  ["Only", "int"],
  ["boolean", "bool"],
  ["true", "bool"],
  ["string", "string"],
  ["'a' | 'b'", "string"],
  ["`a${string}`", "string"],
  ["Word", "string"],
  ["undefined", "nothing"],
  ["null", "nothing"],
  ["void", "nothing"],
  ["number | undefined", "real?"],
  ["number | null | undefined", "real?"],
  ["boolean | null", "bool?"],
  ["Point", "{ x: real, y: real }"],
  ["Point | undefined", "{ x: real, y: real }?"],
  ["Labelled", "{ label: string, x: real, y: real }"],
  ["Point & { z: number }", "{ x: real, y: real, z: real }"],
  ["Readonly<Point>", "{ x: real, y: real }"],
  ["Partial<Point>", "{ x: real?, y: real? }"],
  ["Pick<Point, 'x'>", "{ x: real }"],
  ["Record<'a' | 'b', number>", "{ a: real, b: real }"],
  ["Options", "{ rate: real?, on: bool, log: opaque, each: opaque }"],
  ["Tree", "{ value: real, left: Tree?, all: Tree[] }"],
  ["Bag", "{ data: opaque, rest: opaque, x: real, map: real? in Map[] }"],
  ["Live", "{ size: opaque, x: real }"],
  ["Model", "{ w: real }"],
  ["{}", "{  }"],
  ["number[]", "real[]"],
  ["readonly number[]", "real[]"],
  ["Array<number>", "real[]"],
  ["ReadonlyArray<Point>", "{ x: real, y: real }[]"],
  ["number[][]", "real[][]"],
  ["(number | undefined)[]", "real?[]"],
  ["Float64Array", "real in Float64Array[]"],
  ["Float32Array", "real in Float32Array[]"],
  ["Record<string, number>", "real? in Record[]"],
  ["Map<Point, number>", "real? in Map[]"],
  ["ReadonlySet<Point>", "bool in Set[]"],
  ["ReadonlyMap<number, number[]>", "real[]? in Map[]"],
  ["Set<string>", "string in Set[]"],
  ["[number, number]", "[real, real]"],
  ["readonly [x: number, y: string]", "[real, string]"],
  ["[number, number?]", "real?[]"],
  ["[string, ...number[]]", "real?[]"],
  ["[number, () => void]", "[real, opaque]"],
  ["[number, ...number[]]", "real[]"],
  ["Shape", "{ kind: string, r: real, w: real, h: real }"],
  ["Same", "{ kind: string, r: real }"],
  ["readonly number[] | number[]", "real[]"],
])("%s is %s", (type, expected) => {
  expect(show(shapeOfText(type))).toBe(expected);
});

it.each([
  ["any", "untyped: it is not known whether it holds numbers"],
  ["unknown", "untyped: it is not known whether it holds numbers"],
  ["any[]", "untyped: it is not known whether it holds numbers"],
  ["object", "untyped: its fields are not known"],
  ["bigint", "other: a `bigint` is not differentiated"],
  ["symbol", "other: `symbol` holds no numbers, strings or booleans"],
  ["(x: number) => number", "function: it is a function"],
  ["typeof Model", "function: it is a function"],
  ["Map<Point | string, number>", "other: `Map` is not an object of known fields"],
  ["Date", "other: `Date` is not an object of known fields"],
  ["BigInt64Array", "other: `BigInt64Array` is not an object of known fields"],
  [
    "{ x: number; [name: string]: number }",
    "other: the names of the fields of `{ [name: string]: number; x: number; }` are not known",
  ],
  [
    "{ r: number } | { r: number; w: number } | { w: number; h: number }",
    "union: `{ r: number; } | { r: number; w: number; } | { w: number; h: number; }` is a union whose members have no field that tells them apart, which is not supported yet",
  ],
  ["number | any", "untyped: it is not known whether it holds numbers"],
])("%s is refused", (type, expected) => {
  expect(show(shapeOfText(type))).toBe(expected);
});

it("comes to an end for a type that grows", () => {
  expect(show(shapeOfText("Grow<number>"))).toMatch(/^\{ x: real, next: .*opaque/u);
});

it.each([
  ["number", true],
  ["Partial<Point>", true],
  ["{ a: { b: [string, number] } }", true],
  ["number[][]", true],
  ["Float64Array | null", true],
  ["Mode", false],
  ["{ on: boolean; f: () => number }", false],
  ["string[]", false],
  ["any", false],
])("%s holds numbers: %s", (type, expected) => {
  expect(holdsNumbers(shapeOfText(type))).toBe(expected);
});
