/** Writes to memory that the caller keeps. */
import { namingOf } from "../../config/naming.js";
import { isBox } from "../../ir/boxes.js";
import { isKeyed, isMemory, nameOfShape, unfolded } from "../../ir/shapes.js";
import type { HeldStep } from "../../ir/op.js";
import type { Instr, MemoryShape, Shape, Value } from "../../ir/types.js";
import { heldTwice } from "../../ops/held.js";
import { eq } from "../../ops/scalar.js";
import type { Context } from "../context.js";
import type { Copying } from "../copied-parts.js";
import type { TargetParam } from "../targets/signature.js";

/** A place where memory of the caller's lies: what cells lead to it from a parameter. */
interface Held {
  readonly param: number;
  readonly steps: readonly HeldStep[];
  readonly shape: MemoryShape;
  readonly isWritten: boolean;
}

/**
 * What two places lead to may be one object: two parameters, elements of lists, an object and one that lies in another.
 * Then a write to one of them would be seen through the other, but not in the copies that the gradient works on. The
 * gradient refuses such a call by an exception.
 */
export function guardOverlaps(
  cx: Context,
  name: string,
  params: readonly TargetParam[],
  values: readonly Value[],
  { copied, looked }: Pick<Copying, "copied" | "looked">,
): readonly Instr[] {
  const { builder, project } = cx.unit;
  const { functionSuffix } = namingOf(project.config);
  const places = values.flatMap(({ type }, param) => {
    const whole = type.kind === "maybe" ? type.type : type;
    if (whole.kind !== "ref") return [];
    return placesIn(whole.shape, {
      param,
      written: copied.get(param) ?? new Set(),
      looked: looked.get(param) ?? new Set(),
      isRest: isRest(cx, params[param]),
      mayLack: type.kind === "maybe",
    });
  });
  return builder.detached(() => {
    for (const group of groupsOf(places)) {
      const used = [...new Set(group.map(({ param }) => param))];
      const names = used.map((param) => params[param]?.name ?? "");
      const own = `${name}${functionSuffix}`;
      const [one, other, ...more] = group;
      const isPair = one !== undefined && other !== undefined && more.length === 0;
      const isWhole = isPair && one.steps.length === 0 && other.steps.length === 0;
      const what = isWhole
        ? `${names.join(" and ")} are the same, and one of them is written to`
        : `an object lies in two places of ${names.join(" and ")}, and is written to`;
      const text = [`new Error(${JSON.stringify(`${own}: ${what}`)})`];
      const args = used.flatMap((param) => values[param] ?? []);
      const lists = group.map(({ param, steps, isWritten }) => ({
        arg: used.indexOf(param),
        steps,
        isWritten,
      }));
      const test = builder.apply(isWhole ? eq : heldTwice(lists), args);
      builder.guard(test, { instrs: [], end: { kind: "throw", text, statement: null } }, null);
    }
  });
}

interface Around {
  readonly param: number;
  /** The parts that are written to: `bodies`, `grid.*.cells`. */
  readonly written: ReadonlySet<string>;
  /** Of others, nobody sees what is written to them. */
  readonly looked: ReadonlySet<string>;
  /** The array of a rest parameter is made by the call. */
  readonly isRest: boolean;
  readonly mayLack: boolean;
}

/** The memory in a parameter, down to what has a type with a name: of trees, only the roots. */
function placesIn(
  root: Shape,
  { param, written, looked, isRest, mayLack: isOptional }: Around,
): readonly Held[] {
  const found: Held[] = [];
  visit(root, [], [], isOptional);
  return isRest ? found.filter(({ steps }) => steps.length > 0) : found;

  function visit(whole: Shape, steps: readonly HeldStep[], path: readonly string[], isMissing = false): void {
    const mayLack = isMissing || whole.kind === "maybe";
    const shape = unfolded(whole.kind === "maybe" ? whole.shape : whole);
    if (!isMemory(shape) || (shape.kind === "object" && isBox(shape))) return;
    const isWritten = written.has(path.join("."));
    if (isWritten || looked.has(path.join("."))) found.push({ param, steps, shape, isWritten });
    // What words may stand for is not stepped into.
    if (whole.kind === "maybe" && whole.other !== undefined) return;
    if (nameOfShape(whole) !== null || nameOfShape(shape) !== null) return;
    switch (shape.kind) {
      case "array": {
        if (shape.storage === "Set" || shape.containers !== undefined) return;
        const of = shape.storage === "Map" || shape.storage === "Record" ? shape.storage : "Array";
        if (of === "Array" && isKeyed(shape)) return;
        visit(shape.element, [...steps, { kind: "each", of, mayLack }], [...path, "*"]);
        return;
      }
      case "tuple":
        shape.elements.forEach((element, i) => {
          const step = { kind: "field", name: String(i), isPrivate: false, mayLack } as const;
          visit(element, [...steps, step], [...path, String(i)], mayLack);
        });
        return;
      case "object":
        for (const { name, shape: cell, isPrivate } of shape.fields) {
          const step = { kind: "field", name, isPrivate: isPrivate === true, mayLack } as const;
          visit(cell, [...steps, step], [...path, name], mayLack);
        }
    }
  }
}

/** Places that may lead to one object, with one among them that is written to. */
function groupsOf(places: readonly Held[]): readonly (readonly Held[])[] {
  const groups: Held[][] = [];
  for (const written of places) {
    if (!written.isWritten || groups.some((group) => group.includes(written))) continue;
    const group = places.filter((each) => each === written || mayBeOne(each.shape, written.shape));
    if (group.length > 1 || isOfMany(written)) groups.push(group);
  }
  return groups;
}

function isOfMany({ steps }: Held): boolean {
  return steps.some(({ kind }) => kind === "each");
}

/** An object may be seen with fewer of its fields. */
function mayBeOne(a: MemoryShape, b: MemoryShape): boolean {
  const [name, other] = [nameOfShape(a), nameOfShape(b)];
  if (name !== null || other !== null) return name === other;
  if (a.kind === "object" && b.kind === "object") {
    const [few, many] = a.fields.length <= b.fields.length ? [a, b] : [b, a];
    return few.fields.every(({ name: own, shape }) => {
      const found = many.fields.find((field) => field.name === own);
      return found !== undefined && mayHoldOne(shape, found.shape);
    });
  }
  if (a.kind === "tuple" && b.kind === "tuple") return a.elements.length === b.elements.length;
  if (a.kind !== "array" || b.kind !== "array") return false;
  return a.storage === b.storage && mayHoldOne(a.element, b.element);
}

function mayHoldOne(a: Shape, b: Shape): boolean {
  const [one, other] = [a, b].map((each) => unfolded(each.kind === "maybe" ? each.shape : each));
  if (one === undefined || other === undefined) return true;
  if (isMemory(one) && isMemory(other)) return mayBeOne(one, other);
  const isNumber = ({ kind }: Shape): boolean => kind === "real" || kind === "int";
  return one.kind === other.kind || (isNumber(one) && isNumber(other));
}

function isRest({ ts }: Pick<Context, "ts">, param: TargetParam | undefined): boolean {
  const node = param?.node;
  return node !== undefined && ts.isParameter(node) && node.dotDotDotToken !== undefined;
}
