/** Which class an instance of a family is of: its cell says it, or `instanceof`. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { boolean } from "../../ir/builder.js";
import type { Atom, MaybeType } from "../../ir/types.js";
import { boxKindOf } from "../../ir/boxes.js";
import { isMixed } from "../../ir/shapes.js";
import { instanceOf } from "../../ops/classes.js";
import * as ops from "../../ops/scalar.js";
import { typeOf } from "../../ops/steering.js";
import { noteDeclared } from "./alike.js";
import { type ClassNode, type Kind, classType, isLiteralNode } from "./class-index.js";
import { knownClasses } from "./known-classes.js";
import { isBoxed, isOfKind, partOf } from "../expressions/boxes.js";
import { type Context, poison, refuse } from "../context.js";
import {
  type Family,
  type FamilyMember,
  candidatesFor,
  candidatesOfObject,
  derives,
  isOfFamily,
} from "../types/families.js";
import { kindOfMember } from "../types/box-kinds.js";
import { branch } from "../control/join.js";
import { isCallable } from "../functions/functions.js";
import { functionsOf } from "../functions/kept-calls.js";
import { loadRaw } from "../memory.js";
import { mayBeAbsent } from "../expressions/mixed.js";
import { stringLiteral, symbolOf } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { namedValue } from "../value-names.js";
import { type RefValue, apply, atomOf, isRef, present } from "../values.js";

/** What an instance may be of. */
export interface Told {
  readonly family: Family;
  /** Those that it may be of. */
  readonly members: readonly FamilyMember[];
  /** It may be of another class, which the project does not know. */
  readonly isOpen: boolean;
}

/**
 * The classes that the object which `at` gives may be of, among which `wants` says whether it has to be known;
 * "later" where the next attempt knows them, null where they are not told apart.
 */
export function toldApart(
  cx: Context,
  ref: RefValue,
  at: ts.Node,
  wants: (classes: readonly Kind[]) => boolean,
): Told | "later" | null {
  const { project, dispatch } = cx.unit;
  const type = typeAt(cx, at);
  const classes = possibleClasses(cx, ref, at);
  const [first] = classes;
  if (first === undefined || !wants(classes)) return null;
  const family = project.families.get(first);
  if (family === undefined || classes.some((each) => project.families.get(each) !== family)) {
    dispatch.wanted.push({ root: type, classes });
    return "later";
  }
  if (!isOfFamily(ref.type.shape, family, project)) return null;
  const hidden = family.tag === null ? family.members.find(({ value }) => value === null) : undefined;
  // Refused where the literal is made.
  if (hidden !== undefined && isLiteralNode(hidden.node, project)) return "later";
  if (hidden !== undefined) {
    refuse(cx, "hiddenClass", at, { name: hidden.word, code: excerpt(at) });
    return "later";
  }
  // TypeScript would not let the emitted file ask for a class that looks like the one that is declared.
  if (family.tag === null && isAlike(cx, type, classes)) {
    refuse(cx, "dynamicDispatch", at, { name: excerpt(at) });
    return "later";
  }
  const possible = family.members.filter(({ node }) => classes.includes(node));
  const made = possible.filter(({ node }) => dispatch.made.has(node));
  const members = family.tag === null || made.length === 0 ? possible : made;
  return { family, members, isOpen: family.tag === null && !type.isUnion() };
}

/** One of the classes is no class that the type names, but looks like one. */
function isAlike(cx: Context, type: ts.Type, classes: readonly Kind[]): boolean {
  const { project } = cx.unit;
  const declared = (type.symbol as ts.Symbol | undefined)?.declarations ?? [];
  return classes.some((each) =>
    declared.some((base) => project.alike.of(base).size > 0 && !derives(each, base, project)),
  );
}

/** The classes that the object which `at` gives may be of, by its type and by what has been found out. */
export function possibleClasses(cx: Context, ref: RefValue, at: ts.Node): readonly Kind[] {
  const { project, dispatch } = cx.unit;
  const type = typeAt(cx, at);
  noteDeclared(cx, ref, type, at);
  const classes = candidatesOfObject(type, project, new Set([...dispatch.made, ...dispatch.making]));
  const known = knownClasses(cx, ref);
  const both = known === null ? classes : classes.filter((each) => known.includes(each));
  return both.length === 0 ? classes : both;
}

/** The type of an expression, `undefined` and `null` aside. */
export function typeAt(cx: Context, at: ts.Node): ts.Type {
  const own = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(at));
  // The type of `this` is a type parameter.
  return classType(cx.checker.getBaseConstraintOfType(own) ?? own, cx.unit.project);
}

/** Whether the object is of that very class, given that it is of none of those before it in its family. */
export function classTest(
  cx: Context,
  ref: RefValue,
  { tag }: Family,
  member: FamilyMember,
  node: ts.Node,
): Atom {
  if (tag === null) return instanceTest(cx, ref, member.node, node);
  const word = loadRaw(cx, ref, tag, node, null);
  return isAtom(word) ? apply(cx, ops.eq, [word, stringLiteral(member.word)], node) : poison;
}

/** Whether it is of one of those classes. */
export function anyClassTest(
  cx: Context,
  ref: RefValue,
  family: Family,
  members: readonly FamilyMember[],
  node: ts.Node,
): Atom {
  return members
    .map((each) => classTest(cx, ref, family, each, node))
    .reduce<Atom>(
      (any, test) => (any.kind === "literal" ? test : apply(cx, ops.or, [any, test], node)),
      boolean(false),
    );
}

