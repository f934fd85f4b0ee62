/**
 * Families: classes whose instances may lie in one place, where a member depends on which class it is. Which classes
 * these are is found while a function is lowered; then it is lowered once more, and instances of a family are of one
 * shape, that of a union, whose variants are the classes.
 */
import type { ts } from "ts-morph";
import { nameOfShape } from "../../ir/shapes.js";
import type { Shape } from "../../ir/types.js";
import {
  type ClassNode,
  type Kind,
  type LiteralNode,
  classType,
  declaredBases,
  instanceType,
  isLiteralNode,
} from "../classes/class-index.js";
import { isOfClass, membersOf, nameOfType, newName } from "./named-types.js";
import type { FrontendProject } from "../project/project.js";
import { type Emitted, type NamedValue, namedValue } from "../value-names.js";
import { isFunctionType } from "./function-shapes.js";

export interface Family {
  /** That of the type that its instances have. */
  readonly name: string;
  /** Its type for TypeScript. */
  readonly root: ts.Type;
  /**
   * The cell in which an instance carries the name of its class. Null where instances come from outside: they are told
   * apart by `instanceof`.
   */
  readonly tag: string | null;
  /** Classes come before those that they extend. */
  readonly members: readonly FamilyMember[];
}

export interface FamilyMember {
  readonly node: Kind;
  readonly type: ts.Type;
  /** What the cell holds. */
  readonly word: string;
  /** That of the type of its instances. */
  readonly name: string;
  /** The class as the emitted file names it; null where it cannot. */
  readonly value: NamedValue | null;
}

/** By their classes. */
export type Families = ReadonlyMap<Kind, Family>;

/** Classes that have to be told apart, because of a value of that type. */
export interface Group {
  readonly root: ts.Type;
  readonly classes: readonly Kind[];
}

/** What an attempt at lowering a function knows of families, and finds out. */
export interface Dispatch {
  /** Classes of which it is known that the function makes instances, and what it makes literals of. */
  readonly made: ReadonlySet<Kind>;
  /** Those of which this attempt does. */
  readonly making: Set<Kind>;
  /** Classes that this attempt would have had to tell apart. */
  readonly wanted: Group[];
}

/** The groups with those that are wanted as well; groups that have a class in common are one. */
export function withWanted(groups: readonly Group[], wanted: readonly Group[]): readonly Group[] {
  const all = [...groups];
  for (const each of wanted) {
    const touching = all.filter(({ classes }) => classes.some((one) => each.classes.includes(one)));
    const parts = [...touching, each];
    const [widest = each] = parts.toSorted((a, b) => b.classes.length - a.classes.length);
    const classes = [...new Set(parts.flatMap((part) => part.classes))].toSorted(byPlace);
    for (const one of touching) all.splice(all.indexOf(one), 1);
    all.push({ root: widest.root, classes });
  }
  return all;
}

/** In the order of the source; TypeScript's depends on what else it has seen. */
function byPlace(a: Kind, b: Kind): number {
  const [file, other] = [a.getSourceFile().fileName, b.getSourceFile().fileName];
  return file === other ? a.pos - b.pos : file < other ? -1 : 1;
}

/** The families of the groups; those whose instances come from outside have no tag. */
export function familiesOf(
  groups: readonly Group[],
  isOutside: (group: Group) => boolean,
  emitted: Emitted,
): Families {
  return new Map(
    groups.flatMap((group) => {
      const family = makeFamily(group, isOutside(group), emitted);
      return family.members.map(({ node }) => [node, family] as const);
    }),
  );
}

function makeFamily({ root, classes }: Group, isOutside: boolean, emitted: Emitted): Family {
  const { project, sourceFile } = emitted;
  const types = classes.map((node) => instanceType(node, project));
  const words = distinct(classes.map((node) => nameOf(node, emitted.project)));
  const tag = isOutside ? null : tagFor(types);
  const name = isOutside
    ? nameOfType(root, words.join("Or"), project)
    : newName(root, types, "Data", sourceFile, project);
  const members = classes.map((node, i): FamilyMember => {
    const [type = root, word = ""] = [types[i], words[i]];
    // A name that is no user's: an instance that carries its class is of no type of theirs.
    const own = isOutside ? nameOfType(type, word, project) : `${name}.${word}`;
    return { node, type, word, name: own, value: valueOf(node, emitted) };
  });
  return {
    name,
    root,
    tag,
    members: members.toSorted((a, b) => depthOf(b.node, project) - depthOf(a.node, project)),
  };
}

