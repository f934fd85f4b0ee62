/** Places whose objects are tested for their kind: TypeScript would take them to be of the kind last put there. */
import { isOneOfSeveral } from "../ir/shapes.js";
import type { Block, Place, Store, ValueId } from "../ir/types.js";
import { blocksOf, forEachInstr } from "../ir/visit.js";
import type { BodyContext } from "./body.js";

/** True for what is put into a place with a kind that is known, while the code asks there which it is. */
export function hidesItsKind(
  store: Store,
  context: BodyContext,
  { values, paths, followed }: Tested,
): boolean {
  const { value, place } = store;
  if (value.kind !== "value" || value.type.kind !== "ref" || !isOneOfSeveral(value.type.shape)) return false;
  const made = context.folding.instrOf.get(value.id)?.kind;
  const isMade = made === "alloc" || made === "if";
  if (isMade && followed.has(store)) return true;
  const isKnown = isMade || values.has(value.id);
  return isKnown && paths.has(pathOf(place, context));
}

export interface Tested {
  readonly values: ReadonlySet<ValueId>;
  readonly paths: ReadonlySet<string>;
  /** Those behind which a variable is given what lies there. */
  readonly followed: ReadonlySet<Store>;
}

/** What the code tests, and where it reads that from. */
export function findTested(context: BodyContext): Tested {
  const { instrOf, folded } = context.folding;
  const values = new Set<ValueId>();
  forEachInstr(context.func.body, (instr) => {
    if (instr.kind === "load" && isTag(instr.place)) values.add(instr.place.ref.id);
    if (instr.kind === "apply") for (const arg of instr.args) if (arg.kind === "value") values.add(arg.id);
  });
  const paths = [...values].flatMap((id) => {
    const instr = folded.has(id) ? instrOf.get(id) : undefined;
    return instr?.kind === "load" ? [pathOf(instr.place, context)] : [];
  });
  return { values, paths: new Set(paths), followed: followedIn(context, values) };
}

/** The last stores before places are read into variables that are tested, where each way to the one leads by the other. */
function followedIn(context: BodyContext, values: ReadonlySet<ValueId>): ReadonlySet<Store> {
  const found = new Set<Store>();
  const visit = (block: Block, before: ReadonlyMap<string, Store>): void => {
    const last = new Map(before);
    for (const instr of block.instrs) {
      if (instr.kind === "store") last.set(pathOf(instr.place, context), instr);
      const isTested = instr.kind === "load" && values.has(instr.out.id);
      const store = isTested && isFixed(instr.place) ? last.get(pathOf(instr.place, context)) : undefined;
      if (store !== undefined) found.add(store);
      for (const inner of blocksOf(instr)) visit(inner, last);
    }
  };
  visit(context.func.body, new Map());
  return found;
}

/** TypeScript knows a place by the same field, or the same number. */
function isFixed({ step }: Place): boolean {
  return step.kind === "field" || step.index.kind === "literal";
}

function isTag({ ref: { type }, step }: Place): boolean {
  const shape = type.kind === "ref" ? type.shape : null;
  if (shape?.kind !== "object" || step.kind !== "field") return false;
  return shape.named?.variants.some(({ test }) => test.kind === "tag" && test.field === step.name) === true;
}

/** The same for all that is written in the same way. */
function pathOf({ ref, step }: Place, context: BodyContext): string {
  const { instrOf, folded } = context.folding;
  const made = folded.has(ref.id) ? instrOf.get(ref.id) : undefined;
  const base = made?.kind === "load" ? pathOf(made.place, context) : String(context.variables.of(ref.id));
  if (step.kind === "field") return `${base}.${step.name}`;
  const { index } = step;
  return `${base}[${index.kind === "literal" ? index.spelling : String(context.variables.of(index.id))}]`;
}
