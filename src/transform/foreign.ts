/**
 * The reverse of a call with a derivative by hand: the rule is called with the arguments, the result and its cotangent,
 * and what it returns is added to the cotangents of the arguments.
 */
import { ruledArguments } from "../analysis/foreign.js";
import { type Origin, real, suggested } from "../ir/builder.js";
import { regionOf } from "../ir/places.js";
import { isMemory } from "../ir/shapes.js";
import type { Atom, Foreign, Rule, Shape, Step, Type, Value } from "../ir/types.js";
import { addResult } from "./copies.js";
import { absent } from "./shadow-memory.js";
import { singleTerm } from "./incoming.js";
import { type Frame, type Sweep, contribute, isActive, orderOf, slotOf, temporaryFor } from "./reverse.js";
import { collect, fromAtom } from "./terms.js";
import { write } from "./write.js";

/** An argument that has a cotangent, with the field that holds what is added to it. */
interface Flow {
  readonly arg: Value;
  readonly field: string;
}

/** The arguments to which a derivative flows. */
export function flowsOf(sweep: Pick<Sweep, "activity" | "shadows">, call: Foreign): readonly Flow[] {
  const { activity, shadows } = sweep;
  return ruledArguments(call).flatMap(({ arg, field }) => {
    if (arg.kind !== "value") return [];
    const flows = regionOf(arg) === null ? activity.active.has(arg.id) : shadows.isShadowed(arg);
    return flows ? [{ arg, field }] : [];
  });
}

export function reverseForeign(frame: Frame, instr: Foreign): void {
  const { sweep } = frame;
  const { out, callee, statement, span } = instr;
  if (out === null || callee.rule === null) return;
  const origin: Origin = { statement, span, sweep: "backward" };
  const cotangent = cotangentOf(frame, out, origin);
  const flows = flowsOf(sweep, instr);
  if (cotangent === null || flows.length === 0) return;
  const { rule } = callee;
  const made = callRule(frame, instr, rule, cotangent, origin);
  const order = orderOf(sweep, instr);
  flows.forEach(({ arg, field }, index) => {
    const shape = rule.shape.fields.find(({ name }) => name === field)?.shape;
    if (shape === undefined) return;
    const step: Step = { kind: "field", name: field };
    const part = sweep.builder.load(made, step, typeOf(frame, shape), {
      ...origin,
      hint: temporaryFor(arg, null),
    });
    if (isActive(sweep, arg) && regionOf(arg) === null)
      contribute(frame, arg, fromAtom(part, 3), order + index, statement);
    else addResult(frame, arg, part, shape, statement);
  });
}

/** The cotangent of the result: a number, or the memory that it has gathered in; null where nothing has come. */
function cotangentOf(frame: Frame, out: Value, origin: Origin): Atom | null {
  const { sweep } = frame;
  if (regionOf(out) !== null) {
    if (!sweep.shadows.isShadowed(out)) return null;
    frame.ledger.flush();
    return frame.mirrors.shadow(out);
  }
  if (!isActive(sweep, out)) return null;
  const terms = collect(frame.ledger.take(slotOf(frame, out)));
  if (terms.length === 0) return null;
  frame.ledger.flush();
  const named: Origin = { ...origin, hint: temporaryFor(out, null) };
  return write(sweep.builder, [singleTerm(frame, terms, named)], named);
}

function callRule(frame: Frame, { args, out }: Foreign, rule: Rule, cotangent: Atom, origin: Origin): Value {
  const { builder } = frame.sweep;
  const given = [
    ...args.map((atom) => frame.recovery.atom(atom)),
    ...new Array<Atom>(rule.leftOut).fill(absent),
    ...(out === null ? [] : [frame.recovery.atom(out)]),
  ];
  const type: Type = { kind: "ref", shape: rule.shape, region: builder.region() };
  const made = builder.value(type, { ...origin, hint: suggested(rule.name) });
  builder.foreign(rule.callee, [...given, cotangent], made, origin);
  return made;
}

function typeOf({ sweep }: Frame, shape: Shape): Type {
  return isMemory(shape) ? { kind: "ref", shape, region: sweep.builder.region() } : real;
}
