/** Memory while interpreting: allocations, reads and writes. */
import { inBox, isBox, isBoxType } from "./boxes.js";
import { InternalError, invariant } from "../support/invariant.js";
import type { Scalar } from "./op.js";
import { isSeveral } from "./containers.js";
import { isKeyed, shapeOfType } from "./shapes.js";
import {
  copyOf,
  hasCell,
  isReference,
  type Key,
  makeArray,
  makeArrayLike,
  makeInstance,
  makeKeyed,
  makeObject,
  readCell,
  setPresence,
  sizeOf,
  writeCell,
  zerosLike,
} from "./memory.js";
import { closedLike } from "./closing.js";
import { isFoundByKeys } from "./growth.js";
import { isLength, isPresence } from "./places.js";
import { type Frame, type Pair, read } from "./interpret-frame.js";
import type { Alloc, Atom, MemoryShape, Place, Step, Type } from "./types.js";
import { propertyOf } from "./variant-cells.js";

export function runLoad({ ref, step }: Place, type: Type, frame: Frame): Pair {
  const { primal: memory, tangent: shadow } = read(ref, frame);
  const key = keyOf(step, frame);
  if (step.kind === "index" && step.asks !== undefined)
    return { primal: hasCell(memory, key, step.asks), tangent: 0 };
  if (isLength({ ref, step }) && isFoundByKeys(ref)) return { primal: sizeOf(memory), tangent: 0 };
  if (isBoxType(ref.type)) {
    const primal = inBox(memory, step.kind === "field" ? step.name : "");
    return { primal, tangent: primal === undefined ? 0 : shadow };
  }
  const primal = readCell(memory, key);
  if (!frame.dual || type.kind === "int") return { primal, tangent: 0 };
  // What holds no numbers may be missing from the shadow.
  return { primal, tangent: isReference(shadow) ? (readCell(shadow, key) ?? 0) : 0 };
}

export function runStore({ ref, step }: Place, value: Pair, frame: Frame): void {
  const { primal: memory, tangent: shadow } = read(ref, frame);
  const key = keyOf(step, frame);
  if (isPresence({ ref, step })) {
    setPresence(memory, key, value.primal === true);
    if (frame.dual && isReference(shadow)) setPresence(shadow, key, value.primal === true);
    return;
  }
  writeCell(memory, key, value.primal);
  if (frame.dual && (isReference(shadow) || value.tangent !== 0)) writeCell(shadow, key, value.tangent);
}

export function runAlloc({ init, out }: Alloc, frame: Frame): Pair {
  if (init.kind === "clone") {
    const { primal, tangent } = read(init.of, frame);
    return { primal: copyOf(primal), tangent: copyOf(tangent) };
  }
  if (init.kind === "closed") {
    const [of, { primal: like }] = [read(init.of, frame), read(init.like, frame)];
    const shape = shapeOfType(out.type);
    const tangent = frame.dual ? closedLike(of.tangent, like, shape) : 0;
    return { primal: closedLike(of.primal, like, shape), tangent };
  }
  invariant(out.type.kind === "ref", "interpreter", "an allocation makes a reference");
  const { shape } = out.type;
  switch (init.kind) {
    case "filled": {
      const length = Number(read(init.length, frame).primal);
      const { primal, tangent } = read(init.value, frame);
      return arrays(shape, new Array(length).fill(primal), new Array(length).fill(tangent));
    }
    case "slice": {
      const { primal, tangent } = read(init.of, frame);
      const [from, to] = [init.from, init.to].map((atom) =>
        atom === null ? undefined : Number(read(atom, frame).primal),
      );
      const cut = (memory: unknown): unknown[] =>
        isReference(memory) ? Array.from(memory as unknown[]).slice(from, to) : [];
      return arrays(shape, cut(primal), frame.dual ? cut(tangent) : [], primal);
    }
    case "view": {
      const { primal, tangent } = read(init.of, frame);
      const from = Number(read(init.from, frame).primal);
      const to = init.to === null ? undefined : Number(read(init.to, frame).primal);
      const show = (memory: unknown): unknown => (memory as Float64Array).subarray(from, to);
      return { primal: show(primal), tangent: isReference(tangent) ? show(tangent) : 0 };
    }
    case "tape":
      return { primal: [], tangent: 0 };
    case "listing":
      return {
        primal: init.op.evaluate(...init.args.map((atom) => read(atom, frame).primal as Scalar)),
        tangent: 0,
      };
    case "zeros": {
      const { primal } = read(init.like, frame);
      // What is absent has no shadow either, but for an array, whose shadow is walked over: it is empty.
      if (!isReference(primal) && shape.kind === "array") return { primal: [], tangent: frame.dual ? [] : 0 };
      if (!isReference(primal) && !isBoxType(init.like.type)) return { primal, tangent: 0 };
      return { primal: zerosLike(primal, shape), tangent: frame.dual ? zerosLike(primal, shape) : 0 };
    }
    case "elements": {
      const pairs = init.elements.map((atom) => read(atom, frame));
      return arrays(
        shape,
        pairs.map(({ primal }) => primal),
        pairs.map(({ tangent }) => tangent),
      );
    }
    case "object": {
      const entries = init.entries.map(({ name, value }) => [name, read(value, frame)] as const);
      if (isBox(shape))
        return entries.map(([, pair]) => pair).find(({ primal }) => primal !== undefined) ?? nothing;
      if (isKeyed(shape)) {
        return {
          primal: makeKeyed(
            shape,
            entries.map(([name, { primal }]) => [name, primal]),
          ),
          tangent: makeKeyed(
            shape.keeps === "keys" ? { ...shape, storage: "Map" } : shape,
            entries.map(([name, { tangent }]) => [name, tangent]),
          ),
        };
      }
      const cells = entries.map(([name, { primal }]) => [propertyOf(name), primal] as const);
      return {
        primal:
          init.instance === undefined ? makeObject(shape, cells) : makeInstance(init.instance.names, cells),
        tangent: makeObject(
          shape,
          entries.map(([name, { tangent }]) => [propertyOf(name), tangent]),
        ),
      };
    }
  }
}

/** An array and its shadow. Tangents are not rounded to single precision. */
export function arrays(
  shape: MemoryShape,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  like: unknown = null,
): Pair {
  const storage = shape.kind === "array" ? shape.storage : "Array";
  const isPlain = storage === "Array" || storage === "Several";
  return {
    primal: isSeveral(shape) ? makeArrayLike(like, primals, shape) : makeArray(storage, primals),
    tangent: makeArray(isPlain ? "Array" : "Float64Array", tangents),
  };
}

export function keyOf(step: Step, frame: Frame): Key {
  if (step.kind === "field") return propertyOf(step.name);
  const { primal } = read(step.index, frame);
  return typeof primal === "string" || isObject(primal) ? primal : Number(primal);
}

export function isTrue(atom: Atom, frame: Frame): boolean {
  const { primal } = read(atom, frame);
  if (typeof primal === "boolean") return primal;
  throw new InternalError("interpreter", `the condition ${String(primal)} is not a boolean`);
}

function isObject(value: unknown): value is object {
  return isReference(value);
}

const nothing: Pair = { primal: undefined, tangent: 0 };
