/**
 * Members that depend on the class of an instance. Which classes have to be told apart is known once a function has been
 * lowered: then it is lowered again, and instances of these classes carry the name of theirs in a cell.
 */
import type { ts } from "ts-morph";
import type { Literal, ScalarType, Shape } from "../ir/types.js";
import { type ClassNode, baseOf, hasModifier, memberNamed } from "./classes.js";
import type { Context } from "./context.js";
import { descendants } from "./descendants.js";
import { cellShape } from "./memory.js";
import { type ShapeResult, cellName, maybe, shapeOf } from "./shapes.js";
import type { RefValue } from "./values.js";

/** Classes, each with all that it has to be told apart from, itself included. */
type Peers = ReadonlyMap<ClassNode, ReadonlySet<ClassNode>>;

/** What an attempt at lowering a function knows of the classes of instances, and finds out. */
export interface Dispatch {
  /** Classes whose instances carry its name. */
  readonly told: Peers;
  /** Those of which the attempt before has made instances. */
  readonly made: ReadonlySet<ClassNode>;
  /** Classes that have to be told apart. */
  readonly wanted: Map<ClassNode, Set<ClassNode>>;
  /** Those of which this attempt makes instances. */
  readonly making: Set<ClassNode>;
}

export function noDispatch(): Dispatch {
  return { told: new Map(), made: new Set(), wanted: new Map(), making: new Set() };
}

/** What another attempt has to start from; null where this one knew all that it needed. */
export function nextDispatch({ told, made, wanted, making }: Dispatch): Dispatch | null {
  const isKnown =
    [...wanted].every(([each, peers]) => [...peers].every((peer) => told.get(each)?.has(peer) === true)) &&
    [...making].every((each) => made.has(each) || !told.has(each));
  if (isKnown) return null;
  const all = new Map([...told].map(([each, peers]) => [each, new Set(peers)]));
  for (const [each, peers] of wanted) all.set(each, new Set([...(all.get(each) ?? []), ...peers]));
  return { ...noDispatch(), told: all, made: new Set([...made, ...making]) };
}

/** The name of the cell: no name that is likely to be a field's. */
export const classCell = "class";

/** This very object is its shape, so that no cell of the user's is taken for it. */
export const classShape: ScalarType = Object.freeze({ kind: "string" });

/** True if an instance that carries the name of its class is somewhere in it. */
export function tellsClass(shape: Shape): boolean {
  switch (shape.kind) {
    case "maybe":
      return tellsClass(shape.shape);
    case "array":
      return tellsClass(shape.element);
    case "tuple":
      return shape.elements.some(tellsClass);
    case "object":
      return shape.fields.some((field) => field.shape === classShape || tellsClass(field.shape));
    default:
      return false;
  }
}

/** What the cell holds; null for an instance that does not carry it. */
export function classLiteral(cx: Context, node: ClassNode): Literal | null {
  const { told, making } = cx.unit.dispatch;
  making.add(node);
  const name = node.name?.text;
  if (!told.has(node) || name === undefined) return null;
  return { kind: "literal", type: classShape, value: name, spelling: JSON.stringify(name) };
}

/**
 * The shapes of the fields that the class or one of its peers lacks: instances have them all, so that they are of one
 * shape.
 */
export function sharedFields(cx: Context, node: ClassNode): ReadonlyMap<string, Shape> {
  const { told, made } = cx.unit.dispatch;
  const classes = [...(told.get(node) ?? [])].filter((each) => made.has(each) || each === node);
  const counts = new Map<string, number>();
  const shapes = new Map<string, Shape>();
  for (const [name, shape] of classes.flatMap((each) => fieldsOf(cx, each))) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const wider = maybe(shape);
    if (wider.kind !== "unsupported") shapes.set(name, wider);
  }
  return new Map([...shapes].filter(([name]) => counts.get(name) !== classes.length));
}

