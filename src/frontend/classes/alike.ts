/**
 * Classes that TypeScript takes for one another because they look alike: `const c: Circle = new Square(1)`, where both have
 * the same members. An instance is then not of the class that its type says. Where that turns out, from which instances lie
 * in the memory that was taken to be of one class, the other is one that it may be of as well in the next attempt.
 */
import type { ts } from "ts-morph";
import type { RegionId } from "../../ir/types.js";
import type { Context, Unit } from "../context.js";
import type { FrontendProject } from "../project/project.js";
import { symbolOf } from "../names.js";
import { derives } from "../types/families.js";
import { membersOf } from "../types/named-types.js";
import { regionsAnywhere } from "../types/widening.js";
import type { RefValue } from "../values.js";
import { type ClassNode, instanceType } from "./class-index.js";

/** By the classes that the types name, the others that instances may be of. */
export class AlikeClasses {
  readonly #others = new Map<ts.Declaration, Set<ClassNode>>();

  /** How many were found. */
  size = 0;

  of(node: ts.Declaration): ReadonlySet<ClassNode> {
    return this.#others.get(node) ?? new Set();
  }

  add(node: ClassNode, other: ClassNode): void {
    const known = this.#others.get(node) ?? new Set();
    if (known.has(other)) return;
    this.#others.set(node, known.add(other));
    this.size++;
  }
}

/** What was taken to be an instance of the class, or of one that extends it, as its type says. */
export interface DeclaredInstance {
  readonly region: RegionId;
  readonly class: ClassNode;
}

/** Notes that the type has been believed of the object that `at` gives. */
export function noteDeclared(cx: Context, ref: RefValue, declared: ts.Type, at: ts.Node): void {
  if (isTested(cx, declared, at)) return;
  const { declaredInstances, project } = cx.unit;
  const { region } = ref.type;
  // What a test has found out, or what has been believed before, is not believed again.
  const known = cx.facts.get(ref.id) ?? [];
  for (const { symbol } of membersOf(declared, project) as readonly Partial<ts.Type>[])
    for (const node of symbol?.declarations ?? [])
      if (
        cx.ts.isClassLike(node) &&
        !(known.length > 0 && known.every((each) => derives(each, node, project)))
      )
        declaredInstances.push({ region, class: node });
}

/** The variable is declared as something else, so that `instanceof` has said what it is. */
function isTested(cx: Context, found: ts.Type, at: ts.Node): boolean {
  const { checker } = cx;
  const variable = cx.ts.isIdentifier(at) ? symbolOf(cx, at) : null;
  if (variable === null || (variable.flags & cx.ts.SymbolFlags.Variable) === 0) return false;
  const own = checker.getNonNullableType(checker.getTypeOfSymbol(variable));
  const declared = checker.getBaseConstraintOfType(own) ?? own;
  // Of a union, assignments may have told TypeScript which it is.
  const [before, now] = [declared, found].map((type) => type.symbol as ts.Symbol | undefined);
  return !declared.isUnion() && before !== undefined && now !== undefined && before !== now;
}

/** Finds out which types were wrong about their instances. */
export function learnAlike(units: readonly Unit[], project: FrontendProject): void {
  for (const unit of units) {
    const seen = new Set<string>();
    for (const { region, class: declared } of unit.declaredInstances) {
      const key = `${String(unit.regions.canonical(region))} ${declared.getSourceFile().fileName} ${String(declared.pos)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      for (const made of regionsAnywhere(unit, region).flatMap(([here, at]) => instancesIn(here, at)))
        if (!derives(made, declared, project) && looksLike(made, declared, project))
          project.alike.add(declared, made);
    }
  }
}

function instancesIn({ regions, instances }: Unit, region: RegionId): readonly ClassNode[] {
  return [...instances].flatMap(([each, made]) => (regions.canonical(each) === region ? [made] : []));
}

/** TypeScript lets one be put where the other is declared. */
function looksLike(made: ClassNode, declared: ClassNode, project: FrontendProject): boolean {
  return project.checker.isTypeAssignableTo(instanceType(made, project), instanceType(declared, project));
}
