/**
 * Where a derivative gets lost on its way to the result: rounding and conversion of a value that depends on a
 * differentiated parameter. Found on the primal function, for warnings.
 */
import { atomsOf, endAtoms, forEachBlock, forEachInstr } from "../ir/visit.js";
import type { Apply, Atom, Func, Instr, Param, ValueId } from "../ir/types.js";
import { isVaried } from "./activity.js";

/** Operations that lose a derivative which would have reached the result. */
export function findLost(func: Func): readonly Apply[] {
  const dependent = findDependent(func);
  const useful = findUseful(func);
  const lost: Apply[] = [];
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "apply" || !useful.has(instr.out.id)) return;
    if (!instr.op.losesDerivative && !isStep(instr)) return;
    if (instr.args.some((arg) => isVaried(arg, dependent))) lost.push(instr);
  });
  return lost;
}

/** A comparison turned into a number. */
function isStep(instr: Apply): boolean {
  return instr.out.type.kind === "real" && instr.args.length === 1 && instr.args[0]?.type.kind === "bool";
}

/** Differentiated parameters from which no derivative reaches any of the results. */
export function findIndependent(func: Func, varied: ReadonlySet<ValueId>): readonly Param[] {
  const useful = findUseful(func);
  const isRead = new Set<ValueId>();
  forEachInstr(func.body, (instr) => {
    if (!outIds(instr).some((id) => useful.has(id) && varied.has(id))) return;
    for (const atom of atomsOf(instr)) if (atom.kind === "value") isRead.add(atom.id);
    if (instr.kind !== "if") return;
    for (const arm of [instr.consequent, instr.alternate])
      markEnd(arm.end.kind === "yield" ? arm.end.values : []);
  });
  forEachBlock(func.body, ({ end }) => {
    if (end.kind === "return") markEnd(end.values);
  });
  return func.params.filter((param) => param.wrt && !isRead.has(param.value.id));

  function markEnd(atoms: readonly Atom[]): void {
    for (const atom of atoms) if (atom.kind === "value") isRead.add(atom.id);
  }
}

/** Values of any type that depend on a differentiated parameter as data. */
function findDependent(func: Func): ReadonlySet<ValueId> {
  const dependent = new Set<ValueId>(func.params.filter((param) => param.wrt).map((param) => param.value.id));
  const visit = (instrs: readonly Instr[]): void => {
    for (const instr of instrs) {
      if (instr.kind === "if") {
        visit(instr.consequent.instrs);
        visit(instr.alternate.instrs);
        instr.outs.forEach((out, index) => {
          const arms = [instr.consequent.end, instr.alternate.end];
          const atoms = arms.map((end) => (end.kind === "yield" ? end.values[index] : undefined));
          if (atoms.some((atom) => atom !== undefined && isVaried(atom, dependent))) dependent.add(out.id);
        });
      } else if (instr.kind === "guard") {
        visit(instr.body.instrs);
      } else if (atomsOf(instr).some((atom) => isVaried(atom, dependent))) {
        for (const id of outIds(instr)) dependent.add(id);
      }
    }
  };
  visit(func.body.instrs);
  return dependent;
}

/** Values that the results are computed from, tests aside. */
function findUseful(func: Func): ReadonlySet<ValueId> {
  const makers = new Map<ValueId, readonly Atom[]>();
  const open: Atom[] = [];
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "if") {
      instr.outs.forEach((out, index) => {
        const ends = [instr.consequent.end, instr.alternate.end];
        makers.set(
          out.id,
          ends.flatMap((end) => (end.kind === "yield" ? end.values.slice(index, index + 1) : [])),
        );
      });
    } else if (instr.kind !== "guard") {
      for (const id of outIds(instr)) makers.set(id, atomsOf(instr));
    }
  });
  forEachBlock(func.body, ({ end }) => {
    if (end.kind === "return") open.push(...endAtoms(end));
  });
  const useful = new Set<ValueId>();
  for (let atom = open.pop(); atom !== undefined; atom = open.pop()) {
    if (atom.kind !== "value" || useful.has(atom.id)) continue;
    useful.add(atom.id);
    open.push(...(makers.get(atom.id) ?? []));
  }
  return useful;
}

function outIds(instr: Instr): readonly ValueId[] {
  if (instr.kind === "if") return instr.outs.map((out) => out.id);
  return instr.kind === "store" || instr.kind === "guard" ? [] : [instr.out.id];
}
