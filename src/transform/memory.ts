/**
 * The reverse of memory. A load adds to the shadow's cell; a store takes the shadow's cell over and clears it; what
 * fills new memory receives what has gathered in its cells.
 */
import type { Activity } from "../analysis/activity.js";
import { type Origin, boolean, declared, number, real, suggested, text, whole } from "../ir/builder.js";
import { asked, isPresence, regionOf } from "../ir/places.js";
import type { Definitions, Site } from "../analysis/definitions.js";
import { isKeyed, isMemory, maybeType, unfolded } from "../ir/shapes.js";
import { atomsOf, endAtoms, forEachBlock, forEachInstr } from "../ir/visit.js";
import type {
  Alloc,
  Atom,
  Block,
  Func,
  Instr,
  Load,
  Place,
  Pop,
  Push,
  RefType,
  RegionId,
  Statement,
  Step,
  Store,
  Value,
  ValueId,
} from "../ir/types.js";
import { isFoundByKeys } from "../ir/growth.js";
import { add, copy, narrow, ne, sub } from "../ops/scalar.js";
import type { Replaced } from "./shadow-plan.js";
import { flowsOf } from "./foreign.js";
import type { Adopted } from "./adoption.js";
import { cellOf } from "./cells.js";
import { isReferenceCell } from "./shadow-memory.js";
import { addClone, addSlice, lengthOf, receiveFilled } from "./copies.js";
import {
  type Frame,
  type Sweep,
  contribute,
  isActive,
  orderOf,
  slotOf,
  slotOfCell,
  temporaryFor,
} from "./reverse.js";
import { type Term, collect, fromAtom } from "./terms.js";
import { updateOf } from "./updates.js";
import { write } from "./write.js";

/** True if the reverse of the block changes a shadow. */
export function touchesMemory(sweep: Sweep, block: Block): boolean {
  let touches = false;
  forEachInstr(block, (instr) => {
    touches ||= changesShadow(sweep, instr);
  });
  return touches;
}

/** Arrays from which something is taken off, here or in a function that is called. */
export function findShrinking({ body }: Func): ReadonlySet<RegionId> {
  const found = new Set<RegionId>();
  forEachInstr(body, (instr) => {
    if (instr.kind === "call") for (const region of instr.resizes) found.add(region);
    const region = instr.kind === "pop" ? regionOf(instr.ref) : null;
    if (region !== null) found.add(region);
  });
  return found;
}

function changesShadow(sweep: Sweep, instr: Instr): boolean {
  const { activity, shadows } = sweep;
  const { replaced, calls } = shadows;
  switch (instr.kind) {
    case "store":
      return replaced.has(instr) || activity.isActiveCell(instr.place.ref, instr.place.step);
    // Arrays of objects hold no numbers themselves. What is taken off comes back to its place only if what came onto it
    // has gone before.
    case "push":
    case "pop":
      return (
        isActiveRegion(activity, instr.ref) ||
        (sweep.shrinking.has(regionOf(instr.ref) ?? -1) && shadows.isShadowed(instr.ref))
      );
    case "alloc":
      return isActiveRegion(activity, instr.out);
    case "foreign":
      return flowsOf(sweep, instr).some(({ arg }) => regionOf(arg) !== null);
    case "call":
      return calls.has(instr);
    default:
      return false;
  }
}

function isActiveRegion(activity: Activity, ref: Value): boolean {
  const region = regionOf(ref);
  return region !== null && activity.isActiveRegion(region);
}

