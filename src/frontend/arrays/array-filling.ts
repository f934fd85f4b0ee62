/** Arrays whose elements are computed one after the other, in their order. */
import type { ts } from "ts-morph";
import { boolean, number } from "../../ir/builder.js";
import { isSeveral } from "../../ir/containers.js";
import type { Atom, Hint, Literal, MemoryShape, Shape } from "../../ir/types.js";
import { keyOfIndex, pushElement } from "./array-growth.js";
import { emptyArray } from "./array-spread.js";
import { type Context, origin } from "../context.js";
import { storeCell } from "../memory.js";
import type { RefValue } from "../values.js";
import { noteMaker, widenedShape } from "../types/widening.js";

export interface Filling {
  readonly out: RefValue;
  /** Puts the next element, which is that at `index`. */
  readonly put: (index: Atom, value: Atom) => void;
}

/** Of numbers and the like, all elements are made at once; others are appended. An array may be kept as `like` is. */
export function startFilling(
  cx: Context,
  shape: MemoryShape,
  length: () => Atom,
  node: ts.Node,
  hint: Hint | null,
  like: RefValue | null = null,
): Filling {
  const wide = widenedShape(cx, node, shape);
  const blank = wide.kind === "array" ? blankOf(wide.element) : null;
  if (blank === null) {
    const out = emptyArray(cx, wide, node, hint);
    return {
      out,
      put: (_, value) => {
        pushElement(cx, out, value, node);
      },
    };
  }
  const init =
    isSeveral(wide) && like !== null
      ? ({ kind: "zeros", like } as const)
      : ({ kind: "filled", length: length(), value: blank } as const);
  const out = cx.unit.builder.alloc(wide, init, origin(cx, node, hint)) as RefValue;
  noteMaker(cx, out, node);
  return {
    out,
    put: (index, value) => {
      storeCell(cx, out, keyOfIndex(index), value, node);
    },
  };
}

/** Elements that are left out are none of the array. */
export function startSparse(cx: Context, shape: MemoryShape, node: ts.Node, hint: Hint | null): Filling {
  const out = emptyArray(cx, widenedShape(cx, node, shape), node, hint);
  return {
    out,
    put: (index, value) => {
      storeCell(cx, out, keyOfIndex(index), value, node);
    },
  };
}

/** What stands in an array until it is filled. */
export function blankOf(shape: Shape): Literal | null {
  switch (shape.kind) {
    case "real":
    case "int":
      return number(0);
    case "bool":
      return boolean(false);
    case "string":
      return { kind: "literal", type: { kind: "string" }, value: "", spelling: '""' };
    default:
      return null;
  }
}