function instanceTest(cx: Context, ref: RefValue, of: Kind, node: ts.Node): Atom {
  const name = isLiteralNode(of, cx.unit.project) ? undefined : of.name;
  const symbol = name === undefined ? null : symbolOf(cx, name);
  const value =
    name === undefined || symbol === null
      ? null
      : namedValue(cx.unit.emitted, name.getSourceFile(), symbol, [name.text]);
  if (name === undefined || value === null)
    return refuse(cx, "hiddenClass", node, { name: name?.text ?? "class", code: excerpt(node) });
  return apply(cx, instanceOf(name.text, value.text, value.imports), [ref], node);
}

/** `b instanceof Ball`. */
export function lowerInstanceOf(
  cx: Context,
  node: ts.BinaryExpression,
  left: Bound,
  wanted: ClassNode,
): Bound {
  // A function is an instance of no class of the user's.
  if (isCallable(left)) return boolean(false);
  const atom = atomOf(cx, left, node.left);
  if (atom === poison) return poison;
  if (atom.type.kind === "nothing" || functionsOf(atom) !== null) return boolean(false);
  if (isBoxed(atom)) return testBoxed(cx, node, atom, wanted);
  if (atom.type.kind !== "maybe") return testInstance(cx, node, atom, wanted);
  if (isMixed(atom.type)) return testMixed(cx, node, atom, atom.type, wanted);
  return branch(
    cx,
    node,
    apply(cx, ops.isPresent, [atom], node),
    () => {
      const inner = present(cx, atom, node.left);
      return isBoxed(inner) ? testBoxed(cx, node, inner, wanted) : testInstance(cx, node, inner, wanted);
    },
    () => boolean(false),
    null,
  );
}

/** Of an object or a word. */
function testMixed(
  cx: Context,
  node: ts.BinaryExpression,
  atom: Atom,
  type: MaybeType,
  wanted: ClassNode,
): Bound {
  if (type.type.kind !== "ref") return boolean(false);
  const isObject = apply(cx, ops.eq, [apply(cx, typeOf, [atom], node), stringLiteral("object")], node);
  if (!mayBeAbsent(type) && isEveryObject(cx, node, wanted)) return isObject;
  const isThere = mayBeAbsent(type) ? apply(cx, ops.isPresent, [atom], node) : boolean(true);
  const object = (): Atom => apply(cx, ops.narrow, [atom], node, null, type.type);
  const test = (): Bound =>
    branch(
      cx,
      node,
      isObject,
      () => testInstance(cx, node, object(), wanted),
      () => boolean(false),
      null,
    );
  return branch(cx, node, isThere, test, () => boolean(false), null);
}

/** Of what may be no object at all. */
function testBoxed(cx: Context, node: ts.BinaryExpression, box: RefValue, wanted: ClassNode): Bound {
  const isObject = isOfKind(cx, box, "object", node);
  if (isEveryObject(cx, node, wanted)) return isObject;
  const test = (): Atom => testInstance(cx, node, partOf(cx, box, "object", node, null) ?? poison, wanted);
  return branch(cx, node, isObject, test, () => boolean(false), null);
}

function isAlsoScalar(cx: Context, at: ts.Node): boolean {
  const whole = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(at));
  return whole.isUnion() && whole.types.some((type) => kindOfMember(type, cx.unit.project) !== "object");
}

/** Whatever is an object there is of the class. */
function isEveryObject(cx: Context, node: ts.BinaryExpression, wanted: ClassNode): boolean {
  const whole = cx.checker.getTypeAtLocation(node.left);
  const { project } = cx.unit;
  const objects = (whole.isUnion() ? whole.types : [whole]).filter(
    (type) => kindOfMember(type, project) === "object",
  );
  return objects.every((type) => {
    const classes = candidatesFor(type, project);
    return classes.length > 0 && classes.every((each) => derives(each, wanted, project));
  });
}

function refuseTest(cx: Context, node: ts.BinaryExpression): Atom {
  return refuse(cx, "unsupportedOperator", node, { operator: "instanceof", code: excerpt(node) });
}

/** Of what is of no shape that the caller could hand over: it is made here, of one of the classes that its type allows. */
function testMade(cx: Context, node: ts.BinaryExpression, ref: RefValue, wanted: ClassNode): Atom {
  const { project } = cx.unit;
  const classes = possibleClasses(cx, ref, node.left);
  const yes = classes.filter((each) => derives(each, wanted, project));
  const isTold = classes.length > 0 && (yes.length === 0 || yes.length === classes.length);
  return isTold ? boolean(yes.length > 0) : refuseTest(cx, node);
}

function testInstance(cx: Context, node: ts.BinaryExpression, atom: Atom, wanted: ClassNode): Atom {
  if (atom === poison) return poison;
  // A number is an instance of no class, nor is an array.
  if (!isRef(atom) || boxKindOf(atom.type) === "array") return boolean(false);
  const { project, classes } = cx.unit;
  const exact = classes.get(atom.id);
  if (exact !== undefined) return boolean(derives(exact, wanted, project));
  const known = knownClasses(cx, atom);
  if (known !== null && !known.some((each) => derives(each, wanted, project))) return boolean(false);
  // Where the test fails, TypeScript takes it for no object at all.
  if (isAlsoScalar(cx, node.left) && isEveryObject(cx, node, wanted)) return boolean(true);
  const told = toldApart(cx, atom, node.left, () => true);
  if (told === "later") return poison;
  if (told === null) return testMade(cx, node, atom, wanted);
  const { family, members } = told;
  const yes = members.filter((each) => derives(each.node, wanted, project));
  if (family.tag === null) return instanceTest(cx, atom, wanted, node);
  if (yes.length === members.length) return boolean(true);
  return anyClassTest(cx, atom, family, yes, node);
}