export function reverseLoad(frame: Frame, instr: Load): void {
  const { sweep, ledger } = frame;
  const { out } = instr;
  if (!isActive(sweep, out)) return;
  const cell = cellOf(sweep.slots, sweep.definitions, instr);
  // The cotangent of an unnamed read of a parameter's cell is the cell's own.
  if (cell !== null && out.hint?.declared !== true) return;
  const terms = collect(ledger.take(slotOf(frame, out)));
  if (terms.length === 0) return;
  const order = orderOf(sweep, instr);
  if (cell !== null) {
    for (const term of terms) ledger.contribute(slotOfCell(sweep, cell), term, order, out.statement);
    return;
  }
  // What is added to the cell leaves its cotangent as it is.
  if (sweep.updates.has(instr)) return;
  const place = frame.mirrors.place(instr.place);
  if (!mayMissItsArray(sweep, instr)) {
    addTo(frame, place, terms, out.statement);
    return;
  }
  // Read in any case, used in some: where it lies behind the end, nothing flows, and nothing may be added there.
  const { builder } = sweep;
  const origin: Origin = { statement: out.statement, sweep: "backward" };
  const total = write(builder, terms, { ...origin, hint: temporaryFor(out, null) ?? suggested("t") });
  const test = builder.apply(ne, [total, number(0)], origin);
  const body = builder.block(() => {
    addTo(frame, place, [fromAtom(total, 3)], out.statement);
    return { kind: "yield", values: [] };
  });
  builder.if(test, body, { instrs: [], end: { kind: "yield", values: [] } }, [], out.statement);
}

/** An element of a plain array, by an index, that matters only on some of the ways from here. */
function mayMissItsArray({ func, definitions, guarded }: Sweep, { place, out }: Load): boolean {
  const type = place.ref.type.kind === "maybe" ? place.ref.type.type : place.ref.type;
  if (type.kind !== "ref" || type.shape.kind !== "array") return false;
  // Under a key there may be nothing.
  if (isKeyed(type.shape)) return guarded.has(out.id);
  if (type.shape.storage !== "Array") return false;
  if (func.unsure?.has(out.id) === true) return true;
  const isKnown = place.step.kind !== "index" || place.step.index.kind === "literal";
  if (isKnown && out.type.kind !== "maybe") return false;
  return guarded.has(out.id) && definitions.of.has(out.id);
}

/** `place += terms` on a shadow. */
function addTo({ sweep }: Frame, place: Place, terms: readonly Term[], statement: Statement | null): void {
  const { builder } = sweep;
  const origin: Origin = { statement, sweep: "backward" };
  const before = builder.load(place.ref, place.step, real, origin);
  const negative = terms.every((term) => term.coefficient < 0);
  const signed = negative ? terms.map((term) => ({ ...term, coefficient: -term.coefficient })) : terms;
  const sum = builder.apply(negative ? sub : add, [before, write(builder, signed, origin)], origin);
  builder.store(place, sum, origin);
}

export function reverseStore(frame: Frame, instr: Store): void {
  const { sweep } = frame;
  const { builder } = sweep;
  const { place, value, statement } = instr;
  if (regionOf(value) !== null) {
    const replaced = sweep.shadows.replaced.get(instr);
    if (replaced !== undefined) restore(frame, instr, replaced);
    return;
  }
  // Where nothing is stored, the shadow has stayed where it was.
  const isCleared = value.type.kind === "nothing" && isReferenceCell(place);
  if (isCleared || !sweep.activity.isActiveCell(place.ref, place.step)) return;
  frame.ledger.flush();
  if (isPresence(place)) {
    reverseRemoval(frame, instr);
    return;
  }
  const shadow = frame.mirrors.place(place);
  const order = orderOf(sweep, instr);
  const update = updateOf(sweep, instr);
  const origin: Origin = { statement, sweep: "backward" };
  if (update !== null) {
    const name = update.addend.kind === "value" ? temporaryFor(update.addend, null) : null;
    if (!isActive(sweep, update.addend)) return;
    const cotangent = builder.load(shadow.ref, shadow.step, real, { ...origin, hint: name });
    const term = fromAtom(cotangent, 3);
    contribute(frame, update.addend, { ...term, coefficient: update.sign }, order, statement);
    return;
  }
  const hint = value.kind === "value" ? temporaryFor(value, null) : null;
  const receives = isActive(sweep, value);
  const cotangent = receives
    ? builder.load(shadow.ref, shadow.step, real, { ...origin, hint: hint ?? suggested("t") })
    : null;
  if (!sweep.single.has(instr)) builder.store(shadow, number(0), origin);
  if (cotangent !== null) contribute(frame, value, fromAtom(cotangent, 3), order, statement, true);
}

