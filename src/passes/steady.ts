/**
 * What a loop carries out of it, and which is the same literal at the start of each iteration: the flag of a jump, the
 * value that a `return` gives. Only the way out sets it, so the ways round the loop need not.
 */
import { suggested } from "../ir/builder.js";
import type { Atom, Block, Carried, Func, Hint, If, Loop, Value } from "../ir/types.js";
import { countUses, mapBlocks, substitute } from "../ir/visit.js";

/** True if every iteration that another follows hands on the literal that the first one began with. */
export function isSteady(loop: Loop, index: number): boolean {
  const carried = loop.carried[index];
  const { end } = loop.body;
  if (carried?.init.kind !== "literal" || end.kind !== "yield") return false;
  const [again, value] = [end.values[0], end.values[index + 1]];
  return again !== undefined && value !== undefined && staysIn(loop.body, again, value, carried);
}

function staysIn(block: Block, again: Atom, value: Atom, carried: Carried): boolean {
  if (isLiteral(again, false) || value === carried.param || isSame(value, carried.init)) return true;
  const chosen = chosenIn(block, value);
  return (
    chosen !== null &&
    [chosen.consequent, chosen.alternate].every((arm) => {
      if (arm.end.kind !== "yield") return true;
      const given = through(chosen, arm, value);
      return given !== value && staysIn(arm, through(chosen, arm, again), given, carried);
    })
  );
}

/** The atom as it is at the end of an arm of the `if`. */
export function through({ outs }: If, { end }: Block, atom: Atom): Atom {
  const index = atom.kind === "value" ? outs.indexOf(atom) : -1;
  return index < 0 || end.kind !== "yield" ? atom : (end.values[index] ?? atom);
}

function chosenIn({ instrs }: Block, value: Atom): If | null {
  if (value.kind !== "value") return null;
  return instrs.find((instr): instr is If => instr.kind === "if" && instr.outs.includes(value)) ?? null;
}

/** The ways round a loop of the forward sweep leave what is steady as it is: in one variable, which the way out assigns to. */
export function leaveSteady(func: Func): Func {
  const uses = countUses(func.body);
  const named = new Map<Atom, Value>();
  const body = visit(func.body);
  return { ...func, body: substitute(body, (atom) => named.get(atom) ?? atom) };

  function visit(block: Block): Block {
    const instrs = block.instrs.map((instr) =>
      mapBlocks(instr.kind === "loop" && instr.sweep === "forward" ? left(instr) : instr, visit),
    );
    return { ...block, instrs };
  }

  function left(loop: Loop): Loop {
    return loop.carried.reduce((made, carried, index) => {
      const { end } = made.body;
      const value = end.kind === "yield" ? end.values[index + 1] : undefined;
      if (value === undefined || end.kind !== "yield" || !isSteady(made, index)) return made;
      const param = withName(carried.param, suggested("result"));
      const one: Carried = { init: carried.init, param, out: withName(carried.out, suggested("result")) };
      const [body, yielded] = leave(made.body, value, one);
      const values = end.values.map((atom, at) => (at === index + 1 ? yielded : atom));
      return {
        ...made,
        carried: made.carried.map((each) => (each === carried ? one : each)),
        body: { ...body, end: { ...end, values } },
      };
    }, loop);
  }

  /** The block, and what it yields, with what the iteration began with in place of the literal. */
  function leave(block: Block, value: Atom, carried: Carried): readonly [Block, Atom] {
    if (isSame(value, carried.init)) return [block, carried.param];
    const chosen = chosenIn(block, value);
    if (chosen === null || value.kind !== "value" || uses.get(value.id) !== 1) return [block, value];
    const at = chosen.outs.indexOf(value);
    const inArm = (arm: Block): Block => {
      const given = arm.end.kind === "yield" ? arm.end.values[at] : undefined;
      if (given === undefined || arm.end.kind !== "yield") return arm;
      const [inner, yielded] = leave(arm, given, carried);
      const values = arm.end.values.map((atom, index) => (index === at ? yielded : atom));
      return { ...inner, end: { ...arm.end, values } };
    };
    // What it leaves is what the loop carries, of which the arms may be a special kind.
    const out = withName(value, carried.param.hint, carried.param.type);
    const made: If = {
      ...chosen,
      consequent: inArm(chosen.consequent),
      alternate: inArm(chosen.alternate),
      outs: chosen.outs.map((each) => (each === value ? out : each)),
    };
    return [{ ...block, instrs: block.instrs.map((instr) => (instr === chosen ? made : instr)) }, out];
  }

  function withName(value: Value, hint: Hint | null, type = value.type): Value {
    if (value.hint !== null && value.type === type) return value;
    const made = { ...value, hint: value.hint ?? hint, type };
    named.set(value, made);
    return made;
  }
}

function isSame(atom: Atom, init: Atom): boolean {
  return atom.kind === "literal" && init.kind === "literal" && Object.is(atom.value, init.value);
}

export function isLiteral(atom: Atom, value: boolean): boolean {
  return atom.kind === "literal" && atom.value === value;
}
