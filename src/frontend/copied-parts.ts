/** Which parts of its parameters a target copies, and why. */
import { partsWithPrivacy } from "./records/deep-copies.js";
import type { TargetParam } from "./targets/signature.js";

/** The parts of parameters that are copied, by the numbers of these. */
export type Copied = ReadonlyMap<number, ReadonlySet<string>>;

/** Which parts of parameters are copied. */
export interface Copying {
  /** Because they are written to. */
  readonly copied: Copied;
  /** Because they have fields that only their class lets one read, which copies do not have. */
  readonly opened: Copied;
  /** What the function comes to, copied or not. */
  readonly looked: Copied;
}

export function privateParts(params: readonly TargetParam[]): Copied {
  return new Map(
    params.flatMap(({ shape }, index) => {
      const parts = shape.kind === "unsupported" ? [] : partsWithPrivacy(shape);
      return parts.length === 0 ? [] : [[index, new Set(parts)] as const];
    }),
  );
}

export function union(a: Copied, b: Copied): Copied {
  const all = new Map(a);
  for (const [index, parts] of b) all.set(index, new Set([...(a.get(index) ?? []), ...parts]));
  return all;
}

export function sizeOf(copied: Copied): number {
  return [...copied.values()].reduce((sum, parts) => sum + parts.size, 0);
}