/** The cell of the shadow refers to what it referred to before the store. */
function restore(frame: Frame, { place, statement }: Store, { before, wasThere }: Replaced): void {
  const { recovery, mirrors, sweep } = frame;
  const { builder } = sweep;
  const origin: Origin = { statement, sweep: "backward" };
  const at = mirrors.place(place);
  const value = recovery.value(before);
  if (wasThere === null) {
    builder.store(at, value, origin);
    return;
  }
  const arm = (to: Place, held: () => Atom): Block =>
    builder.block(() => {
      builder.store(to, held(), origin);
      return { kind: "yield", values: [] };
    });
  const { type } = value;
  const there = (): Atom =>
    type.kind === "maybe" ? builder.apply(narrow, [value], origin, type.type) : value;
  // A key that there was not is taken off again.
  const without = arm({ ref: at.ref, step: asked(at.ref, at.step) }, () => boolean(false));
  builder.if(recovery.value(wasThere), arm(at, there), without, [], statement);
}

/** What was under the key that is taken off has had no part in what followed. */
function reverseRemoval({ sweep, mirrors }: Frame, { place, statement }: Store): void {
  const type = sweep.regions.type(place.ref.type);
  if (type?.kind !== "ref" || type.shape.kind !== "array" || type.shape.element.kind !== "real") return;
  sweep.builder.store(mirrors.place(place), number(0), { statement, sweep: "backward" });
}

/** Values that are used for the derivative in arms of later `if`s only, or are handed on as they are, if they are at all. */
export function findGuarded(func: Func, activity: Activity, definitions: Definitions): ReadonlySet<ValueId> {
  const direct = new Set<ValueId>();
  const deeper = new Set<ValueId>();
  const isUnsure = ({ id }: Value): boolean => func.unsure?.has(id) === true;
  const meet = (atom: Atom, site: Site, isHandedOn: boolean): void => {
    if (atom.kind !== "value" || !activity.active.has(atom.id)) return;
    const home = definitions.of.get(atom.id)?.site.depth ?? 0;
    const mayBeMissing = isHandedOn && atom.type.kind === "maybe";
    (site.depth > home || mayBeMissing ? deeper : direct).add(atom.id);
  };
  forEachInstr(func.body, (instr) => {
    const site = definitions.homeOf.get(instr);
    const isTest = instr.kind === "apply" && !activity.active.has(instr.out.id);
    if (site !== undefined && !isTest)
      for (const atom of atomsOf(instr)) meet(atom, site, instr.kind !== "apply" || isUnsure(instr.out));
  });
  forEachBlock(func.body, (block) => {
    const site = definitions.siteOf.get(block);
    if (site !== undefined) for (const atom of endAtoms(block.end)) meet(atom, site, true);
  });
  return new Set([...deeper].filter((id) => !direct.has(id)));
}

export function reversePush(frame: Frame, instr: Push): void {
  const { sweep } = frame;
  if (!sweep.shadows.isShadowed(instr.ref)) return;
  frame.ledger.flush();
  const shadow = frame.mirrors.shadow(instr.ref);
  const origin: Origin = { statement: instr.statement, sweep: "backward" };
  const type = elementType(sweep, instr.ref);
  if (type === null) return;
  const hint = instr.value.kind === "value" ? temporaryFor(instr.value, null) : null;
  const cotangent = sweep.builder.pop(shadow, type, { ...origin, hint: hint ?? suggested("t") });
  if (isActive(sweep, instr.value) && type.kind === "real") {
    const order = orderOf(sweep, instr);
    contribute(frame, instr.value, fromAtom(cotangent, 3), order, instr.statement);
  }
}

export function reversePop(frame: Frame, instr: Pop): void {
  const { sweep } = frame;
  const { out } = instr;
  if (!sweep.shadows.isShadowed(instr.ref)) return;
  const origin: Origin = { statement: out.statement, sweep: "backward" };
  const shadow = frame.mirrors.shadow(instr.ref);
  if (regionOf(out) !== null) {
    sweep.builder.push(shadow, frame.mirrors.shadow(out), origin);
    return;
  }
  const terms = isActive(sweep, out) ? collect(frame.ledger.take(slotOf(frame, out))) : [];
  frame.ledger.flush();
  sweep.builder.push(shadow, write(sweep.builder, terms, origin), origin);
}

