/** Members of an instance of which only the call knows the class: each class has an arm of its own. */
import type { ts } from "ts-morph";
import { boolean, suggested } from "../../ir/builder.js";
import type { Atom, Hint } from "../../ir/types.js";
import { type Kind, instanceType } from "./class-index.js";
import { type Told, anyClassTest, possibleClasses, toldApart, typeAt } from "./class-tests.js";
import { type Member, declaredClassOf, memberNamed } from "./classes.js";
import { type Context, poison, refuse } from "../context.js";
import { type FamilyMember, derives, isComputed, isOfFamily } from "../types/families.js";
import { throwAlways, throwWhere } from "../functions/functions.js";
import { branch } from "../control/join.js";
import * as ops from "../../ops/scalar.js";
import { cellShape, loadCell, storeCell } from "../memory.js";
import { type MemberUse, type WrittenUse, narrowedAt, ownerAt, placeOf } from "../targets/member-use.js";
import { undefinedLiteral } from "../names.js";
import { type Bound, type Choice, isAtom } from "../scope.js";
import { holdsFunctions } from "../types/function-shapes.js";
import { cellName } from "../types/shapes.js";
import { type RefValue, apply, atomOf, not } from "../values.js";

/** The member of one name in each class that the object may be an instance of. */
export interface Several {
  readonly kind: "several";
  readonly told: Told;
  /** As those of `told`. */
  readonly members: readonly Member[];
}

/** Null for what is a field in all of them, or where no class is told from another. */
export function memberOfSeveral(
  cx: Context,
  ref: RefValue,
  node: MemberUse,
  name: string,
): Member | Several | "refused" | null {
  if (isPlainField(cx, ref, name))
    return mayBeMethod(cx, ref, node, name) ? refuseSeveral(cx, node, name) : null;
  const classes = possibleClasses(cx, ref, ownerAt(cx, node));
  const [first, ...others] = classes.map((each) => memberNamed(cx, each, name, false));
  const isSame = first != null && others.every((each) => each !== null && isOne(first, each));
  if (isSame && hasItsFields(cx, ref, node, first, classes)) return first;
  const told = toldApart(cx, ref, ownerAt(cx, node), (classes) =>
    classes.some((each) => {
      const member = memberNamed(cx, each, name, false);
      return member !== null && member.kind !== "field";
    }),
  );
  if (told === "later") return "refused";
  if (told === null) {
    const mayBe = mayBeComputed(cx, ref, node, name) || mayBeMethod(cx, ref, node, name);
    return mayBe ? refuseSeveral(cx, node, name) : null;
  }
  const members = told.members.map((each) => memberOrNone(cx, ref, each.node, node, name));
  if (!members.every((each) => each !== null)) return refuseSeveral(cx, node, name);
  return { kind: "several", told, members };
}

/** The object has the field itself, whatever instances look like it: what they compute, they have no cell for. */
function isPlainField(cx: Context, { type: { shape } }: RefValue, name: string): boolean {
  const { project } = cx.unit;
  const cell = cellShape(shape, cellName(name));
  if (shape.kind !== "object" || cell === null || cell.kind === "maybe" || cell.kind === "opaque")
    return false;
  return ![...new Set(project.families.values())].some((family) => isOfFamily(shape, family, project));
}

function refuseSeveral(cx: Context, node: MemberUse, name: string): "refused" {
  refuse(cx, "dynamicDispatch", placeOf(node), { name: name.replace("#", "") });
  return "refused";
}

/** Some that may lie here lack the field: an instance that the function has made computes it. */
function mayBeComputed(cx: Context, ref: RefValue, node: MemberUse, name: string): boolean {
  const { shape } = ref.type;
  const cell = cellShape(shape, cellName(name));
  if (shape.kind !== "object" || (cell !== null && cell.kind !== "maybe")) return false;
  const type = typeAt(cx, ownerAt(cx, node));
  if (type.getProperty(name) === undefined) return false;
  return isMadeOfOne(cx, type, (each) => isComputed(each, name, cx.unit.project));
}

/** Nothing lies in the field of those that are known: an instance that the function has made has a method of that name. */
function mayBeMethod(cx: Context, ref: RefValue, node: MemberUse, name: string): boolean {
  const cell = cellShape(ref.type.shape, cellName(name));
  if (cell !== null && cell.kind !== "nothing") return false;
  return hasMethodInClass(cx, typeAt(cx, ownerAt(cx, node)), name);
}

