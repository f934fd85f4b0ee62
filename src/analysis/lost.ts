/**
 * Where a derivative gets lost on its way to the result: rounding and conversion of a value that depends on a
 * differentiated parameter. Found on the primal function, for warnings.
 */
import { isOfLibrary } from "../ir/foreign.js";
import { forEachInstr, handedOn, initAtoms, outsOf } from "../ir/visit.js";
import type { Apply, Atom, Foreign, Func, Instr, Param, RegionId, Value, ValueId } from "../ir/types.js";
import { isVaried } from "./cells.js";
import { type Calls, noCalls } from "./summaries.js";
import { Backward } from "./useful.js";
import { findContained } from "../ir/contained.js";
import { isLength, regionOf } from "../ir/places.js";

/** Operations, and texts of the library, that lose a derivative which would have reached the result. */
export function findLost(func: Func): readonly (Apply | Foreign)[] {
  const dependent = findDependent(func);
  const useful = findUseful(func);
  const lost: (Apply | Foreign)[] = [];
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "foreign" && isOfLibrary(instr)) {
      if (outsOf(instr).some(({ id }) => useful.has(id) && dependent.has(id))) lost.push(instr);
      return;
    }
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
export function findIndependent(func: Func): readonly Param[] {
  const reached = new Backward(func, false, callsOf(func));
  return func.params.filter(({ wrt, value }) => wrt && !reached.uses(value));
}

/** Of functions that are called, only what they are given is known, with all that it leads to. */
function callsOf(func: Func): Calls & { own: null } {
  return { ...noCalls, contained: findContained(func), own: null };
}

/** Values of any type that depend on a differentiated parameter as data. */
function findDependent(func: Func): ReadonlySet<ValueId> {
  const dependent = new Set<ValueId>(func.params.filter((param) => param.wrt).map((param) => param.value.id));
  const regions = new Set<RegionId>();
  for (const param of func.params) if (param.wrt) addRegion(param.value);
  let size = -1;
  while (size !== dependent.size + regions.size) {
    size = dependent.size + regions.size;
    forEachInstr(func.body, visit);
  }
  return dependent;

  function visit(instr: Instr): void {
    switch (instr.kind) {
      case "if":
      case "loop":
        for (const [from, to] of handedOn(instr)) flow(from, to);
        return;
      case "store":
        keep(instr.place.ref, instr.value);
        return;
      case "push":
        keep(instr.ref, instr.value);
        return;
      case "load":
        if (holds(instr.place.ref) && !isLength(instr.place)) add(instr.out);
        return;
      case "pop":
        if (holds(instr.ref)) add(instr.out);
        return;
      case "alloc":
        for (const atom of initAtoms(instr.init)) {
          keep(instr.out, atom);
          if (atom.kind === "value" && holds(atom)) addRegion(instr.out);
        }
        return;
      case "apply":
        for (const atom of instr.args) flow(atom, instr.out);
        return;
      case "foreign":
        if (instr.out === null) return;
        for (const atom of instr.args) {
          flow(atom, instr.out);
          if (atom.kind === "value" && holds(atom)) add(instr.out);
        }
        return;
      case "call":
        for (const out of instr.outs) for (const atom of instr.args) flow(atom, out);
        return;
      case "guard":
      case "lambda":
      case "order":
        return;
    }
  }

  function flow(from: Atom, to: Value): void {
    if (isVaried(from, dependent)) add(to);
  }

  function keep(ref: Value, atom: Atom): void {
    if (isVaried(atom, dependent)) addRegion(ref);
  }

  function holds(ref: Value): boolean {
    const region = regionOf(ref);
    return dependent.has(ref.id) || (region !== null && regions.has(region));
  }

  function add(value: Value): void {
    dependent.add(value.id);
    addRegion(value);
  }

  function addRegion(value: Value): void {
    const region = regionOf(value);
    if (region !== null) regions.add(region);
  }
}

/** Values that the results are computed from, tests aside. */
function findUseful(func: Func): ReadonlySet<ValueId> {
  return new Backward(func, true, callsOf(func)).useful;
}