function elementType(sweep: Sweep, ref: Value): Value["type"] | null {
  const type = sweep.regions.type(ref.type);
  const bare = type?.kind === "maybe" ? type.type : type;
  if (bare?.kind !== "ref" || bare.shape.kind !== "array") return null;
  const { element } = bare.shape;
  const whole = unfolded(element.kind === "maybe" ? element.shape : element);
  if (!isMemory(whole)) return real;
  const held: RefType = { kind: "ref", shape: whole, region: sweep.regions.of(bare.region) };
  return element.kind === "maybe" ? maybeType(held, element) : held;
}

/** Its cells may have cotangents. A copy is added to what it was made of, with all that it refers to. */
export function hasCotangents(
  { activity, shadows }: Pick<Sweep, "activity" | "shadows">,
  alloc: Alloc,
): boolean {
  const { init, out } = alloc;
  return init.kind === "clone" ? shadows.isShadowed(out) : isActiveRegion(activity, out);
}

export function reverseAlloc(frame: Frame, instr: Alloc): void {
  const { sweep } = frame;
  const { init, out } = instr;
  if (!hasCotangents(sweep, instr)) return;
  frame.ledger.flush();
  const adopting = sweep.adopted.get(instr);
  if (adopting !== undefined) {
    adopt(frame, adopting, instr);
    return;
  }
  const order = orderOf(sweep, instr);
  switch (init.kind) {
    case "object":
      for (const { name, value } of init.entries) receive(frame, instr, entryStep(out, name), value, order);
      return;
    case "elements":
      init.elements.forEach((value, i) => {
        receive(frame, instr, { kind: "index", index: whole(i) }, value, order + i);
      });
      return;
    case "filled":
      if (isActive(sweep, init.value)) receiveFilled(frame, instr, init.value, order);
      return;
    case "slice":
      addSlice(frame, instr, init);
      return;
    case "clone":
      addClone(frame, init.of, out, out.statement);
      return;
    case "view":
    case "listing":
    case "zeros":
    case "closed":
    case "tape":
      return;
  }
}

/** Where an entry of a literal is found: that of a record under a key. */
function entryStep({ type }: Value, name: string): Step {
  const shape = type.kind === "ref" ? type.shape : null;
  if (shape?.kind !== "array") return { kind: "field", name };
  return { kind: "index", index: shape.key === "number" ? number(Number(name)) : text(name) };
}

/** The shadow of a parameter's copy becomes the parameter's. */
function adopt({ sweep, mirrors }: Frame, { param, path, place }: Adopted, { init, out }: Alloc): void {
  if (!param.wrt || init.kind === "view") return;
  const { builder } = sweep;
  const shadow = mirrors.shadow(out);
  const hint = declared([`d${param.name}`, ...path].join("_"));
  const origin: Origin = { hint, statement: out.statement, sweep: "backward" };
  if (place !== null) builder.store(mirrors.place(place), cut() ?? shadow, origin);
  else mirrors.adopt({ param, path }, cut() ?? builder.apply(copy, [shadow], origin, shadow.type));

  /** What stores have made longer ends where the original does. */
  function cut(): Value | null {
    if (init.kind !== "clone" || shadow.type.kind !== "ref" || isFoundByKeys(out)) return null;
    if (!sweep.shadows.growing.has(regionOf(out) ?? -1)) return null;
    const to = lengthOf(builder, init.of);
    const { shape, region } = shadow.type;
    return builder.alloc(shape, { kind: "slice", of: shadow, from: number(0), to }, origin, region);
  }
}

/** One cell of new memory: its cotangent belongs to what was put there. */
function receive(frame: Frame, { out }: Alloc, step: Step, value: Atom, order: number): void {
  const { sweep } = frame;
  if (!isActive(sweep, value) || !sweep.activity.isActiveCell(out, step)) return;
  const origin: Origin = { statement: out.statement, sweep: "backward" };
  const cotangent = sweep.builder.load(frame.mirrors.shadow(out), step, real, origin);
  contribute(frame, value, fromAtom(cotangent, 3), order, out.statement);
}