function nameOf(node: Kind, project: FrontendProject): string {
  const { ts } = project;
  if (!ts.isTypeLiteralNode(node))
    return node.name?.text ?? givenName(project, node.parent) ?? mixinName(project, node) ?? "Class";
  return ts.isTypeAliasDeclaration(node.parent) ? node.parent.name.text : "Literal";
}

/** `const Disc = class …`, `{ disc: class … }`. */
function givenName({ ts }: FrontendProject, node: ts.Node): string | null {
  const isNamed = ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node);
  const name = isNamed && ts.isIdentifier(node.name) ? node.name.text : null;
  return name === null ? null : name.charAt(0).toUpperCase() + name.slice(1);
}

function valueOf(node: Kind, emitted: Emitted): NamedValue | null {
  if (isLiteralNode(node, emitted.project)) return null;
  const { name } = node;
  const symbol = name === undefined ? undefined : emitted.project.checker.getSymbolAtLocation(name);
  if (name === undefined || symbol === undefined) return null;
  return namedValue(emitted, name.getSourceFile(), symbol, [name.text]);
}

/** `function Tilted(Base) { return class extends Base { … }; }`. */
function mixinName({ ts }: FrontendProject, node: ts.Node): string | null {
  const around = ts.findAncestor(node.parent, ts.isFunctionLike);
  const name =
    around?.name ??
    (around !== undefined && ts.isVariableDeclaration(around.parent) ? around.parent.name : undefined);
  return name !== undefined && ts.isIdentifier(name) ? name.text : null;
}

/** A name for the cell that no class has a member of. */
function tagFor(types: readonly ts.Type[]): string {
  const isTaken = (name: string): boolean => types.some((type) => type.getProperty(name) !== undefined);
  const names = ["kind", "class", "className"];
  return names.find((name) => !isTaken(name)) ?? "tsadClass";
}

function distinct(words: readonly string[]): readonly string[] {
  return words.map((word, i) => {
    const before = words.slice(0, i).filter((each) => each === word).length;
    return before === 0 ? word : `${word}${String(before + 1)}`;
  });
}

function depthOf(node: Kind, project: FrontendProject): number {
  if (isLiteralNode(node, project)) return 0;
  const [depth = 0] = declaredBases(node, project)
    .map((base) => (project.ts.isClassLike(base) ? depthOf(base, project) + 1 : 0))
    .toSorted((a, b) => b - a);
  return depth;
}

/** True for the shape of its instances. */
export function isOfFamily(shape: Shape, { name }: Family, { kept }: FrontendProject): boolean {
  return nameOfShape(shape) === (kept?.nameOf(name) ?? name);
}

/** The family of a type all of whose instances are of that family; null for any other type. */
export function familyOfType(type: ts.Type, project: FrontendProject): Family | null {
  if (project.families.size === 0) return null;
  const [first, ...others] = candidatesFor(type, project).map((each) => project.families.get(each) ?? null);
  return first !== undefined && others.every((each) => each === first) ? first : null;
}

/**
 * The classes of the project that have instances and that a value of the type may be an instance of. For an interface
 * of nothing but data, which any object may have, these are only such as are known to be `made`.
 */
export function candidatesFor(
  type: ts.Type,
  project: FrontendProject,
  made: ReadonlySet<Kind> = new Set(project.families.keys()),
): readonly Kind[] {
  return classesOf(membersOf(type, project), project, made);
}

/** The same for a value that is an object, whatever else its type allows: `number | Ball`. */
export function candidatesOfObject(
  type: ts.Type,
  project: FrontendProject,
  made: ReadonlySet<Kind>,
): readonly Kind[] {
  const all = membersOf(type, project);
  const objects = all.filter(({ flags }) => (flags & project.ts.TypeFlags.Object) !== 0);
  return classesOf(objects.length === 0 ? all : objects, project, made);
}

