/**
 * Where each value is defined: by which instruction, in which block. Built once per function, read by the analyses and
 * by the reverse sweep.
 */
import type { Block, Func, If, Instr, Value, ValueId } from "../ir/types.js";

/** A block together with where it hangs. */
export interface Site {
  readonly block: Block;
  readonly parent: Site | null;
  /** The `if` whose arm this is; null for the function's body and for the body of a guard. */
  readonly arm: { readonly owner: If; readonly side: "consequent" | "alternate" } | null;
  /** In how many arms of `if`s it lies; the body of a guard does not count. */
  readonly depth: number;
}

export interface Definition {
  readonly value: Value;
  /** Null for parameters. */
  readonly instr: Instr | null;
  readonly site: Site;
}

export interface Definitions {
  readonly of: ReadonlyMap<ValueId, Definition>;
  readonly siteOf: ReadonlyMap<Block, Site>;
}

export function findDefinitions(func: Func): Definitions {
  const of = new Map<ValueId, Definition>();
  const siteOf = new Map<Block, Site>();
  const root: Site = { block: func.body, parent: null, arm: null, depth: 0 };
  for (const param of func.params) of.set(param.value.id, { value: param.value, instr: null, site: root });
  visit(root);
  return { of, siteOf };

  function visit(site: Site): void {
    siteOf.set(site.block, site);
    for (const instr of site.block.instrs) {
      const define = (value: Value): void => void of.set(value.id, { value, instr, site });
      switch (instr.kind) {
        case "apply":
        case "load":
        case "alloc":
          define(instr.out);
          break;
        case "store":
          break;
        case "if":
          instr.outs.forEach(define);
          visit({
            block: instr.consequent,
            parent: site,
            arm: { owner: instr, side: "consequent" },
            depth: site.depth + 1,
          });
          visit({
            block: instr.alternate,
            parent: site,
            arm: { owner: instr, side: "alternate" },
            depth: site.depth + 1,
          });
          break;
        case "guard":
          visit({ block: instr.body, parent: site, arm: null, depth: site.depth });
          break;
      }
    }
  }
}
