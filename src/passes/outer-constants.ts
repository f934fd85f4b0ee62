/**
 * Constants of modules: the emitted file declares them once, and nobody hands them over. Comes last: what is left are no
 * closed functions.
 */
import { findContained, reachedFrom } from "../ir/contained.js";
import { regionOf, writtenRegions } from "../ir/places.js";
import type { Alloc, Apply, Atom, Block, Func, Instr, Param, Value, ValueId } from "../ir/types.js";
import {
  atomsOf,
  callsIn,
  countUses,
  endAtoms,
  forEachBlock,
  forEachInstr,
  mapCallees,
  withCallees,
} from "../ir/visit.js";
import { slotOf, withoutIdle } from "./idle-parameters.js";

export function moveConstantsOut(program: Func): Func {
  const slim = withoutIdle(program);
  const candidates = findConstants(slim);
  const handed = constantsHanded(slim, candidates);
  const made = [...candidates.values()].flatMap(({ kind, out }) => (kind === "alloc" ? [out] : []));
  const wanted = withParts([...made, ...handed.values()], candidates);
  if (wanted.size === 0) return slim;
  const constants = [...candidates.values()].filter(({ out }) => wanted.has(out.id));
  const names = uniqueNames(constants.map(({ out }) => out));
  const seen = (func: Func): Func => ({
    ...func,
    params: func.params.map((param, index) => {
      const constant = handed.get(slotOf(func.name, index));
      return constant === undefined
        ? param
        : { ...param, name: names.get(constant.id) ?? param.name, isLeftOut: true };
    }),
  });
  const outer = constants.flatMap(({ out }): Param[] => {
    const name = names.get(out.id);
    return name === undefined ? [] : [{ value: out, name, wrt: false, isLeftOut: true }];
  });
  const { instrs, end } = slim.body;
  const body = { instrs: instrs.filter((each) => !isOneOf(each, wanted)), end };
  return mapCallees({ ...slim, params: [...slim.params, ...outer], body, constants }, seen);
}

/** A name for each that has one, which none of the others has. */
function uniqueNames(values: readonly Value[]): ReadonlyMap<ValueId, string> {
  const names = new Map<ValueId, string>();
  const taken = new Set<string>();
  for (const { id, hint } of values) {
    if (hint?.declared !== true) continue;
    let name = hint.text;
    for (let version = 2; taken.has(name); version++) name = `${hint.text}${String(version)}`;
    taken.add(name);
    names.set(id, name);
  }
  return names;
}

type Candidates = ReadonlyMap<ValueId, Alloc | Apply>;

/** What the target makes of the constants of modules, and nothing writes to. */
function findConstants(func: Func): Candidates {
  const touched = new Set<number | null>();
  const contained = findContained(func);
  forEachInstr(func.body, (instr) => {
    // What code that is not compiled does is not known.
    const regions = instr.kind === "foreign" ? reachedFrom(contained, instr.args) : writtenRegions(instr);
    for (const region of regions) touched.add(region);
  });
  const found = new Map<ValueId, Alloc | Apply>();
  for (const instr of func.body.instrs) {
    if (instr.kind !== "alloc" && instr.kind !== "apply") continue;
    const { out } = instr;
    if (out.statement?.isOfModule !== true || (instr.kind === "alloc" && touched.has(regionOf(out))))
      continue;
    if (isPlain(instr) && isMadeOf(instr, found)) found.set(out.id, instr);
  }
  return withNames(func, found);
}

/** Those that have a name, or are written in no other place than in one that has, and that no variable comes to hold. */
function withNames(func: Func, found: Map<ValueId, Alloc | Apply>): Candidates {
  for (let before = -1; before !== found.size;) {
    before = found.size;
    const others = withoutThem(func.body, found);
    for (const id of countUses(others).keys()) if (!isNamed(found.get(id)?.out)) found.delete(id);
    for (const id of heldIn(others)) found.delete(id);
    const uses = countUses({ instrs: [...found.values()], end: { kind: "yield", values: [] } });
    for (const [id, instr] of found) {
      const isRepeated = (uses.get(id) ?? 0) > 1 && !isNamed(instr.out);
      if (isRepeated || !isMadeOf(instr, found)) found.delete(id);
    }
  }
  return found;
}

