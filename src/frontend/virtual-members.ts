/** Members of an instance whose class only the call knows: a choice by its name. `instanceof` asks for it too. */
import type { ts } from "ts-morph";
import { excerpt } from "../diagnostics/collector.js";
import { boolean } from "../ir/builder.js";
import type { Atom, Hint } from "../ir/types.js";
import * as ops from "../ops/scalar.js";
import { leaveAlways } from "./calls.js";
import { methodOf, shown } from "./class-members.js";
import { type ClassNode, type Member, memberNamed } from "./classes.js";
import { type Context, poison, refuse } from "./context.js";
import { classCell, classesOf, derives } from "./dispatch.js";
import { chooseFunction, overChoice } from "./functions.js";
import { inlineCall } from "./inline.js";
import { cellShape, loadRaw } from "./memory.js";
import { stringLiteral } from "./names.js";
import type { Access } from "./properties.js";
import { type Bound, type Closure, isAtom } from "./scope.js";
import { cellName } from "./shapes.js";
import { type RefValue, apply, atomOf, isRef, mayBeNothing, narrowed } from "./values.js";

type Code = ts.MethodDeclaration | ts.GetAccessorDeclaration;

/** The member of one name in each class that the object may be an instance of. */
export interface Several {
  readonly kind: "several";
  readonly isGetter: boolean;
  readonly members: readonly { readonly class: string; readonly code: Code }[];
}

/** Null for what is a field, or is told by nothing. */
export function memberOfSeveral(
  cx: Context,
  ref: RefValue,
  node: Access,
  name: string,
): Member | Several | "refused" | null {
  const cell = cellShape(ref.type.shape, cellName(name));
  const isField = cell !== null && (cell.kind !== "maybe" || mayBeNothing(cx, node));
  if (isField || cx.unit.members.get(ref.id)?.has(name) === true) return null;
  const classes = classesOf(cx, ref, node.expression, name);
  if (classes === "later") return "refused";
  if (classes === null) return null;
  const found = classes.map((each) => memberNamed(cx, each, name, false));
  if (found.every((member) => member?.kind === "field")) return found[0] ?? null;
  const members = classes.flatMap((each, i) => {
    const code = codeOf(found[i] ?? null);
    return code === null ? [] : [{ class: each.name?.text ?? "", code }];
  });
  const [first] = members;
  const isGetter = first !== undefined && cx.ts.isGetAccessorDeclaration(first.code);
  const isOneKind = members.every(({ code }) => cx.ts.isGetAccessorDeclaration(code) === isGetter);
  if (members.length < classes.length || !isOneKind) {
    refuse(cx, "dynamicDispatch", node, { name: shown(name) });
    return "refused";
  }
  return { kind: "several", isGetter, members };
}

function codeOf(member: Member | null): Code | null {
  if (member?.kind === "method") return member.node.body === undefined ? null : member.node;
  return member?.kind === "accessor" && member.get?.body !== undefined ? member.get : null;
}

/** A method is a choice of functions; of a getter, the one that is chosen is called. */
export function useSeveral(
  cx: Context,
  { members, isGetter }: Several,
  ref: RefValue,
  name: string,
  node: Access,
  hint: Hint | null,
): Bound {
  const key = loadRaw(cx, ref, classCell, node, null);
  if (!isAtom(key) || key === poison) return poison;
  const [last] = members.slice(-1);
  const listed = members.filter(({ code }) => code !== last?.code);
  const all = [...listed, ...(last === undefined ? [] : [last])];
  const functions = all.map((each): readonly [string, Closure] => [
    each.class,
    methodOf(cx, each.code, shown(name), ref),
  ]);
  const chosen = chooseFunction(cx, key, functions, true);
  if (!isGetter) return chosen;
  const call = (one: Bound): Bound =>
    one.kind === "closure"
      ? inlineCall(cx, one, [], node, null, (end) => {
          leaveAlways(cx, end);
        })
      : poison;
  const result = chosen.kind === "choice" ? overChoice(cx, chosen, node, call, hint) : call(chosen);
  return narrowed(cx, result, node, hint);
}

/** `b instanceof Ball`. */
export function lowerInstanceOf(
  cx: Context,
  node: ts.BinaryExpression,
  left: Bound,
  wanted: ClassNode,
): Bound {
  const atom = atomOf(cx, left, node.left);
  if (atom === poison) return poison;
  const refused = (): Bound =>
    refuse(cx, "unsupportedOperator", node, { operator: "instanceof", code: excerpt(node) });
  if (!isRef(atom)) return refused();
  const exact = cx.unit.classes.get(atom.id);
  if (exact !== undefined) return boolean(derives(cx, exact, wanted));
  const classes = classesOf(cx, atom, node.left, null);
  if (classes === "later") return poison;
  const key = classes === null ? poison : loadRaw(cx, atom, classCell, node, null);
  if (!isAtom(key) || key === poison) return refused();
  // Whatever the type says, the name is that of a class that was made.
  const { told, made } = cx.unit.dispatch;
  const tests = [...told.keys()]
    .filter((each) => made.has(each) && derives(cx, each, wanted))
    .map((each): Atom => apply(cx, ops.eq, [key, stringLiteral(each.name?.text ?? "")], node));
  const [first, ...others] = tests;
  if (first === undefined) return boolean(false);
  return others.reduce<Atom>((any, test) => apply(cx, ops.or, [any, test], node), first);
}