/** An instance that the function has made, and that the type allows, has a method or a getter of that name. */
export function hasMethodInClass(cx: Context, type: ts.Type, name: string): boolean {
  return isMadeOfOne(cx, type, (each) => {
    const member = memberNamed(cx, each, name, false);
    return member !== null && member.kind !== "field" && member.kind !== "held";
  });
}

/** The function has made an instance, of such a class, that the type allows. */
function isMadeOfOne(cx: Context, type: ts.Type, isSuch: (node: Kind) => boolean): boolean {
  const { project, dispatch } = cx.unit;
  return [...dispatch.made, ...dispatch.making].some(
    (each) => isSuch(each) && cx.checker.isTypeAssignableTo(instanceType(each, project), type),
  );
}

/** A class may be without what its interface says may be missing. */
function memberOrNone(cx: Context, ref: RefValue, owner: Kind, node: MemberUse, name: string): Member | null {
  const member = memberNamed(cx, owner, name, false);
  if (member?.kind === "held" && member.isOptional) {
    const cell = cellShape(ref.type.shape, cellName(name));
    // Whether a literal has one of its own, it does not say.
    return cell !== null && holdsFunctions(cell) ? null : { kind: "absent", owner };
  }
  if (member !== null) return member;
  const property = typeAt(cx, ownerAt(cx, node)).getProperty(name);
  const isOptional = property !== undefined && (property.flags & cx.ts.SymbolFlags.Optional) !== 0;
  return isOptional ? { kind: "absent", owner } : null;
}

/** Until its class is told from others, an object has just the fields that its type says. */
function hasItsFields(
  cx: Context,
  { type: { shape } }: RefValue,
  node: MemberUse,
  { owner }: Member,
  classes: readonly Kind[],
): boolean {
  const { project } = cx.unit;
  const declared = declaredClassOf(cx, ownerAt(cx, node));
  if (declared !== null && derives(declared, owner, project)) return true;
  return classes.every((each) => {
    const family = project.families.get(each);
    return family !== undefined && isOfFamily(shape, family, project);
  });
}

/** A method is a choice of functions; what a getter gives is computed in the arm of its class. */
export function useSeveral(
  cx: Context,
  several: Several,
  ref: RefValue,
  name: string,
  node: MemberUse,
  hint: Hint | null,
  use: Use,
): Bound {
  const { members } = several;
  const isCalled = ({ kind }: Member): boolean => kind === "method" || kind === "held";
  const at = placeOf(node);
  const useOne: UseOne = ({ member, all }) =>
    member.kind === "held"
      ? { kind: "held", object: ref, field: cellName(name), of: member.owner }
      : isCode(member)
        ? use(member, all)
        : poison;
  if (members.every(isCalled)) return chosenMethod(cx, several, ref, at, useOne);
  if (members.every((each) => isCalled(each) || each.kind === "absent"))
    return methodOrNone(cx, several, ref, at, useOne);
  const give = ({ member, all }: Arm): Bound => {
    if (member.kind === "absent") return undefinedLiteral;
    return isCode(member) ? use(member, all) : loadCell(cx, ref, cellName(name), at, null);
  };
  return narrowedAt(cx, eachArm(cx, several, ref, at, give, hint ?? suggested(name)), node, hint);
}

/** What an assignment does, by the class: calls its setter, or writes to its field. Null where one has neither. */
export function settersOfSeveral(
  cx: Context,
  several: Several,
  ref: RefValue,
  node: WrittenUse,
  name: string,
  use: (setter: ts.SetAccessorDeclaration, classes: readonly Kind[]) => Setter,
): Setter | null {
  const canBeSet = (each: Member): boolean =>
    each.kind === "field" || (each.kind === "accessor" && each.set?.body !== undefined);
  if (!several.members.every(canBeSet)) return null;
  return (value) => {
    const give = ({ member, all }: Arm): Bound => {
      if (member.kind === "field") storeCell(cx, ref, cellName(name), atomOf(cx, value, node), node);
      else if (member.kind === "accessor" && member.set !== null) use(member.set, all)(value);
      return undefinedLiteral;
    };
    eachArm(cx, several, ref, node, give, null);
  };
}

/** Assigns a value. */
export type Setter = (value: Bound) => void;

/** What has a body. */
export type Code = Extract<Member, { kind: "method" | "accessor" }>;

type Use = (member: Code, classes: readonly Kind[]) => Bound;

type UseOne = (arm: Arm) => Bound;