function isNamed(value: Value | undefined): boolean {
  return value?.hint?.declared === true;
}

function withoutThem({ instrs, end }: Block, found: Candidates): Block {
  return { instrs: instrs.filter((each) => !isOneOf(each, found)), end };
}

/** Memory that a variable or other memory comes to hold: its type is that of more than the constant. */
function heldIn(body: Block): ReadonlySet<ValueId> {
  const held = new Set<ValueId>();
  const hold = (atom: Atom): void => {
    if (atom.kind === "value" && regionOf(atom) !== null) held.add(atom.id);
  };
  forEachBlock(body, ({ end }) => {
    endAtoms(end).forEach(hold);
  });
  forEachInstr(body, (instr) => {
    if (instr.kind === "store" || instr.kind === "push") hold(instr.value);
    if (instr.kind === "loop") for (const { init } of instr.carried) hold(init);
    if (instr.kind === "alloc" && (instr.init.kind === "object" || instr.init.kind === "elements"))
      atomsOf(instr).forEach(hold);
  });
  return held;
}

function isPlain(instr: Alloc | Apply): boolean {
  if (instr.kind === "apply") return !instr.op.impure && !instr.op.reads;
  const { init } = instr;
  if (init.kind === "slice") return init.from === null && init.to === null;
  return (init.kind === "object" && init.instance === undefined) || init.kind === "elements";
}

/** Of literals and of those. Lists of words are often keys, which takes another type than `string[]`. */
function isMadeOf(instr: Instr, found: Candidates): boolean {
  const isList = instr.kind === "alloc" && instr.init.kind === "elements";
  return atomsOf(instr).every((atom) =>
    atom.kind === "value"
      ? found.has(atom.id)
      : ["number", "boolean"].includes(typeof atom.value) || (typeof atom.value === "string" && !isList),
  );
}

/** For each parameter that is one constant at all calls: which. */
function constantsHanded(program: Func, candidates: Candidates): ReadonlyMap<string, Value> {
  const functions = withCallees(program);
  const params = new Map(functions.map((each) => [each.name, each.params]));
  const held = new Map(functions.map((each) => [each.name, heldIn(each.body)]));
  /** Null for what is not the same everywhere. */
  const handed = new Map<string, Value | null>();
  for (let changed = true; changed;) {
    changed = false;
    for (const func of functions) {
      const own = new Map(func.params.map(({ value }, index) => [value.id, slotOf(func.name, index)]));
      for (const { callee, args } of callsIn(func)) {
        if (callee.kind !== "function") continue;
        args.forEach((atom, index) => {
          const param = params.get(callee.name)?.[index];
          if (param?.isSeen !== true) return;
          const slot = slotOf(callee.name, index);
          const given = givenBy(atom, own);
          if (given === undefined) return;
          const known = handed.get(slot);
          const isRead = held.get(callee.name)?.has(param.value.id) === false;
          const met = isRead && (known === undefined || known === given) ? given : null;
          if (met === known) return;
          handed.set(slot, met);
          changed = true;
        });
      }
    }
  }
  return new Map([...handed].flatMap(([slot, value]) => (value === null ? [] : [[slot, value] as const])));

  /** Undefined as long as it is not known. */
  function givenBy(atom: Atom, own: ReadonlyMap<ValueId, string>): Value | null | undefined {
    if (atom.kind === "literal") return null;
    const slot = own.get(atom.id);
    if (slot !== undefined) return handed.get(slot);
    const made = candidates.get(atom.id)?.out;
    return made?.hint?.declared === true ? made : null;
  }
}

/** The constants, and those that they consist of. */
function withParts(constants: readonly Value[], candidates: Candidates): ReadonlySet<ValueId> {
  const wanted = new Set(constants.map(({ id }) => id));
  for (const id of wanted) {
    const instr = candidates.get(id);
    for (const atom of instr === undefined ? [] : atomsOf(instr))
      if (atom.kind === "value") wanted.add(atom.id);
  }
  return wanted;
}

function isOneOf(instr: Instr, values: { readonly has: (id: ValueId) => boolean }): boolean {
  return (instr.kind === "alloc" || instr.kind === "apply") && values.has(instr.out.id);
}
