/** `this.constructor.name`, `shape.constructor.name`: the name of the class of an instance, a word. */
import type { ts } from "ts-morph";
import { type Context, poison, refuse } from "../context.js";
import { branch } from "../control/join.js";
import { lowerExpression } from "../expressions/expressions.js";
import { loadRaw } from "../memory.js";
import { stringLiteral } from "../names.js";
import type { Bound } from "../scope.js";
import { bare } from "../syntax.js";
import type { FamilyMember } from "../types/families.js";
import { type RefValue, atomOf, isRef, present } from "../values.js";
import { classTest, toldApart } from "./class-tests.js";
import { type Kind, isLiteralNode } from "./class-index.js";
import { exactClassOf } from "./classes.js";

/** Null for other expressions. */
export function lowerClassName(cx: Context, node: ts.Expression): Bound | null {
  const tsc = cx.ts;
  if (!tsc.isPropertyAccessExpression(node) || node.name.text !== "name") return null;
  const member = bare(tsc, node.expression);
  if (!tsc.isPropertyAccessExpression(member) || member.name.text !== "constructor") return null;
  const at = member.expression;
  const instance = lowerExpression(cx, at);
  if (instance === poison) return poison;
  if (instance.kind === "draft") return named(cx, instance.class, node);
  const ref = present(cx, atomOf(cx, instance, at), at);
  if (!isRef(ref)) return null;
  const exact = exactClassOf(cx, ref, at);
  return exact === null ? oneOf(cx, ref, at, node) : named(cx, exact, node);
}

function oneOf(cx: Context, ref: RefValue, at: ts.Node, node: ts.Node): Bound | null {
  const told = toldApart(cx, ref, at, () => true);
  if (told === "later") return poison;
  // A class that the project does not know would have another name.
  if (told === null || told.isOpen) return refuse(cx, "dynamicDispatch", node, { name: "constructor.name" });
  const { family, members } = told;
  const isTag = members.every(({ node: owner, word }) => nameOf(cx, owner) === word);
  if (family.tag !== null && isTag) return loadRaw(cx, ref, family.tag, node, null);
  const among = ([first, ...others]: readonly FamilyMember[]): Bound => {
    if (first === undefined) return poison;
    const name = named(cx, first.node, node);
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

function named(cx: Context, kind: Kind, node: ts.Node): Bound {
  const name = nameOf(cx, kind);
  return name === null
    ? refuse(cx, "hiddenClass", node, { name: "class", code: node.getText() })
    : stringLiteral(name);
}

function nameOf(cx: Context, kind: Kind): string | null {
  return isLiteralNode(kind, cx.unit.project) ? "Object" : (kind.name?.text ?? null);
}
