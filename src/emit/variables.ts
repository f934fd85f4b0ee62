/**
 * Out of SSA: values that follow each other under one name share one variable, where their lifetimes allow. So
 * `dx = a; dx2 = dx + b` becomes `let dx = a; dx += b`, and what both arms of an `if` leave is assigned in the arms.
 */
import { atomsOf, blocksOf, endAtoms, forEachInstr, outsOf, paramsOf } from "../ir/visit.js";
import type { Atom, Block, Call, Func, If, Instr, Loop, Order, Shape, Value, ValueId } from "../ir/types.js";
import { shapeOfType } from "../ir/shapes.js";
import type { Folding } from "./fold.js";
import { Classes, Live } from "./live.js";
import { NamedWriter } from "./named.js";

export interface Variables {
  /** Representative of the variable that holds the value. */
  readonly of: (id: ValueId) => ValueId;
  /** Assigned more than once. */
  readonly isReassigned: (id: ValueId) => boolean;
}

export function assignVariables(
  func: Func,
  folding: Folding,
  nameOf: (value: Value) => string | null,
): Variables {
  const { types } = new NamedWriter(null);
  const forced: [ValueId, ValueId][] = [];
  /** Only the head of its loop assigns to an index. */
  const indices = new Set<ValueId>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind === "loop" && instr.head.kind === "counted") indices.add(instr.head.index.id);
  });
  const given = new Set(func.params.map(({ value }) => value.id));
  const copies: (readonly [ValueId, ValueId])[] = [];
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "apply" || instr.op.spelling.kind !== "identity") return;
    const [source] = instr.args;
    if (source?.kind === "value" && !folding.folded.has(source.id)) copies.push([instr.out.id, source.id]);
  });
  const conflicts = new Map<ValueId, Set<ValueId>>();
  const candidates: [ValueId, ValueId][] = [];
  // First who may share a variable with whom, by way of others too; then which of them are alive together.
  let groupOf: (value: Value) => string | null = () => null;
  visitBlock(func.body, new Live(groupOf));
  const groups = groupsOf([...forced.splice(0), ...candidates.splice(0)]);
  groupOf = ({ id }) => groups.get(id) ?? null;
  visitBlock(func.body, new Live(groupOf));
  const classes = new Classes(conflicts);
  for (const [a, b] of forced) classes.merge(a, b);
  for (const [a, b] of candidates.reverse()) classes.merge(a, b);
  // A copy within one variable is no assignment.
  const idle = new Map<ValueId, number>();
  for (const [out, source] of copies) {
    const root = classes.find(out);
    if (root === classes.find(source)) idle.set(root, (idle.get(root) ?? 0) + 1);
  }
  return {
    of: (id) => classes.find(id),
    isReassigned: (id) => classes.size(id) - (idle.get(classes.find(id)) ?? 0) > 1,
  };

  /** Walks backwards; `live` holds what is read after the point, and is changed to what is read after the start. */
  function visitBlock(block: Block, live: Live): void {
    if (block.end.kind !== "yield") for (const atom of endAtoms(block.end)) read(atom, live);
    for (let i = block.instrs.length - 1; i >= 0; i--) {
      const instr = block.instrs[i];
      if (instr !== undefined) visitInstr(instr, live);
    }
  }

  function visitInstr(instr: Instr, live: Live): void {
    switch (instr.kind) {
      case "apply":
      case "load":
      case "alloc":
      case "pop":
        if (!folding.folded.has(instr.out.id)) visitLine(instr.out, expand(instr), live);
        return;
      case "loop":
        visitLoop(instr, live);
        return;
      case "foreign":
        if (instr.out === null) for (const value of expand(instr)) live.add(value);
        else if (!folding.folded.has(instr.out.id)) visitLine(instr.out, expand(instr), live);
        return;
      case "push":
      case "store":
        for (const value of expand(instr)) live.add(value);
        return;
      case "call":
        visitCall(instr, live);
        return;
      case "order":
        visitOrder(instr, live);
        return;
      case "lambda": {
        // It runs later: what it reads is alive until then.
        const body = live.empty();
        for (const atom of endAtoms(instr.body.end)) read(atom, body);
        visitBlock(instr.body, body);
        for (const param of instr.params) body.delete(param);
        live.addAll(body);
        return;
      }
      case "guard": {
        const body = live.empty();
        visitBlock(instr.body, body);
        live.addAll(body);
        read(instr.test, live);
        return;
      }
      case "if":
        if (folding.conditionals.has(instr)) {
          const [out] = instr.outs;
          if (out !== undefined && !folding.folded.has(out.id)) visitLine(out, expand(instr), live);
        } else {
          visitIf(instr, live);
        }
    }
  }

  /** The body runs many times: what is defined outside and read inside is alive all through it. */
  function visitOrder(order: Order, live: Live): void {
    visitLine(order.out, expand(order), live);
    const inner = live.copy();
    for (const value of readsInside(order)) inner.add(value);
    for (const atom of endAtoms(order.body.end)) read(atom, inner);
    visitBlock(order.body, inner);
    for (const param of order.params) {
      inner.delete(param);
      for (const other of inner.alike(param)) conflict(param.id, other.id);
    }
    live.addAll(inner);
  }

  function visitCall(instr: Call, live: Live): void {
    const uses = expand(instr);
    for (const out of instr.outs) live.delete(out);
    for (const out of instr.outs) {
      for (const other of live.alike(out)) conflict(out.id, other.id);
      for (const other of instr.outs) if (other !== out && mayMeet(out, other)) conflict(out.id, other.id);
    }
    for (const value of uses) live.add(value);
  }

  function visitLine(out: Value, uses: readonly Value[], live: Live): void {
    live.delete(out);
    for (const other of live.alike(out)) conflict(out.id, other.id);
    // The first of them comes first: what is added to, rather than what is added.
    for (const value of uses.toReversed()) {
      if (!live.has(value) && isNamedAlike(value, out)) candidates.push([value.id, out.id]);
    }
    for (const value of uses) live.add(value);
  }

  function visitIf(instr: If, live: Live): void {
    for (const out of instr.outs) live.delete(out);
    for (const out of instr.outs) {
      for (const other of live.alike(out)) conflict(out.id, other.id);
      for (const other of instr.outs) if (other !== out && mayMeet(out, other)) conflict(out.id, other.id);
    }
    const arms = [instr.consequent, instr.alternate].map((arm) => {
      const inner = live.copy();
      if (arm.end.kind === "yield") visitYield(instr, arm.end.values, inner, live);
      visitBlock(arm, inner);
      return inner;
    });
    chain(instr);
    for (const arm of [instr.consequent, instr.alternate]) record(instr, arm);
    for (const arm of arms) live.addAll(arm);
    read(instr.test, live);
  }

  /** What an arm computes under no name and leaves under no name is computed into the variable that it is left in. */
  function record({ outs }: If, { instrs, end }: Block): void {
    if (end.kind !== "yield") return;
    const made = new Set(instrs.flatMap((instr) => (instr.kind === "apply" ? [instr.out] : [])));
    end.values.forEach((atom, i) => {
      const out = outs[i];
      if (out === undefined || atom.kind === "literal" || !made.delete(atom)) return;
      const isUnnamed = nameOf(atom) === null && nameOf(out) === null && !folding.folded.has(atom.id);
      if (isUnnamed && types.value(atom.type) === types.value(out.type)) forced.push([atom.id, out.id]);
    });
  }

  /** The last of a chain of `else if` assigns what the whole leaves. */
  function chain({ alternate: { instrs, end }, outs }: If): void {
    const [inner, ...more] = instrs;
    if (inner?.kind !== "if" || more.length > 0 || end.kind !== "yield" || folding.conditionals.has(inner))
      return;
    const isWhole = end.values.every((atom, i) => atom === inner.outs[i]);
    if (isWhole) outs.forEach((out, i) => forced.push([inner.outs[i]?.id ?? out.id, out.id]));
  }

  /**
   * A `param` and its `out` share a variable in any case. What is defined outside and read inside is alive all through
   * the loop.
   */
  function visitLoop(loop: Loop, live: Live): void {
    const { carried, head, body } = loop;
    const params = carried.map(({ param }) => param);
    for (const { out } of carried) live.delete(out);
    const through = live.copy();
    for (const value of readsInside(loop)) through.add(value);
    for (const { param, out } of carried) {
      forced.push([param.id, out.id]);
      for (const other of through.alike(param)) conflict(param.id, other.id);
      for (const other of live.alike(out)) conflict(out.id, other.id);
      for (const other of params) {
        if (other !== param && mayMeet(param, other)) conflict(param.id, other.id);
      }
    }
    const inner = through.copy();
    if (body.end.kind === "yield") {
      const [again, ...yields] = body.end.values;
      visitNext(params, yields, again, inner, through);
    }
    visitBlock(body, inner);
    if (head.kind === "while") {
      for (const atom of endAtoms(head.test.end)) read(atom, inner);
      visitBlock(head.test, inner);
    }
    for (const param of params) {
      inner.delete(param);
      for (const other of inner.alike(param)) conflict(param.id, other.id);
    }
    live.addAll(through);
    live.addAll(inner);
    for (const param of params) live.delete(param);
    if (head.kind === "counted") live.delete(head.index);
    for (const { init, param } of carried) {
      for (const value of leaves(init)) {
        if (!live.has(value) && isNamedAlike(value, param)) candidates.push([value.id, param.id]);
      }
    }
    if (head.kind === "counted") [head.from, head.to].forEach((atom) => read(atom, live));
    for (const { init } of carried) read(init, live);
  }

  /** The assignments at the end of an iteration. */
  function visitNext(
    params: readonly Value[],
    yields: readonly Atom[],
    again: Atom | undefined,
    inner: Live,
    through: Live,
  ): void {
    const reads = yields.map((atom) => leaves(atom));
    params.forEach((param, index) => {
      for (const value of reads[index] ?? []) {
        if (!through.has(value) && isNamedAlike(value, param)) candidates.push([value.id, param.id]);
      }
    });
    if (again !== undefined) read(again, inner);
    for (const value of reads.flat()) inner.add(value);
  }

  /** Values defined outside that something inside reads. */
  function readsInside(loop: Loop | Order): readonly Value[] {
    const inside = new Set<ValueId>();
    const found = new Map<ValueId, Value>();
    const meet = (atom: Atom): void => {
      for (const value of leaves(atom)) found.set(value.id, value);
    };
    const visit = (instr: Instr): void => {
      for (const value of [...paramsOf(instr), ...outsOf(instr)]) inside.add(value.id);
      for (const atom of atomsOf(instr)) meet(atom);
      for (const inner of blocksOf(instr)) {
        inner.instrs.forEach(visit);
        for (const atom of endAtoms(inner.end)) meet(atom);
      }
    };
    for (const value of paramsOf(loop)) inside.add(value.id);
    for (const inner of blocksOf(loop)) {
      inner.instrs.forEach(visit);
      for (const atom of endAtoms(inner.end)) meet(atom);
    }
    if (loop.kind === "loop" && loop.head.kind === "counted") meet(loop.head.to);
    return [...found.values()].filter(({ id }) => !inside.has(id));
  }

  /** The assignments at the end of an arm happen one after the other: none may change what another one reads. */
  function visitYield(instr: If, yields: readonly Atom[], inner: Live, after: Live): void {
    const reads = yields.map((atom) => leaves(atom));
    instr.outs.forEach((out, index) => {
      reads.forEach((others, other) => {
        if (other === index) return;
        // What is left as it is needs no assignment.
        for (const value of others)
          if (value !== yields[index] && mayMeet(value, out)) conflict(out.id, value.id);
      });
      for (const value of reads[index] ?? []) {
        if (!after.has(value) && isNamedAlike(value, out)) candidates.push([value.id, out.id]);
      }
    });
    for (const value of reads.flat()) inner.add(value);
  }

  function read(atom: Atom, live: Live): void {
    for (const value of leaves(atom)) live.add(value);
  }

  /** The bound values that an atom stands for: itself, or what is written in its place. */
  function leaves(atom: Atom): readonly Value[] {
    const found: Value[] = [];
    const open: Atom[] = [atom];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next.kind === "literal") continue;
      const instr = folding.folded.has(next.id) ? folding.instrOf.get(next.id) : undefined;
      if (instr === undefined) found.push(next);
      else open.push(...operands(instr));
    }
    return found;
  }

  function expand(instr: Instr): readonly Value[] {
    return operands(instr).flatMap((atom) => leaves(atom));
  }

  function isNamedAlike(a: Value, b: Value): boolean {
    // Objects from outside may be instances of a class, which those that are made here are not.
    if (given.has(a.id) !== given.has(b.id) && holdsObject(shapeOfType(a.type))) return false;
    const name = indices.has(a.id) || indices.has(b.id) ? null : nameOf(a);
    return name !== null && name === nameOf(b) && types.value(a.type) === types.value(b.type);
  }

  /** They may come to share a variable. */
  function mayMeet(a: Value, b: Value): boolean {
    const group = groupOf(a);
    return group !== null && group === groupOf(b);
  }

  function conflict(a: ValueId, b: ValueId): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const set = conflicts.get(from);
      if (set === undefined) conflicts.set(from, new Set([to]));
      else set.add(to);
    }
  }
}

/** The values that the pairs put together, directly or by way of others: a name for each of these groups. */
function groupsOf(pairs: readonly (readonly [ValueId, ValueId])[]): ReadonlyMap<ValueId, string> {
  const groups = new Classes(new Map());
  for (const [a, b] of pairs) groups.merge(a, b);
  return new Map(pairs.flat().map((id) => [id, String(groups.find(id))]));
}

/** What is read to write the instruction down as an expression, arms of a conditional included. */
function operands(instr: Instr): readonly Atom[] {
  if (instr.kind !== "if") return atomsOf(instr);
  return [instr.test, ...endAtoms(instr.consequent.end), ...endAtoms(instr.alternate.end)];
}

/** Objects of a type without a name lie in it. */
function holdsObject(shape: Shape): boolean {
  switch (shape.kind) {
    case "maybe":
      return holdsObject(shape.shape);
    case "array":
      return holdsObject(shape.element);
    case "tuple":
      return shape.elements.some(holdsObject);
    case "object":
      return shape.named === undefined;
    default:
      return false;
  }
}
