/**
 * Types that are handed over where a union is wanted that has them, or all their members, among its own: a polygon for a
 * `Shape`, the parts of a group for anything. A function that calls itself with them takes its own parameter apart for
 * them, so objects of such a type are kept as those of the union are in the next attempt.
 */
import type { ts } from "ts-morph";
import { nameOfShape } from "../../ir/shapes.js";
import type { Block, Shape, Type, Value } from "../../ir/types.js";
import { forEachInstr } from "../../ir/visit.js";
import type { Program } from "../functions/companions.js";
import type { FrontendProject } from "../project/project.js";
import type { Target } from "../targets/targets.js";
import { keyOf, membersOf } from "./named-types.js";

export class WiderUnions {
  /** By what the narrower type is made of. */
  readonly #wider = new Map<string, ts.Type>();

  get size(): number {
    return this.#wider.size;
  }

  add(key: string, type: ts.Type): void {
    if (!this.#wider.has(key)) this.#wider.set(key, type);
  }

  at(key: string): ts.Type | null {
    return this.#wider.get(key) ?? null;
  }

  has(type: ts.Type | undefined): boolean {
    return type !== undefined && [...this.#wider.values()].includes(type);
  }
}

/** The union in the place of the type; null where it stays what it is. */
export function widerThan(type: ts.Type, project: FrontendProject): ts.Type | null {
  return project.wider.size === 0 ? null : project.wider.at(keyOf(type, project));
}

/** Notes that what is of the one type is handed over as of the other. */
export function noteHandedOver(given: Type, wanted: Type, project: FrontendProject): void {
  const [from, to] = [nameIn(given), nameIn(wanted)];
  if (from === null || to === null || from === to) return;
  const [narrow, wide] = [project.named.types.get(from), project.named.types.get(to)];
  if (narrow === undefined || wide?.isUnion() !== true) return;
  const all = membersOf(wide, project);
  const some = membersOf(narrow, project);
  if (some.length < all.length && some.every((each) => all.includes(each)))
    project.wider.add(keyOf(narrow, project), wide);
}

/** The name of the objects, or of those in a list. */
function nameIn(type: Type): string | null {
  if (type.kind === "maybe") return nameIn(type.type);
  return type.kind === "ref" ? nameWithin(type.shape) : null;
}

function nameWithin(shape: Shape): string | null {
  if (shape.kind === "maybe") return nameWithin(shape.shape);
  return nameOfShape(shape) ?? (shape.kind === "array" ? nameWithin(shape.element) : null);
}

/**
 * Reports where one of the functions makes an object that holds such objects, or copies them: the user's type says that
 * what it holds is narrower than the emitted file takes it to be.
 */
export function reportMadeWide(
  { functions }: Pick<Program, "functions">,
  whole: Block,
  { declaration, node }: Pick<Target, "declaration" | "node">,
): void {
  const [first] = functions;
  if (first === undefined || first.unit.project.wider.size === 0) return;
  const { wider, named } = first.unit.project;
  const isWide = (type: Type): boolean => {
    const name = nameIn(type);
    return name !== null && wider.has(named.types.get(name));
  };
  const bodies = [whole, ...functions.flatMap(({ func }) => (func === null ? [] : [func.body]))];
  const made: Value[] = [];
  for (const body of bodies)
    forEachInstr(body, (instr) => {
      if (instr.kind !== "alloc" || !isWide(instr.out.type)) return;
      const { init, out } = instr;
      const isHolder = init.kind === "object" && init.entries.some(({ value }) => isWide(value.type));
      if (isHolder || init.kind === "clone") made.push(out);
    });
  const taking = functions.find(({ params }) => params.some(({ value }) => isWide(value.type))) ?? first;
  const reason =
    "takes what may be of more kinds than the fields of objects say that are made or changed here";
  if (made.length > 0)
    first.unit.diagnostics.report("recursion", declaration.name ?? node, { name: taking.name, reason });
}
