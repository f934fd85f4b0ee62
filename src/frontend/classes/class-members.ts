/** Members of instances and of classes: methods become functions that know their `this`, getters are inlined. */
import { receiverOf } from "./instances.js";
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { Hint, Value } from "../../ir/types.js";
import { leaveAlways } from "../functions/calls.js";
import {
  type ClassMember,
  type ClassNode,
  type Kind,
  type Member,
  baseOf,
  declaredClassOf,
  exactClassOf,
  hasModifier,
  isOverridden,
  memberNamed,
} from "./classes.js";
import { lowerAtEntry } from "../expressions/constants.js";
import { type Context, poison, refuse, refuseExpression } from "../context.js";
import { declareVariable } from "../expressions/declarations.js";
import { possibleClasses } from "./class-tests.js";
import { className } from "./class-names.js";
import { descendants } from "./descendants.js";
import { callSetter } from "../expressions/getters.js";
import { lowerExpression } from "../expressions/expressions.js";
import { holdsFunctionMap } from "../records/function-maps.js";
import { inlineCall } from "../functions/inline.js";
import { scopeOfClass } from "./local-classes.js";
import type { MethodFunction } from "./method-fields.js";
import { cellShape } from "../memory.js";
import {
  type MemberUse,
  type WrittenUse,
  narrowedAt,
  ownerAt,
  placeOf,
  writtenName,
} from "../targets/member-use.js";
import { undefinedLiteral } from "../names.js";
import { counterVariable } from "../control/counters.js";
import { isSingleton, withFieldsOf } from "../control/changing-fields.js";
import { laterWrites } from "../leads/later-writes.js";
import { fillAhead } from "../control/fill-ahead.js";
import { changesApart, fillingOf, isFilled, isReadTooEarly } from "../control/lazy-variables.js";
import { lowerNoted } from "../control/notes.js";
import { readShared } from "../expressions/shared-variables.js";
import { noteOpenWrite } from "../types/open-setters.js";
import { callOfPackage } from "../functions/package-calls.js";
import type { Access } from "../expressions/properties.js";
import { type Bound, type Class, type Closure, type Held, Scope, type Variable, isAtom } from "../scope.js";
import { cellName } from "../types/shapes.js";
import { makersOf } from "../types/widening.js";
import {
  type Code,
  type Setter,
  type Several,
  memberOfSeveral,
  settersOfSeveral,
  useSeveral,
} from "./virtual-members.js";
import { type RefValue, mayBeNothing } from "../values.js";
import { changesIn, changesOf, isAssignmentTarget } from "../control/written.js";

/** A method or what a getter gives; null for what is a field of the object, which has to be there. */
export function instanceMember(cx: Context, ref: RefValue, node: Access, hint: Hint | null): Bound | null {
  const computed = computedMember(cx, ref, node, hint);
  const name = writtenName(cx, node);
  if (computed !== null || name === null) return computed;
  // An object whose type says that the field is there, and that was made without it, has it from a class.
  const isMissing = cellShape(ref.type.shape, cellName(name)) === null && !mayBeNothing(cx, node);
  if (!isMissing) return null;
  return makersOf(cx.unit, ref.type.region).length > 0
    ? refuseExpression(cx, node, "field that the object was made without")
    : refuse(cx, "hiddenField", node, { code: excerpt(node), name });
}

/** A method or what a getter gives; null for what is a field. */
export function computedMember(cx: Context, ref: RefValue, node: MemberUse, hint: Hint | null): Bound | null {
  const name = writtenName(cx, node);
  if (name === null) return null;
  const member = memberOfInstance(cx, ref, node, name);
  if (member === "refused") return poison;
  if (member?.kind === "several")
    return useSeveral(cx, member, ref, name, node, hint, (one, classes) =>
      useMember(cx, one, ref, name, node, null, classes),
    );
  if (member?.kind === "absent") return undefinedLiteral;
  if (member?.kind === "held") return { kind: "held", object: ref, field: cellName(name), of: member.owner };
  if (member !== null && member.kind !== "field") {
    const exact = exactClassOf(cx, ref, ownerAt(cx, node));
    const possible = exact === null ? possibleClasses(cx, ref, ownerAt(cx, node)) : [exact];
    // As long as they are not told apart, the object has the fields of its type only.
    const isTold = exact !== null || possible.every((each) => cx.unit.project.families.has(each));
    return useMember(cx, member, ref, name, node, hint, isTold ? possible : []);
  }
  return null;
}

