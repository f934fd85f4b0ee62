/**
 * From a primal function to its gradient: the forward sweep as it was, and at each place where it returns the reverse
 * sweep of what has run until there. A path that throws has no gradient.
 */
import { findAbsorbed } from "../analysis/absorption.js";
import { findVaried } from "../analysis/activity.js";
import { findCurved, findUnbounded } from "../analysis/curvature.js";
import { type Definitions, type Site, findDefinitions } from "../analysis/definitions.js";
import { Builder, declared, number, suggested } from "../ir/builder.js";
import { forEachInstr, outsOf } from "../ir/visit.js";
import type {
  Atom,
  Block,
  End,
  Entry,
  Func,
  If,
  Instr,
  Literal,
  Param,
  Result,
  Shape,
  Type,
} from "../ir/types.js";
import { invariant } from "../support/invariant.js";
import { cellSlot, countLines, gradientShape, isMemory } from "./cells.js";
import { type Export, Exports, Recovery } from "./recovery.js";
import { type Frame, type Sweep, reverse, seed } from "./reverse.js";
import { Shadows, cellsOf } from "./shadows.js";
import { Ledger } from "./slots.js";

type Return = Extract<End, { kind: "return" }>;

/** The instructions that have run when a place is reached, last first. */
interface Trail {
  readonly instr: Instr;
  readonly before: Trail | null;
}

/** Takes a primal function whose only memory is that of its parameters. */
export function differentiate(func: Func): Func {
  const sweep = prepare(func);
  const exports = new Exports();
  const endings = new Map<End, Block>();
  walk(func.body, null);
  const rebuild = new Rebuild(exports, endings);
  const results: Result[] = func.params.flatMap((param) => {
    const shape = param.wrt ? gradientShape(shapeOf(param.value.type)) : null;
    return shape === null ? [] : [{ name: `d${param.name}`, shape }];
  });
  return {
    name: `${func.name}_grad`,
    params: func.params,
    results: [...func.results, ...results],
    body: rebuild.block(func.body),
  };

  function walk(block: Block, before: Trail | null): void {
    let trail = before;
    for (const instr of block.instrs) {
      if (instr.kind === "guard") walk(instr.body, trail);
      if (instr.kind === "if") {
        walk(instr.consequent, trail);
        walk(instr.alternate, trail);
      }
      trail = { instr, before: trail };
    }
    if (block.end.kind === "return") endings.set(block.end, ending(sweep, exports, block, block.end, trail));
  }
}

function prepare(func: Func): Sweep {
  const definitions = findDefinitions(func);
  const varied = findVaried(func);
  const order = new Map<Instr, number>();
  let last = func.params.reduce((most, param) => Math.max(most, param.value.id), 0);
  forEachInstr(func.body, (instr) => {
    order.set(instr, order.size + 1);
    for (const out of outsOf(instr)) last = Math.max(last, out.id);
  });
  return {
    func,
    builder: new Builder(last + 1, last + 1),
    definitions,
    varied,
    points: {
      absorbed: findAbsorbed(func, definitions),
      curved: findCurved(func, varied),
      unbounded: findUnbounded(func),
    },
    lines: countLines(func, definitions),
    order,
  };
}

/** The reverse sweep from one return, and what is returned there instead. */
function ending(sweep: Sweep, exports: Exports, block: Block, end: Return, trail: Trail | null): Block {
  const { builder, definitions, func } = sweep;
  const [value] = end.values;
  invariant(value, "reverse", "a function that returns nothing");
  return builder.block(() => {
    const ledger = new Ledger(builder, null);
    const recovery = new Recovery(builder, definitions, exports, enclosing(definitions, block));
    const shadows = new Shadows(builder);
    const differentiated = func.params.filter((param) => param.wrt);
    for (const param of differentiated) shadows.allocate(param);
    const frame: Frame = { sweep, ledger, recovery, shadows };
    seed(frame, value, end.statement);
    reverse(frame, unwind(trail));
    const gradients = differentiated.flatMap((param) => {
      const shape = gradientShape(shapeOf(param.value.type));
      return shape === null ? [] : [collectGradient(frame, param, shape, [])];
    });
    return { ...end, values: [value, ...gradients] };
  });
}

