/** Instances of a family are told apart by their classes; an object literal is of none. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { nameOfShape } from "../../ir/shapes.js";
import type { Atom, ObjectShape, Shape } from "../../ir/types.js";
import { type Context, refuse } from "../context.js";
import { shapeOfType } from "../memory.js";
import type { FrontendProject } from "../project/project.js";
import { stringLiteral } from "../names.js";
import { type Family, candidatesFor, isMethod, isOfFamily } from "../types/families.js";
import { shapeOf } from "../types/shapes.js";
import { makeLiterals } from "../types/widening.js";
import type { Bound } from "../scope.js";
import { type RefValue, isRef } from "../values.js";
import { type Kind, type LiteralNode, declaredBases, instanceType, isLiteralNode } from "./class-index.js";
import { knownClasses } from "./known-classes.js";

/** What a literal is made as that may lie where instances of a family do. */
export interface LiteralOf {
  readonly kind: LiteralNode;
  /** That of all of the family; null while there is none. */
  readonly shape: ObjectShape | null;
  /** The cell that says what it is. */
  readonly tag: ReadonlyMap<string, Bound>;
}

/** Null for a literal that is no object among instances, as far as is known. */
export function literalOf(cx: Context, node: ts.Node): LiteralOf | "refused" | null {
  const { project, dispatch, widenings } = cx.unit;
  if (!cx.ts.isObjectLiteralExpression(node)) return null;
  const type = cx.checker.getContextualType(node);
  const declared = type === undefined ? null : kindOf(cx, cx.checker.getNonNullableType(type));
  const kind = declared ?? widenings.literalAt(node);
  if (kind === null) return null;
  const own = instanceType(kind, project);
  const known = new Set([...dispatch.made, ...dispatch.making, kind]);
  const among = candidatesFor(own, project, known);
  if (!among.some((each) => !isLiteralNode(each, project))) return null;
  dispatch.making.add(kind);
  const family = project.families.get(kind);
  if (family === undefined) {
    if (among.includes(kind) && among.some((each) => project.families.has(each)))
      dispatch.wanted.push({ root: own, classes: among });
    return { kind, shape: null, tag: new Map() };
  }
  const member = family.members.find((each) => each.node === kind);
  const shape = shapeOf(own, node, project);
  if (family.tag === null) {
    refuse(cx, "literalInstance", node, { name: member?.word ?? "", code: excerpt(node) });
    return "refused";
  }
  if (member === undefined || shape.kind !== "object") return { kind, shape: null, tag: new Map() };
  return { kind, shape, tag: new Map([[family.tag, stringLiteral(member.word)]]) };
}

/** Wants one that may be a literal to be told from the other, which may be an instance. */
export function tellLiteral(cx: Context, literal: Atom, other: Atom): void {
  if (!isRef(literal) || !isRef(other) || !cx.unit.members.has(literal.id)) return;
  const { project, dispatch, literals } = cx.unit;
  const kind = literals.get(literal.id) ?? kindOfBoth(cx, literal, other);
  if (kind === null || project.families.has(kind)) return;
  if (!literals.has(literal.id)) makeLiterals(cx, literal, kind);
  const root = instanceType(kind, project);
  const classes = candidatesFor(root, project, new Set([...dispatch.made, ...dispatch.making]));
  if (classes.length > 1) dispatch.wanted.push({ root, classes });
}

/** The interface of the instance's class that the literal is of as well, by its functions. */
function kindOfBoth(cx: Context, literal: RefValue, other: RefValue): LiteralNode | null {
  const names = [...(cx.unit.members.get(literal.id)?.keys() ?? [])];
  const { project } = cx.unit;
  const isOfIt = (kind: LiteralNode): boolean => {
    const properties = project.checker.getPropertiesOfType(instanceType(kind, project));
    const called = properties.filter((each) => isMethod(each, project));
    return called.length > 0 && called.every(({ name }) => names.includes(name));
  };
  return (knownClasses(cx, other) ?? []).flatMap((each) => interfacesOf(each, project)).find(isOfIt) ?? null;
}

function interfacesOf(kind: Kind, project: FrontendProject): readonly LiteralNode[] {
  if (isLiteralNode(kind, project)) return [kind];
  return declaredBases(kind, project).flatMap((base) =>
    project.ts.isClassLike(base) || isLiteralNode(base, project) ? interfacesOf(base, project) : [],
  );
}

