/** The reverse of a call: what the companion's forward part has given runs on the cotangent of the result. */
import { type Origin, number, real } from "../ir/builder.js";
import { reachedFrom } from "../ir/contained.js";
import { regionOf } from "../ir/places.js";
import type { Call, RegionId } from "../ir/types.js";
import { takenCotangent } from "./incoming.js";
import { type Frame, contribute, isActive, orderOf, temporaryFor } from "./reverse.js";
import { fromAtom } from "./terms.js";

export function reverseCall(frame: Frame, call: Call): void {
  const { sweep, ledger } = frame;
  const planned = sweep.shadows.calls.get(call);
  if (planned === undefined) return;
  const { companion, out, backward } = planned;
  const { builder } = sweep;
  const cotangent = out === null || !isActive(sweep, out) ? null : takenCotangent(frame, out);
  const changed = changedShadows(frame, call);
  if (cotangent === null && changed.length === 0) return;
  ledger.flush();
  const origin: Origin = { statement: call.statement, sweep: "backward" };
  const flowing = companion.numbers.flatMap(({ index, name }) => {
    const arg = call.args[index];
    if (arg === undefined || !isActive(sweep, arg)) return [];
    const hint = temporaryFor(arg, null) ?? { text: name, declared: false };
    return [{ arg, index, name, result: builder.value(real, { ...origin, hint }) }];
  });
  const isWhole = companion.numbers.length === 1;
  builder.call({
    callee: { kind: "lambda", of: frame.recovery.value(backward) },
    args: companion.takesCotangent ? [cotangent ?? number(0)] : [],
    outs: flowing.map(({ result }) => result),
    fields: isWhole || flowing.length === 0 ? null : flowing.map(({ name }) => name),
    writes: changed,
    resizes: call.resizes.map((region) => sweep.regions.of(region)),
    statement: call.statement,
    sweep: "backward",
  });
  const order = orderOf(sweep, call);
  for (const { arg, index, result } of flowing)
    contribute(frame, arg, fromAtom(result, 3), order + index, call.statement);
}

/** Shadows that the reverse of the call adds to. */
function changedShadows({ sweep }: Frame, call: Call): readonly RegionId[] {
  const refs = [...call.args, ...call.outs].filter(
    (atom) => regionOf(atom) !== null && sweep.shadows.isShadowed(atom),
  );
  const reached = reachedFrom(sweep.contained, refs);
  return [...reached].map((region) => sweep.regions.of(region));
}