function* unwind(trail: Trail | null): Iterable<Instr> {
  for (let at = trail; at !== null; at = at.before) yield at.instr;
}

function enclosing(definitions: Definitions, block: Block): ReadonlySet<Site> {
  const sites = new Set<Site>();
  for (let site = definitions.siteOf.get(block) ?? null; site !== null; site = site.parent) sites.add(site);
  return sites;
}

/** The gradient of a parameter, put together in the parameter's own shape. */
function collectGradient(frame: Frame, param: Param, shape: Shape, path: readonly string[]): Atom {
  const { builder } = frame.sweep;
  const shadow = frame.shadows.at(param, path);
  if (shadow !== null) return shadow;
  if (shape.kind === "nothing") return absent;
  if (!isMemory(shape)) {
    const slot = cellSlot(param, path, 1);
    const { key } = slot;
    return frame.ledger.settle(key, { sweep: "backward" }) ?? number(0);
  }
  const cells = cellsOf(shape).map(([name, inner]): Entry => ({
    name,
    value: collectGradient(frame, param, inner, [...path, name]),
  }));
  const plain = cells.every((cell) => cell.value.kind === "literal");
  const hint = path.length > 0 || plain ? suggested(`d${param.name}`) : declared(`d${param.name}`);
  const init =
    shape.kind === "object"
      ? ({ kind: "object", entries: cells } as const)
      : ({ kind: "elements", elements: cells.map((cell) => cell.value) } as const);
  return builder.alloc(shape, init, { hint, sweep: "backward" });
}

/** Stands in a tuple's gradient where the tuple holds no number. */
const absent: Literal = {
  kind: "literal",
  type: { kind: "nothing" },
  value: undefined,
  spelling: "undefined",
};

function shapeOf(type: Type): Shape {
  if (type.kind === "maybe") return shapeOf(type.type);
  return type.kind === "ref" ? type.shape : type;
}

/** Puts the reverse sweeps into the forward code, and lets the `if`s yield what has been asked of them. */
class Rebuild {
  readonly #exports: Exports;
  readonly #endings: ReadonlyMap<End, Block>;

  constructor(exports: Exports, endings: ReadonlyMap<End, Block>) {
    this.#exports = exports;
    this.#endings = endings;
  }

  block(block: Block): Block {
    const instrs = block.instrs.map((instr) => this.#instr(instr));
    const ending = this.#endings.get(block.end);
    if (ending === undefined) return { instrs, end: block.end };
    return { instrs: [...instrs, ...ending.instrs], end: ending.end };
  }

  #instr(instr: Instr): Instr {
    if (instr.kind === "guard") return { ...instr, body: this.block(instr.body) };
    if (instr.kind !== "if") return instr;
    const exported = this.#exports.of(instr);
    return {
      ...instr,
      consequent: this.#arm(instr, "consequent", exported),
      alternate: this.#arm(instr, "alternate", exported),
      outs: [...instr.outs, ...exported.map(({ out }) => out)],
    };
  }

  #arm(instr: If, side: "consequent" | "alternate", exported: readonly Export[]): Block {
    const { instrs, end } = this.block(instr[side]);
    if (end.kind !== "yield") return { instrs, end };
    const values = exported.map((one): Atom => (one.side === side ? one.value : filler(one.value.type)));
    return { instrs, end: { kind: "yield", values: [...end.values, ...values] } };
  }
}

/** What stands for a value of the arm that was not taken; nobody reads it. */
function filler(type: Type): Literal {
  if (type.kind === "bool") return { kind: "literal", type, value: false, spelling: "false" };
  if (type.kind === "string") return { kind: "literal", type, value: "", spelling: '""' };
  return number(0);
}