/** The interface, or the type that is written out, of which the literal is: one with functions. */
function kindOf({ ts: tsc, unit: { project } }: Context, type: ts.Type): LiteralNode | null {
  const declarations = (type.symbol as ts.Symbol | undefined)?.declarations ?? [];
  const kind = declarations.find((each): each is LiteralNode => isLiteralNode(each, project));
  if (kind === undefined || type.isUnion() || kind.getSourceFile().isDeclarationFile) return null;
  const isGeneric = tsc.isInterfaceDeclaration(kind) && kind.typeParameters !== undefined;
  if (isGeneric && !project.literalTypes.has(kind) && isPlain(tsc, type, project))
    project.literalTypes.set(kind, type);
  const own = instanceType(kind, project);
  if (own !== type) return null;
  return project.checker.getPropertiesOfType(own).some((each) => isMethod(each, project)) ? kind : null;
}

/** Its parameters stand for types that are known, and it says of no function that it may be missing. */
function isPlain(tsc: Context["ts"], type: ts.Type, { checker }: FrontendProject): boolean {
  const isOpen = ({ flags }: ts.Type): boolean => (flags & tsc.TypeFlags.TypeParameter) !== 0;
  return (
    !checker.getTypeArguments(type as ts.TypeReference).some(isOpen) &&
    checker.getPropertiesOfType(type).every(({ flags }) => (flags & tsc.SymbolFlags.Optional) === 0)
  );
}

/** Refuses a literal, or memory that holds one, where instances of a family lie; true where it does. */
export function refusesLiteral(cx: Context, value: Atom, wanted: Shape, node: ts.Node): boolean {
  const family = literalAmongInstances(shapeOfType(value.type), wanted, cx.unit.project);
  if (family === null) return false;
  const kind = kindOf(cx, family.root);
  const { changes } = cx.unit.widenings;
  if (kind !== null && isRef(value) && makeLiterals(cx, value, kind) && cx.unit.widenings.changes > changes)
    return true;
  const name = (family.root.symbol as ts.Symbol | undefined)?.name ?? family.name;
  refuse(cx, "literalInstance", node, { name, code: excerpt(node) });
  return true;
}

/**
 * The family of which instances are wanted where there are object literals, in what is given or in a part of it that
 * has no name; null where there are none.
 */
export function literalAmongInstances(given: Shape, wanted: Shape, project: FrontendProject): Family | null {
  if (wanted.kind === "maybe") return literalAmongInstances(given, wanted.shape, project);
  if (given.kind === "maybe") return literalAmongInstances(given.shape, wanted, project);
  const inParts = (parts: readonly (readonly [Shape | undefined, Shape])[]): Family | null =>
    parts
      .map(([part, other]) => (part === undefined ? null : literalAmongInstances(part, other, project)))
      .find((each) => each !== null) ?? null;
  if (nameOfShape(wanted) !== null) {
    if (given.kind !== "object" || nameOfShape(given) !== null) return null;
    return [...project.families.values()].find((each) => isOfFamily(wanted, each, project)) ?? null;
  }
  if (given.kind === "array" && wanted.kind === "array") return inParts([[given.element, wanted.element]]);
  if (given.kind === "tuple" && wanted.kind === "tuple")
    return inParts(wanted.elements.map((each, i) => [given.elements[i], each]));
  if (given.kind === "object" && wanted.kind === "object" && nameOfShape(given) === null)
    return inParts(
      wanted.fields.map(({ name, shape }) => [given.fields.find((each) => each.name === name)?.shape, shape]),
    );
  return null;
}

/** True where the object may be an instance of a class with such a method, by its fields. */
export function mayHaveMethod({ unit: { project } }: Context, given: Shape, name: string): boolean {
  const shape = given.kind === "maybe" ? given.shape : given;
  if (shape.kind !== "object" || shape.fields.some((each) => each.name === name)) return false;
  if ([...project.families.values()].some((each) => isOfFamily(shape, each, project))) return true;
  const types = project.classes.all(project).map((each) => instanceType(each, project));
  const able = types.filter((type) => {
    const property = type.getProperty(name);
    return property !== undefined && isMethod(property, project);
  });
  const isField = (field: string): boolean =>
    field.startsWith("#") || able.some((type) => type.getProperty(field) !== undefined);
  return able.length > 0 && shape.fields.every((field) => isField(field.name));
}
