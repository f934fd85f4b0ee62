/** Members of an instance of which only the call knows the class: each class has an arm of its own. */
import type { ts } from "ts-morph";
import { boolean, suggested } from "../ir/builder.js";
import type { Atom, Hint } from "../ir/types.js";
import type { ClassNode } from "./class-index.js";
import { type Told, anyClassTest, possibleClasses, toldApart, typeAt } from "./class-tests.js";
import { type Member, declaredClassOf, memberNamed } from "./classes.js";
import { type Context, poison, refuse } from "./context.js";
import { type FamilyMember, derives } from "./families.js";
import { throwAlways } from "./functions.js";
import { branch } from "./join.js";
import { loadCell } from "./memory.js";
import { type MemberUse, narrowedAt, ownerAt } from "./member-use.js";
import { type Bound, type Closure, type Static, isAtom } from "./scope.js";
import { cellName } from "./shapes.js";
import type { RefValue } from "./values.js";

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
  const classes = possibleClasses(cx, ref, typeAt(cx, ownerAt(cx, node)));
  const [first, ...others] = classes.map((each) => memberNamed(cx, each, name, false));
  const isSame = first != null && others.every((each) => each !== null && isOne(first, each));
  if (isSame && hasItsFields(cx, node, first, classes)) return first;
  const told = toldApart(cx, ref, ownerAt(cx, node), (classes) =>
    classes.some((each) => {
      const member = memberNamed(cx, each, name, false);
      return member !== null && member.kind !== "field";
    }),
  );
  if (told === "later") return "refused";
  if (told === null) return null;
  const members = told.members.map((each) => memberNamed(cx, each.node, name, false));
  if (!members.every((each) => each !== null)) {
    refuse(cx, "dynamicDispatch", node, { name: name.replace("#", "") });
    return "refused";
  }
  return { kind: "several", told, members };
}

/** Until its class is told from others, an object has just the fields that its type says. */
function hasItsFields(
  cx: Context,
  node: MemberUse,
  { owner }: Member,
  classes: readonly ClassNode[],
): boolean {
  const { project } = cx.unit;
  const declared = declaredClassOf(cx, ownerAt(cx, node));
  if (declared !== null && derives(declared, owner, project)) return true;
  return classes.every((each) => project.families.has(each));
}

/** A method is a choice of functions; what a getter gives is computed in the arm of its class. */
export function useSeveral(
  cx: Context,
  { told, members }: Several,
  ref: RefValue,
  name: string,
  node: MemberUse,
  hint: Hint | null,
  use: (member: Code, classes: readonly ClassNode[]) => Bound,
): Bound {
  const elsewhere = told.isOpen ? `a ${told.family.name} is of a class that is not known` : null;
  const arms = armsOf(cx, told, members);
  const test = ({ classes }: Arm): Atom => anyClassTest(cx, ref, told.family, classes, node);
  if (members.every((each) => each.kind === "method")) return chosenMethod(cx, arms, test, use, elsewhere);
  const give = ({ member, all }: Arm): Bound =>
    member.kind === "field" ? loadCell(cx, ref, cellName(name), node, null) : use(member, all);
  const from = (at: number, arm: Hint | null): Bound => {
    const one = arms[at];
    if (one === undefined) return elsewhere === null ? poison : throwAlways(cx, elsewhere);
    if (elsewhere === null && at === arms.length - 1) return give(one);
    return branch(
      cx,
      node,
      test(one),
      () => give(one),
      () => from(at + 1, null),
      arm,
    );
  };
  return narrowedAt(cx, from(0, hint ?? suggested(name)), node, hint);
}

/** The setter of each class; null where one of them has none. */
export function settersOfSeveral(
  cx: Context,
  { told, members }: Several,
  ref: RefValue,
  node: MemberUse,
  use: (setter: ts.SetAccessorDeclaration, classes: readonly ClassNode[]) => Closure,
): Static | null {
  if (!members.every((each) => each.kind === "accessor" && each.set?.body !== undefined)) return null;
  const elsewhere = told.isOpen ? `a ${told.family.name} is of a class that is not known` : null;
  const test = ({ classes }: Arm): Atom => anyClassTest(cx, ref, told.family, classes, node);
  const setter = (member: Code, classes: readonly ClassNode[]): Bound =>
    member.kind === "accessor" && member.set !== null ? use(member.set, classes) : poison;
  const chosen = chosenMethod(cx, armsOf(cx, told, members), test, setter, elsewhere);
  return isAtom(chosen) ? null : chosen;
}

type Code = Exclude<Member, { kind: "field" }>;

function chosenMethod(
  cx: Context,
  arms: readonly Arm[],
  test: (arm: Arm) => Atom,
  use: (member: Code, classes: readonly ClassNode[]) => Bound,
  elsewhere: string | null,
): Bound {
  const { depth } = cx.unit.environment;
  const from = (at: number): Bound => {
    const [one, next] = arms.slice(at);
    if (one === undefined || one.member.kind === "field") return poison;
    const then = use(one.member, one.all);
    if ((next === undefined && elsewhere === null) || isAtom(then)) return then;
    const choice = { kind: "choice", key: test(one), cases: [{ when: boolean(true), then }], depth } as const;
    if (next === undefined)
      return { ...choice, otherwise: null, ...(elsewhere === null ? {} : { elsewhere }) };
    const otherwise = from(at + 1);
    return isAtom(otherwise) ? poison : { ...choice, otherwise };
  };
  return from(0);
}

/** Classes that have a member in common. */
interface Arm {
  readonly member: Member;
  /** Those to test for. */
  readonly classes: readonly FamilyMember[];
  /** All of them. */
  readonly all: readonly ClassNode[];
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
