/**
 * Where each value is defined: by which instruction, in which block. Built once per function, read by the analyses and
 * by the reverse sweep.
 */
import { outsOf, paramsOf } from "../ir/visit.js";
import type { Block, Func, If, Instr, Loop, Value, ValueId } from "../ir/types.js";
import { narrow } from "../ops/scalar.js";

/** A block together with where it hangs. */
export interface Site {
  readonly block: Block;
  readonly parent: Site | null;
  /** The instruction that the block belongs to; null for the function's body. */
  readonly owner: Instr | null;
  /** The `if` whose arm this is; null for other blocks. */
  readonly arm: { readonly owner: If; readonly side: "consequent" | "alternate" } | null;
  /** The loop whose body (or test) this is; null for other blocks. */
  readonly loop: Loop | null;
  /** In how many arms of `if`s it lies; the body of a guard does not count. */
  readonly depth: number;
}

export interface Definition {
  readonly value: Value;
  /** What defines the value: for a loop's index and `param`s the loop itself; null for the function's parameters. */
  readonly instr: Instr | null;
  readonly site: Site;
}

export interface Definitions {
  readonly of: ReadonlyMap<ValueId, Definition>;
  readonly siteOf: ReadonlyMap<Block, Site>;
  /** The block that an instruction stands in. */
  readonly homeOf: ReadonlyMap<Instr, Site>;
}

export function findDefinitions(func: Func): Definitions {
  const of = new Map<ValueId, Definition>();
  const siteOf = new Map<Block, Site>();
  const homeOf = new Map<Instr, Site>();
  const root: Site = { block: func.body, parent: null, owner: null, arm: null, loop: null, depth: 0 };
  for (const param of func.params) of.set(param.value.id, { value: param.value, instr: null, site: root });
  visit(root);
  return { of, siteOf, homeOf };

  function visit(site: Site): void {
    siteOf.set(site.block, site);
    for (const instr of site.block.instrs) {
      homeOf.set(instr, site);
      for (const value of outsOf(instr)) of.set(value.id, { value, instr, site });
      visitBlocks(instr, site);
    }
  }

  function visitBlocks(instr: Instr, parent: Site): void {
    const inner = { parent, owner: instr, arm: null, loop: null, depth: parent.depth };
    switch (instr.kind) {
      case "if":
        for (const side of ["consequent", "alternate"] as const)
          visit({ ...inner, block: instr[side], arm: { owner: instr, side }, depth: parent.depth + 1 });
        return;
      case "guard":
        visit({ ...inner, block: instr.body });
        return;
      case "loop": {
        const body: Site = { ...inner, block: instr.body, loop: instr };
        for (const value of paramsOf(instr)) of.set(value.id, { value, instr, site: body });
        if (instr.head.kind === "while") visit({ ...inner, block: instr.head.test, loop: instr });
        visit(body);
        return;
      }
      default:
        return;
    }
  }
}

/** The loops around a block, outermost first. */
export function loopsAround(site: Site): readonly Loop[] {
  const loops: Loop[] = [];
  for (let at: Site | null = site; at !== null; at = at.parent) if (at.loop !== null) loops.unshift(at.loop);
  return loops;
}

/** True if `site` is `outer` or lies in it. */
export function isWithin(site: Site, outer: Site): boolean {
  for (let at: Site | null = site; at !== null; at = at.parent) if (at === outer) return true;
  return false;
}

/** What the user calls the value; what is certainly there is called as what may be. */
export function usersName(value: Value, definitions: Definitions): string | null {
  if (value.hint !== null) return value.hint.text;
  const instr = definitions.of.get(value.id)?.instr;
  const [source] = instr?.kind === "apply" && instr.op === narrow ? instr.args : [];
  return source?.kind === "value" ? usersName(source, definitions) : null;
}