function fieldsOf(cx: Context, node: ClassNode): readonly (readonly [string, ShapeResult])[] {
  const { checker, unit } = cx;
  return checker
    .getPropertiesOfType(checker.getTypeAtLocation(node))
    .filter(({ flags }) => (flags & cx.ts.SymbolFlags.Property) !== 0)
    .map((property) => [
      cellName(property.name),
      shapeOf(checker.getTypeOfSymbolAtLocation(property, node), node, unit.project),
    ]);
}

/** Instances of the class can be given the fields of others, and others its own. */
function canShare(cx: Context, node: ClassNode): boolean {
  return fieldsOf(cx, node).every(
    ([name, shape]) => name !== classCell && (shape.kind !== "unsupported" || shape.cause === "function"),
  );
}

/**
 * The classes that the object may be an instance of, where its cell tells which; "later" where another attempt may know
 * that; null where it is not told.
 */
export function classesOf(
  cx: Context,
  ref: RefValue,
  expression: ts.Expression,
  name: string | null,
): readonly ClassNode[] | "later" | null {
  const { told, made, wanted } = cx.unit.dispatch;
  const all = candidates(cx, expression, name);
  if (all.length === 0) return null;
  for (const each of all) wanted.set(each, new Set([...(wanted.get(each) ?? []), ...all]));
  if (all.some((each) => !told.has(each))) return "later";
  if (cellShape(ref.type.shape, classCell) !== classShape) return null;
  // Instances of other classes are told apart by other names.
  const names = [...told.keys()].filter((each) => made.has(each)).map((each) => each.name?.text);
  if (names.includes(undefined) || new Set(names).size < names.length) return null;
  const possible = all.filter((each) => made.has(each));
  if (!possible.every((each) => canShare(cx, each))) return null;
  return possible.length === 0 ? "later" : possible;
}

/** The classes of the project that an expression may be an instance of, by its type. */
function candidates(cx: Context, expression: ts.Expression, name: string | null): readonly ClassNode[] {
  const { checker } = cx;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(expression));
  const whole = checker.getBaseConstraintOfType(type) ?? type;
  if ((whole.flags & (cx.ts.TypeFlags.Any | cx.ts.TypeFlags.Unknown | cx.ts.TypeFlags.Never)) !== 0)
    return [];
  const declared = (whole.symbol as ts.Symbol | undefined)?.declarations ?? [];
  return classesOfProject(cx).filter(
    (each) =>
      declared.some((base) => base === each || derives(cx, each, base)) ||
      checker.isTypeAssignableTo(checker.getTypeAtLocation(each), whole) ||
      // For some argument it may be.
      (name !== null && isGeneric(cx, each) && memberNamed(cx, each, name, false) !== null),
  );
}

/** True for a class that extends the other, or is it. */
export function derives(cx: Context, node: ClassNode, base: ts.Node): boolean {
  for (let each: ClassNode | "unknown" | null = node; each !== null; each = baseOf(cx, each)) {
    if (each === base) return true;
    if (each === "unknown") return false;
  }
  return false;
}

function isGeneric(cx: Context, node: ClassNode): boolean {
  for (let each: ClassNode | "unknown" | null = node; each !== null; each = baseOf(cx, each)) {
    if (each === "unknown") return false;
    if (each.typeParameters !== undefined) return true;
  }
  return false;
}

const known = new WeakMap<ts.Program, readonly ClassNode[]>();

/** Those that can have instances. */
function classesOfProject(cx: Context): readonly ClassNode[] {
  const { program } = cx.unit.project;
  const before = known.get(program);
  if (before !== undefined) return before;
  const found = program
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile && file.text.includes("class"))
    .flatMap((file) => [...descendants(cx.ts, file)].filter((each) => cx.ts.isClassLike(each)))
    .filter((each) => !hasModifier(cx, each, cx.ts.SyntaxKind.AbstractKeyword));
  known.set(program, found);
  return found;
}
