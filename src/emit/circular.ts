/** Constants whose types TypeScript would look for in a circle: each in a loop that assigns again what it comes from. */
import { atomsOf, blocksOf, endAtoms } from "../ir/visit.js";
import type { Apply, Atom, Instr, Value, ValueId } from "../ir/types.js";
import { isMixed } from "../ir/shapes.js";
import { copy, narrow } from "../ops/scalar.js";
import type { Folding } from "./fold.js";
import { namedOf } from "./narrowing.js";
import type { Variables } from "./variables.js";

/** A constant's own type has to be written, for it depends on variables whose types may depend on it. */
export function isCircular(out: Value, instr: Instr, folding: Folding, variables: Variables): boolean {
  const isReassigned = (id: ValueId): boolean => variables.isReassigned(variables.of(id));
  if (instr.kind === "load" && namedOf(out) !== null)
    return isReassigned(sourceOf(instr.place.ref, folding).id);
  // What goes along a list: `const node = at; …; at = node.next`.
  const isNamed = namedOf(out) !== null;
  if (
    instr.kind === "apply" &&
    ((instr.op === copy && isNamed) || (instr.op === narrow && out.type.kind === "ref"))
  )
    return instr.args.some((arg) => arg.kind === "value" && goesRound(sourceOf(arg, folding), folding));
  // `const next = nodes[at]?.next; at = next ?? null`.
  const isChain = instr.kind === "if" && out.type.kind === "maybe";
  if (isChain && leavesOf(instr, folding).some((value) => goesRound(value, folding))) return true;
  // `const t = last ?? x; last = v * t`, `const next = last! * x; last = next`.
  if (
    out.type.kind !== "ref" &&
    (instr.kind === "if" || (instr.kind === "apply" && isArithmetic(instr))) &&
    leavesOf(instr, folding).some((value) => isFromRound(value, folding))
  )
    return true;
  // What is found of a value of several kinds depends on what it was given.
  if (out.type.kind !== "bool")
    return leavesOf(instr, folding).some(({ type, id }) => isMixed(type) && isReassigned(id));
  if (instr.kind === "apply")
    return instr.args.some((arg) => arg.kind === "value" && arg.type.kind === "bool" && isReassigned(arg.id));
  return (
    instr.kind === "if" &&
    leavesOf(instr, folding).some(({ type, id }) => type.kind === "maybe" && isReassigned(id))
  );
}

/** TypeScript looks at what it is given, which might be `bigint`. */
function isArithmetic({ op: { spelling }, out }: Apply): boolean {
  return spelling.kind === "binary" && out.type.kind !== "bool";
}

/** A loop assigns it anew. */
function goesRound(value: Value, { instrOf }: Folding): boolean {
  const loop = instrOf.get(value.id);
  return loop?.kind === "loop" && loop.carried.some(({ param }) => param.id === value.id);
}

/** What may be missing, and is assigned anew by a loop or read from what is. */
function isFromRound(value: Value, folding: Folding): boolean {
  if (value.type.kind !== "maybe") return false;
  if (goesRound(value, folding)) return true;
  const instr = folding.instrOf.get(value.id);
  const isRead = instr?.kind === "if" || instr?.kind === "apply";
  return isRead && leavesOf(instr, folding).some((each) => isFromRound(each, folding));
}

/** What a reference is, as it is or taken to be there. */
function sourceOf(value: Value, folding: Folding): Value {
  const instr = folding.folded.has(value.id) ? folding.instrOf.get(value.id) : undefined;
  const [source] = instr?.kind === "apply" ? instr.args : [];
  return source?.kind === "value" ? sourceOf(source, folding) : value;
}

/** The variables in an expression. */
function leavesOf(instr: Instr, folding: Folding): readonly Value[] {
  const ends = blocksOf(instr).flatMap(({ instrs, end }) => [
    ...endAtoms(end),
    ...instrs.flatMap((each) => atomsOf(each)),
  ]);
  return [...atomsOf(instr), ...ends].flatMap((atom: Atom): readonly Value[] => {
    if (atom.kind !== "value") return [];
    const made = folding.folded.has(atom.id) ? folding.instrOf.get(atom.id) : undefined;
    return made === undefined ? [atom] : leavesOf(made, folding);
  });
}