function classesOf(
  types: readonly ts.Type[],
  project: FrontendProject,
  made: ReadonlySet<Kind>,
): readonly Kind[] {
  const members = types.map((member) => ofOne(bounded(member, project), project, made));
  // A member that is no class may be anything.
  if (members.some((each) => each.length === 0)) return [];
  const all = new Set(members.flat());
  if (members.length === 1) return [...all];
  const literals = [...all].filter((each) => isLiteralNode(each, project));
  return [...project.classes.all(project).filter((each) => all.has(each)), ...literals];
}

/** Of a type parameter nothing is known but what it extends: the instances of a generic class are of one shape. */
function bounded(type: ts.Type, { ts, checker }: FrontendProject): ts.Type {
  const isParameter = (type.flags & ts.TypeFlags.TypeParameter) !== 0;
  return isParameter ? (checker.getBaseConstraintOfType(type) ?? type) : type;
}

function ofOne(given: ts.Type, project: FrontendProject, made: ReadonlySet<Kind>): readonly Kind[] {
  const { ts, checker, classes, alike } = project;
  const type = classType(given, project);
  if ((type.flags & ts.TypeFlags.Object) === 0 || checker.isArrayLikeType(type)) return [];
  const declared = (type.symbol as ts.Symbol | undefined)?.declarations ?? [];
  if (project.given.has(type)) return [];
  const properties = checker.getPropertiesOfType(type);
  const isOf = (each: ClassNode, base: ts.Declaration): boolean =>
    derives(each, base, project) || [...alike.of(base)].some((other) => derives(each, other, project));
  // Of `{}`, as of options that there are none of, nothing is read: whatever lies there is no instance to anyone.
  if (properties.length === 0 && !isOfClass(type, project)) return [];
  const found = classes
    .all(project)
    .filter(
      (each) =>
        !isAbstract(each, project) &&
        (declared.some((base) => isOf(each, base)) ||
          (!isOfClass(type, project) && checker.isTypeAssignableTo(instanceType(each, project), type))),
    );
  const isCode =
    isOfClass(type, project) ||
    properties.some((each) => isMethod(each, project)) ||
    found.some((each) => properties.some(({ name }) => isComputed(each, name, project)));
  // What has nothing but fields is what it is declared as, unless it is made here.
  const instances = isCode ? found : found.filter((each) => made.has(each));
  return instances.some((each) => made.has(each) || project.families.has(each))
    ? [...instances, ...literalsOf(type, project, made)]
    : instances;
}

/** What literals are made of that may be where one of the type is. */
function literalsOf(
  type: ts.Type,
  project: FrontendProject,
  made: ReadonlySet<Kind>,
): readonly LiteralNode[] {
  if (isOfClass(type, project)) return [];
  const { checker } = project;
  const declared = (type.symbol as ts.Symbol | undefined)?.declarations ?? [];
  // That of a generic interface is of no type before its parameters stand for some.
  const isOf = (each: LiteralNode): boolean =>
    declared.some((base) => derives(each, base, project)) ||
    checker.isTypeAssignableTo(instanceType(each, project), type);
  return [...made].filter((each): each is LiteralNode => isLiteralNode(each, project) && isOf(each));
}

/** True for what a getter of the class gives, or of one that it extends. */
export function isComputed(node: Kind, name: string, project: FrontendProject): boolean {
  const property = project.checker.getPropertyOfType(instanceType(node, project), name);
  const { ts } = project;
  if (property === undefined) return false;
  if ((property.flags & ts.SymbolFlags.Accessor) !== 0) return true;
  return (property.declarations ?? []).some((each) => ts.isAccessor(each) && ts.isClassLike(each.parent));
}

export function isMethod(property: ts.Symbol, { ts, checker }: FrontendProject): boolean {
  if ((property.flags & ts.SymbolFlags.Method) !== 0) return true;
  return isFunctionType(checker.getTypeOfSymbol(property));
}

function isAbstract(node: ClassNode, { ts }: FrontendProject): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Abstract) !== 0;
}

/** True for a class that extends or implements the other, however far up, or is it. */
export function derives(node: ts.Declaration, base: ts.Declaration, project: FrontendProject): boolean {
  if (node === base) return true;
  const { ts } = project;
  return (
    (ts.isClassLike(node) || ts.isInterfaceDeclaration(node)) &&
    declaredBases(node, project).some((each) => derives(each, base, project))
  );
}