function memberOfInstance(
  cx: Context,
  ref: RefValue,
  node: MemberUse,
  name: string,
): Member | Several | "refused" | null {
  // A private name is that of the class around it.
  const around = name.startsWith("#") ? enclosingClass(cx, placeOf(node)) : null;
  if (around !== null) return memberNamed(cx, around, name, false);
  if (cx.unit.members.get(ref.id)?.has(name) === true) return null;
  // A function in a field; for an interface, perhaps a method of a class that implements it.
  if (cellShape(ref.type.shape, name)?.kind === "opaque") return memberOfSeveral(cx, ref, node, name);
  const exact = exactClassOf(cx, ref, ownerAt(cx, node));
  if (exact !== null) return memberNamed(cx, exact, name, false);
  const declared = declaredClassOf(cx, ownerAt(cx, node));
  const member = declared === null ? null : memberNamed(cx, declared, name, false);
  if (declared !== null && (member === null || !isOverridden(cx, declared, name))) return member;
  const several = memberOfSeveral(cx, ref, node, name);
  if (several !== null || member === null || member.kind === "field") return several ?? member;
  refuse(cx, "dynamicDispatch", placeOf(node), { name: shown(name) });
  return "refused";
}

/** What an assignment does that calls a setter; null for a field. */
export function setterOf(cx: Context, ref: RefValue, node: Access): Setter | "refused" | null {
  const name = writtenName(cx, node);
  if (name === null) return null;
  const own = cx.unit.setters.get(ref.id)?.get(name);
  const call =
    (closure: Closure): Setter =>
    (value) => {
      inlineCall(cx, closure, [value], node, null, (end) => {
        leaveAlways(cx, end);
      });
    };
  if (own !== undefined)
    return (value) => {
      callSetter(cx, own, ref, value, node);
    };
  const member = memberOfInstance(cx, ref, node, name);
  if (member === "refused") return "refused";
  if (member?.kind === "several") {
    if (member.members.every(({ kind }) => kind === "field")) return null;
    const chosen = settersOfSeveral(cx, member, ref, node, name, (set, classes) =>
      call(methodOf(cx, set, shown(name), ref, classes)),
    );
    if (chosen !== null) return chosen;
    refuse(cx, "dynamicDispatch", node, { name: shown(name) });
    return "refused";
  }
  if (member === null) noteOpenWrite(cx, ref, node, name);
  if (member?.kind !== "accessor" || member.set === null) return null;
  return call(methodOf(cx, member.set, shown(name), ref));
}

/** `Vec2.zero`, `Vec2.EPSILON`. */
export function staticMember(cx: Context, base: Class, node: WrittenUse, hint: Hint | null): Bound {
  const name = writtenName(cx, node);
  if (name === null) return refuse(cx, "dynamicAccess", node, { code: excerpt(node) });
  const member = memberNamed(cx, base.node, name, true);
  if (member === null && name === "name") return className(cx, base.node, node);
  if (member === null) return refuse(cx, "unknownCallee", node, { code: excerpt(node) });
  if (member.kind === "absent") return undefinedLiteral;
  if (member.kind !== "field") return useMember(cx, member, base, name, node, hint);
  return cx.ts.isPropertyDeclaration(member.node)
    ? staticField(cx, member.node, member.owner, node, hint)
    : poison;
}

/** `super.energy`: the member of the class that the one around it extends. */
export function superMember(cx: Context, node: Access, hint: Hint | null): Bound {
  const self = receiverOf(cx, cx.scope);
  const name = writtenName(cx, node);
  const around = enclosingClass(cx, node);
  const base = around === null ? null : baseOf(cx, around);
  if (self === null || name === null || base === null || base === "unknown")
    return refuse(cx, "classMember", node, { what: `\`${excerpt(node)}\`` });
  const member = memberNamed(cx, base, name, self.kind === "class");
  if (member?.kind === "absent") return undefinedLiteral;
  if (member === null || member.kind === "field")
    return refuse(cx, "classMember", node, { what: `\`${excerpt(node)}\`` });
  return useMember(cx, member, self, name, node, hint);
}

/** `super.energy = e`, where that calls a setter; null, and a report, for anything else. */
export function superSetter(cx: Context, node: Access): Setter | null {
  const self = receiverOf(cx, cx.scope);
  const name = writtenName(cx, node);
  const around = enclosingClass(cx, node);
  const base = around === null ? null : baseOf(cx, around);
  const isKnown = self !== null && name !== null && base !== null && base !== "unknown";
  const member = isKnown ? memberNamed(cx, base, name, self.kind === "class") : null;
  if (!isKnown || member?.kind !== "accessor" || member.set?.body === undefined) {
    refuse(cx, "classMember", node, { what: `\`${excerpt(node)}\`` });
    return null;
  }
  const closure = methodOf(cx, member.set, shown(name), self);
  return (value) => {
    inlineCall(cx, closure, [value], node, null, (end) => {
      leaveAlways(cx, end);
    });
  };
}

