/** Names for the object types that are handled as a whole: unions of objects, and types that contain themselves. */
import type { ts } from "ts-morph";
import type { Absence } from "../../ir/types.js";
import type { FrontendProject } from "../project/project.js";

/** The types that have been given a name, in one project. */
export interface NamedTypes {
  /** By what they are made of. */
  readonly names: Map<string, string>;
  /** By their names. */
  readonly types: Map<string, ts.Type>;
  /** Those that contain themselves, by what they are made of. */
  readonly knots: Set<string>;
  /** Names of types that only emitted files have. */
  readonly made: Map<string, string>;
}

export function noNamedTypes(): NamedTypes {
  return { names: new Map(), types: new Map(), knots: new Set(), made: new Map() };
}

/** The name of a type: its own where it has one, else one that is made from `fallback`. */
export function nameOfType(whole: ts.Type, fallback: string, project: FrontendProject): string {
  const { names, types, made } = project.named;
  const members = membersOf(whole, project);
  const [only, ...more] = members;
  const type = only !== undefined && more.length === 0 ? only : whole;
  const key = keyOf(type, project);
  const known = names.get(key);
  if (known !== undefined) return known;
  const wanted = ownName(type, project) ?? fallback;
  const taken = new Set([...types.keys(), ...made.values()]);
  const name = freeName(wanted, (each) => !taken.has(each));
  names.set(key, name);
  // What may be missing is no part of what the name stands for.
  types.set(name, type === whole ? project.checker.getNonNullableType(type) : type);
  return name;
}

/**
 * The union with a name that is the same as one without: what `{ ...shape }` gives is again a `Shape`. Not where fields
 * are readonly, which those of the copy are not.
 */
export function namedTwin(type: ts.UnionType, project: FrontendProject): ts.Type | null {
  if (ownName(type, project) !== null) return null;
  const members = membersOf(type, project);
  const { checker } = project;
  const isTwin = (other: ts.Type): boolean =>
    membersOf(other, project).length === members.length &&
    members.length > 1 &&
    checker.isTypeAssignableTo(type, other) &&
    checker.isTypeAssignableTo(other, type) &&
    ownName(other, project) !== null &&
    membersOf(other, project).every((member) => !hasReadonly(member, project));
  const whole = checker.getNonNullableType(type);
  return [...project.named.types.values()].find((other) => other !== whole && isTwin(other)) ?? null;
}

function hasReadonly(type: ts.Type, { ts, checker }: FrontendProject): boolean {
  return checker
    .getPropertiesOfType(type)
    .some(({ declarations = [] }) =>
      declarations.some((each) => (ts.getCombinedModifierFlags(each) & ts.ModifierFlags.Readonly) !== 0),
    );
}

/** A name for a type that the emitted file declares, made of these types; `root` is what the source calls them. */
export function newName(
  root: ts.Type,
  parts: readonly ts.Type[],
  ending: string,
  at: ts.SourceFile,
  project: FrontendProject,
): string {
  const key = parts.map(idOf).toSorted().join("|");
  return nameFor(key, `${ownName(root, project) ?? "Instance"}${ending}`, at, project);
}

/** A name for a type that only the emitted file has; it is always the same for one key. */
export function nameFor(key: string, wanted: string, at: ts.SourceFile, project: FrontendProject): string {
  const { types, made } = project.named;
  const known = made.get(key);
  if (known !== undefined) return known;
  const { SymbolFlags } = project.ts;
  const inScope = project.checker.getSymbolsInScope(at, SymbolFlags.Type | SymbolFlags.Value);
  const taken = new Set([...types.keys(), ...made.values(), ...inScope.map(({ name }) => name)]);
  const name = freeName(wanted, (each) => !taken.has(each));
  made.set(key, name);
  return name;
}

/** The name, or with a number behind it. */
function freeName(wanted: string, isFree: (name: string) => boolean): string {
  let name = wanted;
  for (let count = 2; !isFree(name); count += 1) name = `${wanted}${String(count)}`;
  return name;
}

/** Notes that the type contains itself. */
export function noteKnot(type: ts.Type, project: FrontendProject): void {
  project.named.knots.add(keyOf(type, project));
}

export function isKnotted(type: ts.Type, project: FrontendProject): boolean {
  return project.named.knots.has(keyOf(type, project));
}

