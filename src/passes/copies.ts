/**
 * Looks through what only passes a value on: copies without a name of the user's, `if`s whose arms yield the same, and
 * `if`s whose test is known; and what is asked of something that turns out to be missing.
 */
import { declaredInside } from "../ir/builder.js";
import { forEachInstr, handedOn, mapBlocks, substituteAtoms, substituteEnd } from "../ir/visit.js";
import type { Apply, Atom, Block, Func, If, Instr, Value, ValueId } from "../ir/types.js";
import { copy } from "../ops/scalar.js";
import { constantOf } from "./constants.js";
import { onNothing } from "./known-values.js";
import { invariant } from "../support/invariant.js";

export function propagateCopies(func: Func): Func {
  const renamed = passedOn(func.body);
  const known = new Map<ValueId, Atom>();
  const resolve = (atom: Atom): Atom => (atom.kind === "value" ? (known.get(atom.id) ?? atom) : atom);
  return { ...func, body: visit(func.body) };

  function visit(block: Block): Block {
    const instrs: Instr[] = [];
    for (const original of block.instrs) {
      const instr = kept(settled(substituteAtoms(original, resolve)));
      if (instr.kind === "apply" && instr.op === copy && !isNaming(instr)) {
        const [source] = instr.args;
        invariant(source, "copies", "a copy of nothing");
        known.set(instr.out.id, source);
      } else if (instr.kind === "apply" && isFree(instr)) {
        const constant = constantOf(instr);
        if (constant === null) instrs.push(instr);
        else if (isFirstName(instr.out, constant)) instrs.push({ ...instr, op: copy, args: [constant] });
        else known.set(instr.out.id, constant);
      } else if (instr.kind === "if") {
        instrs.push(...visitIf(instr));
      } else {
        instrs.push(mapBlocks(instr, visit));
      }
    }
    return { instrs, end: substituteEnd(block.end, resolve) };
  }

  /** What has had a line under another name in a function that is written out has one under its own. */
  function kept(instr: Instr): Instr {
    if ((instr.kind !== "apply" && instr.kind !== "load") || !renamed.has(instr.out.id)) return instr;
    const { hint } = instr.out;
    invariant(hint, "copies", "a value without a name is passed on");
    const out: Value = { ...instr.out, hint: declaredInside(hint.text) };
    known.set(out.id, out);
    return { ...instr, out };
  }

  function visitIf(instr: If): readonly Instr[] {
    if (instr.test.kind === "literal") {
      const arm = visit(instr.test.value === true ? instr.consequent : instr.alternate);
      if (arm.end.kind !== "yield") return [{ ...instr, ...onlyArm(instr, arm) }];
      const { values } = arm.end;
      instr.outs.forEach((out, index) => forward(out, values[index]));
      return arm.instrs;
    }
    const swept = { ...instr, consequent: visit(instr.consequent), alternate: visit(instr.alternate) };
    const { consequent, alternate } = swept;
    if (consequent.end.kind !== "yield" || alternate.end.kind !== "yield") return [swept];
    for (const [index, out] of instr.outs.entries()) {
      const a = consequent.end.values[index];
      const b = alternate.end.values[index];
      if (a !== undefined && b !== undefined && isSame(a, b)) forward(out, a);
    }
    return [swept];
  }

  function forward(out: Value, atom: Atom | undefined): void {
    if (atom !== undefined) known.set(out.id, atom);
  }
}

/** What an `if` turns out to give may be nothing. */
function settled(instr: Instr): Instr {
  if (instr.kind !== "apply") return instr;
  const atom = onNothing(instr);
  return atom === null ? instr : { ...instr, op: copy, args: [atom] };
}

/** The values that are given another name in a function that is written out. */
function passedOn(body: Block): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  const sources = new Map<ValueId, Value>();
  forEachInstr(body, (instr) => {
    if (instr.kind !== "apply" || !isOtherName(instr)) return;
    const [source] = instr.args;
    if (source?.kind !== "value") return;
    const origin = sources.get(source.id) ?? source;
    sources.set(instr.out.id, origin);
    if (origin.hint?.declared !== true) found.add(origin.id);
  });
  // What goes round a loop has the name of the variable that it is there.
  forEachInstr(body, (instr) => {
    if (instr.kind !== "loop") return;
    for (const [from] of handedOn(instr))
      if (from.kind === "value") found.delete((sources.get(from.id) ?? from).id);
  });
  return found;
}

/** In a function that is written out, for what has a name around it. */
function isOtherName({ op, out, args: [source] }: Apply): boolean {
  if (op !== copy || out.hint?.isInner !== true) return false;
  return source?.kind === "literal" || source?.hint != null;
}

/** The copy gives the value a name of the user's, or a cotangent a name that it does not have yet. */
function isNaming(instr: Apply): boolean {
  const {
    out,
    args: [source],
  } = instr;
  if (out.hint?.declared !== true || isOtherName(instr)) return false;
  const known = source?.kind === "value" && source.sweep === "backward" ? source.hint : null;
  return out.sweep === "forward" || known?.text !== out.hint.text;
}

/** What it turns out to be has no name yet. */
function isFirstName({ hint }: Value, constant: Atom): boolean {
  return hint?.declared === true && constant.kind === "value" && constant.hint === null;
}

/** No line of the user's that has to stay. */
function isFree({ out: { hint } }: Apply): boolean {
  return hint === null || !hint.declared || hint.isInner === true;
}

function onlyArm(instr: If, arm: Block): Pick<If, "consequent" | "alternate"> {
  return instr.test.kind === "literal" && instr.test.value === true
    ? { consequent: arm, alternate: instr.alternate }
    : { consequent: instr.consequent, alternate: arm };
}

function isSame(a: Atom, b: Atom): boolean {
  if (a.kind === "value" || b.kind === "value") return a.kind === b.kind && a === b;
  return Object.is(a.value, b.value);
}