function useMember(
  cx: Context,
  member: Code,
  self: Bound,
  name: string,
  node: MemberUse,
  hint: Hint | null,
  classes: readonly Kind[] = [],
): Bound {
  if (member.kind === "method") {
    // An abstract method: which one it is only the call knows.
    if (member.node.body === undefined)
      return refuse(cx, "dynamicDispatch", placeOf(node), { name: shown(name) });
    return methodOf(cx, member.node, shown(name), self, classes);
  }
  if (member.get?.body === undefined)
    return refuse(cx, "dynamicDispatch", placeOf(node), { name: shown(name) });
  const getter = methodOf(cx, member.get, shown(name), self, classes);
  const result = inlineCall(cx, getter, [], placeOf(node), hint, (end) => {
    leaveAlways(cx, end);
  });
  return narrowedAt(cx, result, node, hint);
}

/** The method that an instance has from its class, where that is known; null for one that has none of the name. */
export function ownMethod(cx: Context, instance: Value, name: string): Closure | Held | null {
  const owner = cx.unit.classes.get(instance.id);
  const member = owner === undefined ? null : memberNamed(cx, owner, name, false);
  if (member?.kind === "held")
    return { kind: "held", object: instance, field: cellName(name), of: member.owner };
  if (owner === undefined || member?.kind !== "method" || member.node.body === undefined) return null;
  return methodOf(cx, member.node, name, instance, [owner]);
}

function methodOf(
  cx: Context,
  node: ts.MethodDeclaration | MethodFunction | ts.AccessorDeclaration,
  name: string,
  self: Bound,
  classes: readonly Kind[] = [],
): Closure {
  const selfClasses = classes.length === 0 ? {} : { selfClasses: classes };
  const owner = enclosingClass(cx, node);
  const scope = owner === null ? cx.unit.globals : scopeOfClass(cx, owner);
  return { kind: "closure", node, scope, name, prefix: `${name}_`, self, ...selfClasses };
}

/** The value of a static field, which must never change. */
function staticField(
  cx: Context,
  declaration: Extract<ClassMember, { kind: "field" }>["node"],
  owner: ClassNode,
  node: WrittenUse,
  hint: Hint | null,
): Bound {
  const unit = cx.unit.root();
  const symbol = cx.checker.getSymbolAtLocation(declaration.name);
  const name = declaration.name.getText();
  if (symbol === undefined) return refuse(cx, "mutableOuter", node, { name, shown: "" });
  const filling = fillingOf(cx, symbol);
  const isCounter = filling === null && isStaticChanged(cx, declaration, owner);
  const counter = isCounter ? counterVariable(cx, symbol, node) : null;
  if (counter !== null) {
    const { name: read } = cx.ts.isPropertyAccessExpression(node) ? node : { name: node };
    cx.unit.counterReads.add(read);
    return readShared(cx, counter, node);
  }
  const noted = isCounter ? lowerNoted(cx, node, hint, true) : null;
  if (noted !== null) return noted;
  const known = unit.globals.own(symbol);
  if (known !== null) return readStatic(cx, known, node);
  const { initializer } = declaration;
  if (filling === null && (initializer === undefined || isCounter))
    return isFilled(cx, symbol)
      ? refuse(cx, "moduleState", node, { name })
      : refuse(cx, "mutableOuter", node, { name, shown: "" });
  if (unit.pending.has(declaration)) return refuse(cx, "recursion", node, { name, reason: "is no function" });
  unit.pending.add(declaration);
  const changing = laterWrites(cx, symbol, filling === null ? [] : [filling.node]);
  lowerAtEntry(cx, declaration, declaration, node, (here) => {
    const scope = new Scope(scopeOfClass(cx, owner), { kind: "class", node: owner });
    const variable = declareVariable(here, unit.globals, symbol, name.replace("#", ""));
    const bound =
      initializer === undefined
        ? undefinedLiteral
        : lowerExpression({ ...here, scope }, initializer, variable.hint);
    // Others may add to a map, though not assign the field.
    const isOpen =
      changing.functions ||
      (holdsFunctionMap(cx, bound) && (changesIn(cx, symbol) !== "nothing" || changing.cells.size > 0));
    unit.environment.set(variable, isOpen ? refuse(cx, "mutableOuter", node, { name, shown: "" }) : bound);
  });
  if (filling !== null) fillAhead(cx, filling, node);
  const variable = unit.globals.own(symbol);
  const bound = (variable === null ? undefined : unit.environment.get(variable)) ?? poison;
  if (isAtom(bound) && bound.type.kind === "ref")
    unit.constants.push({
      bound,
      name,
      use: callOfPackage(cx, node) ?? node,
      changes: changesApart(cx, symbol, filling),
      changing:
        isPrivate(cx, declaration) && isSingleton(cx, symbol, owner)
          ? withFieldsOf(cx, changing, cx.checker.getTypeOfSymbol(symbol))
          : changing,
      isExported: !isPrivate(cx, declaration) && isUsedElsewhere(cx, symbol, declaration),
    });
  return variable === null ? bound : readStatic(cx, variable, node);
}

