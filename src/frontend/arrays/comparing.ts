/** The comparison that an array is sorted by. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { number } from "../../ir/builder.js";
import { regionOf } from "../../ir/places.js";
import { blocksOf } from "../../ir/visit.js";
import type { Atom, Instr, RegionId, Value, ValueId } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { toText } from "../../ops/text.js";
import { one, zero } from "./array-growth.js";
import { type Call, callbackOf } from "./array-iteration.js";
import { type Context, poison, refuse, refuseExpression } from "../context.js";
import { type Arm, arm, branch } from "../control/join.js";
import { callStatic } from "../functions/calls.js";
import type { Bound, Static } from "../scope.js";
import { apply, atomOf, numberOf } from "../values.js";

export interface Comparing {
  /** The text that is run for each comparison, if there is any. */
  readonly text: readonly ts.Node[];
  /** Compares two elements: negative where the first one comes first. */
  readonly of: (a: Bound, b: Bound) => Atom;
  /** Compares apart what `at` gives; null where more than reading may happen. */
  readonly compare: (at: (index: Value) => Bound, i: Value, j: Value) => Compared | null;
}

export interface Compared {
  readonly instrs: readonly Instr[];
  readonly result: Atom;
}

/** Typed arrays, texts and numbers need no comparison. */
export function comparingOf(call: Call): Comparing | null {
  const { cx, ref, node } = call;
  const { shape } = ref.type;
  const isTyped = shape.kind === "array" && shape.storage !== "Array";
  const isOfTexts = shape.kind === "array" && shape.element.kind === "string";
  // Without a comparison, an array of numbers is in the order of their texts.
  const isAsTexts = shape.kind === "array" && !isTyped && ["real", "int"].includes(shape.element.kind);
  if (node.arguments.length > 0) {
    const callback = callbackOf(call);
    return callback === null ? null : comparingBy(call, callback);
  }
  if (isTyped)
    return finish(call, [], (a, b) =>
      apply(cx, ops.sub, [numberOf(cx, a, node), numberOf(cx, b, node)], node),
    );
  if (!isOfTexts && !isAsTexts) {
    refuseExpression(cx, node, "`sort` without a comparison");
    return null;
  }
  const textOf = (each: Bound): Atom => {
    const atom = atomOf(cx, each, node);
    return isOfTexts ? atom : apply(cx, toText, [atom], node);
  };
  return finish(call, [], (a, b) => {
    const isBefore = apply(cx, ops.lt, [textOf(a), textOf(b)], node);
    return choice(
      cx,
      node,
      isBefore,
      () => number(-1),
      () => one,
    );
  });
}

function comparingBy(call: Call, callback: Static): Comparing {
  const { cx, node } = call;
  const text = callback.kind === "closure" ? [callback.node] : [];
  return finish(call, text, (a, b) =>
    numberOf(
      cx,
      callStatic(cx, callback, [a, b], node, null, () => undefined),
      node,
    ),
  );
}

function finish(call: Call, text: readonly ts.Node[], of: Comparing["of"]): Comparing {
  const { cx, node } = call;
  const compare: Comparing["compare"] = (at, i, j) => {
    const made = arm(cx, () => behindMissing(cx, at(i), at(j), of, node));
    const effect = effectOf(cx, made);
    if (effect === "none") return made;
    if (effect === "unknown") return null;
    const code = excerpt(node);
    refuse(cx, "changingComparison", node.arguments[0] ?? node, { code, effect: effect.text });
    return { instrs: [], result: poison };
  };
  return { text, of, compare };
}

/** What is missing comes last, and is not compared. */
function behindMissing(cx: Context, a: Bound, b: Bound, of: Comparing["of"], node: ts.Node): Atom {
  if (!mayBeMissing(a) || !mayBeMissing(b)) return of(a, b);
  const isMissing = (each: Bound): Atom => apply(cx, ops.isUndefined, [atomOf(cx, each, node)], node);
  return choice(
    cx,
    node,
    isMissing(a),
    () =>
      choice(
        cx,
        node,
        isMissing(b),
        () => zero,
        () => one,
      ),
    () =>
      choice(
        cx,
        node,
        isMissing(b),
        () => number(-1),
        () => of(a, b),
      ),
  );
}

function mayBeMissing(bound: Bound): boolean {
  return (
    bound.kind === "value" &&
    bound.type.kind === "maybe" &&
    bound.type.none !== "null" &&
    bound.type.none !== "never"
  );
}

function choice(cx: Context, node: ts.Node, test: Atom, a: () => Atom, b: () => Atom): Atom {
  return atomOf(cx, branch(cx, node, test, a, b, null), node);
}

/** What a comparison does beyond reading; "unknown" where it calls what may do so. */
type Effect = "none" | "unknown" | { readonly text: string };

function effectOf(cx: Context, { instrs, writes, raised }: Arm<Atom>): Effect {
  const { environment } = cx.unit;
  if (raised !== undefined && raised.length > 0) return "unknown";
  for (const variable of writes.keys())
    if (environment.get(variable) !== undefined) return { text: `assigns \`${variable.name}\`` };
  const own = new Set<ValueId>();
  const regions = new Set<RegionId>();
  const canonical = (ref: Value): RegionId => cx.unit.regions.canonical(regionOf(ref) ?? -1);
  const isMade = (ref: Value): Effect =>
    own.has(ref.id) ? "none" : regions.has(canonical(ref)) ? "unknown" : { text: "writes to memory" };
  const visit = (instr: Instr): Effect => {
    switch (instr.kind) {
      case "store":
        return isMade(instr.place.ref);
      case "push":
      case "pop":
        return isMade(instr.ref);
      case "alloc":
        if (instr.init.kind === "view") return "none";
        own.add(instr.out.id);
        regions.add(canonical(instr.out));
        return "none";
      case "apply":
        return instr.op.impure && !instr.op.reads ? { text: `calls \`${instr.op.name}\`` } : "none";
      case "foreign":
        return instr.out === null ? { text: "has an effect" } : "unknown";
      case "call":
        return instr.writes.length > 0 ? { text: "writes to memory" } : "unknown";
      case "guard":
        return instr.body.end.kind === "throw" ? worst(instr.body.instrs.map(visit)) : "unknown";
      case "lambda":
        return "unknown";
      default:
        return worst(blocksOf(instr).flatMap((block) => block.instrs.map(visit)));
    }
  };
  return worst(instrs.map(visit));
}

function worst(effects: readonly Effect[]): Effect {
  return (
    effects.find((each) => typeof each === "object") ?? (effects.includes("unknown") ? "unknown" : "none")
  );
}
