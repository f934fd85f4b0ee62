/** `this.constructor`, `shape.constructor`: the class of an instance, and its name. */
import type { ts } from "ts-morph";
import { boolean } from "../../ir/builder.js";
import { type Context, poison, refuse } from "../context.js";
import { branch } from "../control/join.js";
import { lowerExpression } from "../expressions/expressions.js";
import { loadRaw } from "../memory.js";
import { stringLiteral } from "../names.js";
import { type Bound, type Static, isAtom } from "../scope.js";
import { bare } from "../syntax.js";
import type { FamilyMember } from "../types/families.js";
import { type RefValue, atomOf, isRef, present } from "../values.js";
import { type Told, classTest, toldApart } from "./class-tests.js";
import { type Kind, isLiteralNode } from "./class-index.js";
import { exactClassOf } from "./classes.js";

/** `shape.constructor` as a class, and `shape.constructor.name`; null for other expressions. */
export function lowerClassOf(cx: Context, node: ts.Expression): Bound | null {
  const tsc = cx.ts;
  if (!tsc.isPropertyAccessExpression(node)) return null;
  if (node.name.text === "constructor") return classOf(cx, node.expression, node);
  const member = bare(tsc, node.expression);
  if (node.name.text !== "name" || !tsc.isPropertyAccessExpression(member)) return null;
  return member.name.text === "constructor" ? nameOfClass(cx, member.expression, node) : null;
}

function nameOfClass(cx: Context, at: ts.Expression, node: ts.Expression): Bound | null {
  const instance = lowerExpression(cx, at);
  if (instance === poison) return poison;
  if (instance.kind === "draft") return className(cx, instance.class, node);
  const ref = present(cx, atomOf(cx, instance, at), at);
  if (!isRef(ref)) return null;
  const exact = exactClassOf(cx, ref, at);
  return exact === null ? oneOf(cx, ref, at, node) : className(cx, exact, node);
}

/** Null where all is lowered once more, or it was refused. */
function toldFor(cx: Context, ref: RefValue, at: ts.Node, node: ts.Node, name: string): Told | null {
  const told = toldApart(cx, ref, at, () => true);
  if (told === "later") return null;
  // One that the project does not know would be another.
  if (told === null || told.isOpen) refuse(cx, "dynamicDispatch", node, { name });
  return told === null || told.isOpen ? null : told;
}

function classOf(cx: Context, at: ts.Expression, node: ts.Expression): Bound | null {
  if (at.kind === cx.ts.SyntaxKind.SuperKeyword) return null;
  const instance = lowerExpression(cx, at);
  if (instance === poison) return poison;
  if (instance.kind === "draft") return { kind: "class", node: instance.class };
  if (!isAtom(instance)) return null;
  const ref = present(cx, instance, at);
  if (!isRef(ref) || ref.type.shape.kind !== "object") return null;
  const exact = exactClassOf(cx, ref, at);
  if (exact !== null) return asClass(cx, exact, node);
  const told = toldFor(cx, ref, at, node, "constructor");
  if (told === null) return poison;
  const { depth } = cx.unit.environment;
  const among = ([first, ...others]: readonly FamilyMember[]): Bound => {
    const then = first === undefined ? poison : asClass(cx, first.node, node);
    if (first === undefined || others.length === 0 || isAtom(then)) return then;
    const otherwise = among(others);
    const key = classTest(cx, ref, told.family, first, node);
    return isAtom(otherwise)
      ? poison
      : { kind: "choice", key, cases: [{ when: boolean(true), then }], otherwise, depth };
  };
  return among(told.members);
}

function asClass(cx: Context, kind: Kind, node: ts.Node): Static | typeof poison {
  if (!isLiteralNode(kind, cx.unit.project)) return { kind: "class", node: kind };
  refuse(cx, "dynamicDispatch", node, { name: "constructor" });
  return poison;
}

function oneOf(cx: Context, ref: RefValue, at: ts.Node, node: ts.Node): Bound | null {
  const told = toldFor(cx, ref, at, node, "constructor.name");
  if (told === null) return poison;
  const { family, members } = told;
  const isTag = members.every(({ node: owner, word }) => nameOf(cx, owner) === word);
  if (family.tag !== null && isTag) return loadRaw(cx, ref, family.tag, node, null);
  const among = ([first, ...others]: readonly FamilyMember[]): Bound => {
    if (first === undefined) return poison;
    const name = className(cx, first.node, node);
    if (others.length === 0) return name;
    return branch(
      cx,
      node,
      classTest(cx, ref, family, first, node),
      () => name,
      () => among(others),
      null,
    );
  };
  return among(members);
}

/** The name of a class, a word. */
export function className(cx: Context, kind: Kind, node: ts.Node): Bound {
  const name = nameOf(cx, kind);
  return name === null
    ? refuse(cx, "hiddenClass", node, { name: "class", code: node.getText() })
    : stringLiteral(name);
}

function nameOf(cx: Context, kind: Kind): string | null {
  return isLiteralNode(kind, cx.unit.project) ? "Object" : (kind.name?.text ?? null);
}