function readStatic(cx: Context, variable: Variable, node: WrittenUse): Bound {
  const name = cx.ts.isPropertyAccessExpression(node) ? node.name : node;
  return isReadTooEarly(cx, variable, name) ? poison : (cx.unit.environment.get(variable) ?? poison);
}

/** The variable for a static field of this very class that only counts, or is given a value once; null for other members. */
export function staticVariable(cx: Context, base: Class, node: Access): Variable | "refused" | null {
  const name = writtenName(cx, node);
  const member = name === null ? null : memberNamed(cx, base.node, name, true);
  if (member?.kind !== "field" || member.owner !== base.node) return null;
  const symbol = cx.checker.getSymbolAtLocation(member.node.name);
  if (symbol === undefined) return null;
  if (fillingOf(cx, symbol) === null) {
    if (!isFilled(cx, symbol)) return counterVariable(cx, symbol, node);
    refuse(cx, "moduleState", node, { name: member.node.name.getText() });
    return "refused";
  }
  staticField(cx, member.node, member.owner, node, null);
  return cx.unit.root().globals.own(symbol);
}

/** Another file of the project uses the field. */
function isUsedElsewhere(
  { ts: tsc, checker, unit }: Context,
  field: ts.Symbol,
  declaration: ts.Node,
): boolean {
  const own = declaration.getSourceFile();
  const files = unit.project.program
    .getSourceFiles()
    .filter((file) => file !== own && !file.isDeclarationFile);
  return files.some((file) =>
    [...descendants(tsc, file)].some(
      (node) =>
        (tsc.isIdentifier(node) || tsc.isStringLiteralLike(node)) &&
        node.text === field.name &&
        (tsc.isStringLiteralLike(node)
          ? tsc.isElementAccessExpression(node.parent)
          : checker.getSymbolAtLocation(node) === field),
    ),
  );
}

/** Nobody outside sees what the field holds. */
function isPrivate(cx: Context, declaration: ts.Declaration & { readonly name: ts.Node }): boolean {
  return (
    cx.ts.isPrivateIdentifier(declaration.name) ||
    hasModifier(cx, declaration, cx.ts.SyntaxKind.PrivateKeyword)
  );
}

/** True if the project may assign the field again, rather than what it holds. */
function isStaticChanged(
  cx: Context,
  declaration: ts.Declaration & { readonly name: ts.Node },
  owner: ClassNode,
): boolean {
  if (hasModifier(cx, declaration, cx.ts.SyntaxKind.ReadonlyKeyword)) return false;
  const symbol = owner.name === undefined ? undefined : cx.checker.getSymbolAtLocation(owner.name);
  const field = cx.checker.getSymbolAtLocation(declaration.name);
  if (symbol === undefined || field === undefined) return true;
  const isMember = (name: ts.MemberName): boolean =>
    cx.ts.isPropertyAccessExpression(name.parent) && name.parent.expression === name;
  if (changesOf(cx, symbol).some((name) => !isMember(name))) return true;
  const isItself = ({ parent }: ts.Node): boolean =>
    cx.ts.isPropertyAccessExpression(parent) && isAssignmentTarget(cx, parent, parent.parent);
  if (changesOf(cx, field).some(isItself)) return true;
  const name = declaration.name.getText();
  return [...descendants(cx.ts, owner)].some(
    (each) =>
      cx.ts.isPropertyAccessExpression(each) &&
      each.name.text === name &&
      isAssignmentTarget(cx, each, each.parent),
  );
}

function enclosingClass(cx: Context, node: ts.Node): ClassNode | null {
  return cx.ts.findAncestor(node, (each) => cx.ts.isClassLike(each)) ?? null;
}

function shown(name: string): string {
  return name.replace("#", "");
}