/** The members of a union, or the type alone, without `undefined` and `null`. */
export function membersOf(type: ts.Type, { ts }: Pick<FrontendProject, "ts">): readonly ts.Type[] {
  if (!type.isUnion()) return [type];
  return type.types
    .filter(({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) === 0)
    .toSorted((a, b) => lengthOf(a) - lengthOf(b) || byDeclaration(a, b));
}

/** Of a tuple; all else comes first. */
function lengthOf(type: ts.Type): number {
  const { target } = type as Partial<ts.TupleTypeReference>;
  return target?.fixedLength ?? 0;
}

/** In the order of the source: that of TypeScript depends on what else it has seen. */
function byDeclaration(a: ts.Type, b: ts.Type): number {
  return byPlace(a.symbol, b.symbol);
}

/** `{ [K in Joint]: Pose }`, `Record<Joint, Pose>`, `Omit<…>`. */
export function isMapped(type: ts.Type, { ts }: Pick<FrontendProject, "ts">): boolean {
  return (
    (type.flags & ts.TypeFlags.Object) !== 0 &&
    ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Mapped) !== 0
  );
}

/** The order in which they are declared, by file and place; 0 where that is not told. */
export function byPlace(a: ts.Symbol | undefined, b: ts.Symbol | undefined): number {
  const [first, second] = [a, b].map((each) => each?.declarations?.[0]);
  if (first === undefined || second === undefined) return 0;
  const [file, other] = [first.getSourceFile().fileName, second.getSourceFile().fileName];
  return file === other ? first.pos - second.pos : file < other ? -1 : 1;
}

/** The union of some of a union's members, under its own name where it has one. */
export function unionOf(whole: ts.Type, members: readonly ts.Type[], project: FrontendProject): ts.Type {
  const key = members.map(idOf).toSorted().join("|");
  const named = partsOf(whole).find((part) => part.isUnion() && keyOf(part, project) === key);
  // TypeScript makes such itself, but has no public name for that.
  const { getUnionType } = project.checker as ts.TypeChecker & {
    getUnionType?: (types: readonly ts.Type[]) => ts.Type;
  };
  return named ?? getUnionType?.(members) ?? whole;
}

/** What a union has been made of, at any depth. */
function partsOf(type: ts.Type): readonly ts.Type[] {
  const { origin } = type as ts.Type & { readonly origin?: ts.Type };
  const parts = origin?.isUnion() === true ? origin.types : [];
  return parts.flatMap((part) => [part, ...partsOf(part)]);
}

/** True for the type of the instances of a class. */
export function isOfClass(type: ts.Type, { ts }: Pick<FrontendProject, "ts">): boolean {
  const symbol = type.symbol as ts.Symbol | undefined;
  return ((symbol?.flags ?? 0) & ts.SymbolFlags.Class) !== 0;
}

/** A union that is met once with and once without `null` is one. */
export function keyOf(type: ts.Type, project: FrontendProject): string {
  return membersOf(type, project).map(idOf).toSorted().join("|");
}

function idOf(type: ts.Type): string {
  return String((type as ts.Type & { readonly id: number }).id);
}

/** `Shape`; `Tree<number>` becomes `TreeNumber`. Null for a type that is written out where it is used. */
function ownName(type: ts.Type, project: FrontendProject): string | null {
  const origin = (type as ts.Type & { readonly origin?: ts.Type }).origin;
  const candidates = [type, ...(origin?.isUnion() === true ? origin.types : [])];
  for (const candidate of candidates) {
    if (candidate !== type && !(candidate.isUnion() && keyOf(candidate, project) === keyOf(type, project)))
      continue;
    const text = project.checker.typeToString(candidate);
    if (/^[\p{ID_Start}$_][\p{ID_Continue}$.]*(?:<[\p{ID_Continue}$., <>]*>)?$/u.test(text))
      return capitalized(text);
  }
  return null;
}

/** `"line-segment"` to `LineSegment`. */
export function capitalized(text: string): string {
  return text
    .split(/[^\p{ID_Continue}$]+/u)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

/** The class that the type `this` stands for; other types as they are. */
export function withoutThis(type: ts.Type, { ts, checker }: FrontendProject): ts.Type {
  const symbol = type.symbol as ts.Symbol | undefined;
  const isThis =
    (type.flags & ts.TypeFlags.TypeParameter) !== 0 &&
    ((symbol?.flags ?? 0) & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0;
  return isThis ? (checker.getBaseConstraintOfType(type) ?? type) : type;
}

/** Of a class, which may be generic. */
export function isInstance(type: ts.Type): boolean {
  return ((type as Partial<ts.TypeReference>).target ?? type).isClass();
}

/** Which of `undefined` and `null` is a member; nothing where both are. */
export function absenceIn(type: ts.Type, { ts }: FrontendProject): Absence | undefined {
  const has = (flag: ts.TypeFlags): boolean =>
    type.isUnion() && type.types.some(({ flags }) => (flags & flag) !== 0);
  const [isUndefined, isNull] = [has(ts.TypeFlags.Undefined), has(ts.TypeFlags.Null)];
  return isUndefined === isNull ? undefined : isNull ? "null" : "undefined";
}