/** A conditional with an arm for each member; an instance of no class that is known throws. */
function eachArm(
  cx: Context,
  { told, members }: Several,
  ref: RefValue,
  node: ts.Node,
  give: (arm: Arm) => Bound,
  hint: Hint | null,
): Bound {
  const arms = armsOf(cx, told, members);
  const from = (at: number, own: Hint | null): Bound => {
    const one = arms[at];
    if (one === undefined) return told.isOpen ? throwAlways(cx, unknownClass(told)) : poison;
    if (!told.isOpen && at === arms.length - 1) return give(one);
    return branch(
      cx,
      node,
      anyClassTest(cx, ref, told.family, one.classes, node),
      () => give(one),
      () => from(at + 1, null),
      own,
    );
  };
  return from(0, hint);
}

function chosenMethod(
  cx: Context,
  { told, members }: Several,
  ref: RefValue,
  node: ts.Node,
  use: UseOne,
): Bound {
  const { depth } = cx.unit.environment;
  const arms = armsOf(cx, told, members);
  const from = (at: number): Bound => {
    const [one, next] = arms.slice(at);
    if (one === undefined) return poison;
    const then = use(one);
    if ((next === undefined && !told.isOpen) || isAtom(then)) return then;
    const key = anyClassTest(cx, ref, told.family, one.classes, node);
    const choice = { kind: "choice", key, cases: [{ when: boolean(true), then }], depth } as const;
    if (next === undefined)
      return { ...choice, otherwise: null, ...(told.isOpen ? { elsewhere: unknownClass(told) } : {}) };
    const otherwise = from(at + 1);
    return isAtom(otherwise) ? poison : { ...choice, otherwise };
  };
  return from(0);
}

/** The method of the classes that have one, and none of the others. */
function methodOrNone(
  cx: Context,
  { told, members }: Several,
  ref: RefValue,
  node: ts.Node,
  use: UseOne,
): Bound {
  const { depth } = cx.unit.environment;
  const arms = armsOf(cx, told, members);
  const testOf = ({ classes }: Arm): Atom => anyClassTest(cx, ref, told.family, classes, node);
  if (told.isOpen) {
    const isKnown = arms.map(testOf).reduce((one, other) => apply(cx, ops.or, [one, other], node));
    throwWhere(cx, not(cx, isKnown, node), unknownClass(told));
  }
  let chosen: Choice | null = null;
  for (const arm of arms.toReversed()) {
    if (arm.member.kind === "absent") continue;
    const then = use(arm);
    if (isAtom(then)) return then;
    chosen = {
      kind: "choice",
      key: testOf(arm),
      cases: [{ when: boolean(true), then }],
      otherwise: chosen,
      depth,
    };
  }
  return chosen ?? undefinedLiteral;
}

function unknownClass({ family }: Told): string {
  return `a ${family.name} is of a class that is not known`;
}

function isCode(member: Member): member is Code {
  return member.kind === "method" || member.kind === "accessor";
}

/** Classes that have a member in common. */
interface Arm {
  readonly member: Member;
  /** Those to test for. */
  readonly classes: readonly FamilyMember[];
  /** All of them. */
  readonly all: readonly Kind[];
}

/** In the order in which they are to be tested; what is left after the others comes last. */
function armsOf(
  { unit: { project } }: Context,
  { family, members }: Told,
  found: readonly Member[],
): readonly Arm[] {
  const arms: Arm[] = [];
  members.forEach((each, i) => {
    const member = found[i];
    if (member === undefined) return;
    // With `instanceof`, a class has to come before those that it extends.
    const at = family.tag === null ? arms.length - 1 : arms.findIndex((arm) => isOne(arm.member, member));
    const arm = arms[at];
    if (arm === undefined || !isOne(arm.member, member))
      arms.push({ member, classes: [each], all: [each.node] });
    else {
      const others = arm.classes.filter(
        ({ node }) => family.tag !== null || !derives(node, each.node, project),
      );
      arms[at] = { member, classes: [...others, each], all: [...arm.all, each.node] };
    }
  });
  if (family.tag === null) return arms;
  return arms.toSorted((a, b) => a.classes.length - b.classes.length);
}

function isOne(a: Member, b: Member): boolean {
  if (a.kind === "accessor" && b.kind === "accessor") return a.get === b.get && a.set === b.set;
  return a.kind === "field" ? b.kind === "field" : a.kind === b.kind && a.owner === b.owner;
}
