/** `typeof`: known while compiling, or a test whether the value is there. */
import type { ts } from "ts-morph";
import { isBoxType, kindsInBox } from "../../ir/boxes.js";
import { boolean } from "../../ir/builder.js";
import { isMixed, kindOfValue, valueKinds } from "../../ir/shapes.js";
import type { Atom, MaybeType } from "../../ir/types.js";
import * as ops from "../../ops/scalar.js";
import { typeOf } from "../../ops/steering.js";
import { isBoxed, isOfType } from "../expressions/boxes.js";
import { enumTypeTest } from "../expressions/enum-objects.js";
import { type Context, poison, refuseExpression } from "../context.js";
import { lowerExpression } from "../expressions/expressions.js";
import { ifChosen, isChosen, mayBeNone } from "../functions/functions.js";
import { branch } from "../control/join.js";
import { mayBeAbsent } from "../expressions/mixed.js";
import { lowerTypeofAmbient } from "../expressions/surroundings.js";
import { lowerTested } from "../expressions/properties.js";
import { stringLiteral } from "../names.js";
import { type Bound, isAtom } from "../scope.js";
import { noteAbsenceTest } from "../control/trust.js";
import { type RefValue, apply, atomOf, describeType, not, there } from "../values.js";

/** `typeof x`, where its type is one only. */
export function lowerTypeof(cx: Context, node: ts.TypeOfExpression): Bound {
  const ambient = lowerTypeofAmbient(cx, node);
  if (ambient !== null) return ambient;
  const bound = lowerExpression(cx, node.expression);
  if (bound === poison) return poison;
  if (bound.kind === "unknown") return atomOf(cx, bound, node.expression);
  return wordFor(cx, bound, node);
}

function wordFor(cx: Context, bound: Bound, node: ts.TypeOfExpression): Bound {
  if (isBoxed(bound)) return kindInBox(cx, bound, node);
  if (isAtom(bound) && isMixed(bound.type) && !mayBeAbsent(bound.type))
    return apply(cx, typeOf, [bound], node);
  if (bound.kind === "choice" && mayBeNone(bound))
    return ifChosen(
      cx,
      bound,
      node,
      () => stringLiteral("function"),
      (other) => wordFor(cx, other, node),
      null,
    );
  if (isAtom(bound) && bound.type.kind === "maybe") {
    const what = describeType(bound.type);
    return refuseExpression(cx, node, `\`typeof\` of ${what}, outside of a comparison`);
  }
  return stringLiteral(typeName(bound));
}

/** The word for what is in a box. */
function kindInBox(cx: Context, box: RefValue, node: ts.Node): Bound {
  const { shape } = box.type;
  const kinds = shape.kind === "object" ? kindsInBox(shape) : [];
  const possible = valueKinds.filter(
    (kind) => kinds.includes(kind) || (kind === "object" && kinds.includes("array")),
  );
  const [last = "object", ...others] = possible.toReversed();
  return others.reduce<Bound>(
    (rest, kind) =>
      branch(
        cx,
        node,
        isOfType(cx, box, kind, node),
        () => stringLiteral(kind),
        () => rest,
        null,
      ),
    stringLiteral(last),
  );
}

/** `typeof x === "undefined"`; null for what is not a comparison of this form. */
export function lowerTypeTest(cx: Context, node: ts.BinaryExpression): Atom | null {
  const operator = node.operatorToken.getText();
  if (!cx.ts.isTypeOfExpression(node.left) || !cx.ts.isStringLiteralLike(node.right)) return null;
  if (!["===", "!==", "==", "!="].includes(operator)) return null;
  const ofEnum = enumTypeTest(cx, node);
  if (ofEnum !== null) return operator.startsWith("!") ? not(cx, ofEnum, node) : ofEnum;
  const ambient = lowerTypeofAmbient(cx, node.left);
  if (ambient !== null)
    return apply(
      cx,
      operator.startsWith("!") ? ops.ne : ops.eq,
      [ambient, stringLiteral(node.right.text)],
      node,
    );
  const bound = lowerTested(cx, node.left.expression);
  if (bound === poison) return poison;
  if (bound.kind === "unknown") return atomOf(cx, bound, node.left.expression);
  const test = testType(cx, node, bound, node.right.text);
  return operator.startsWith("!") ? not(cx, test, node) : test;
}

function testType(cx: Context, node: ts.Node, bound: Bound, name: string): Atom {
  if (bound.kind === "choice" && mayBeNone(bound)) {
    if (name === "function") return isChosen(cx, bound, node);
    const none = (other: Atom): Bound => testType(cx, node, other, name);
    return atomOf(
      cx,
      ifChosen(cx, bound, node, () => boolean(false), none, null),
      node,
    );
  }
  if (isBoxed(bound)) {
    const kind = valueKinds.find((each) => each === name);
    return kind === undefined ? boolean(false) : isOfType(cx, bound, kind, node);
  }
  if (isAtom(bound) && isBoxType(bound.type)) return testOptional(cx, node, bound, name);
  if (!isAtom(bound) || bound.type.kind !== "maybe") {
    noteAbsenceTest(cx, bound, node);
    return boolean(typeName(bound) === name);
  }
  if (name === "undefined") return apply(cx, ops.isUndefined, [bound], node);
  if (isMixed(bound.type)) return testMixed(cx, node, bound, bound.type, name);
  // `typeof null` is "object" too.
  if (bound.type.type.kind === "ref") {
    return name === "object" ? apply(cx, ops.isDefined, [bound], node) : boolean(false);
  }
  if (name === "object") return apply(cx, ops.isNull, [bound], node);
  return typeName(bound) === name ? apply(cx, ops.isPresent, [bound], node) : boolean(false);
}

/** A value of several kinds in a box that may be missing. */
function testOptional(cx: Context, node: ts.Node, bound: Atom, name: string): Atom {
  if (name === "undefined") return apply(cx, ops.isUndefined, [bound], node);
  const isThere = apply(cx, ops.isPresent, [bound], node);
  const test = (): Bound => testType(cx, node, there(cx, bound, node), name);
  const result = branch(cx, node, isThere, test, () => boolean(false), null);
  return isAtom(result) ? result : poison;
}

/** A value of several kinds. */
function testMixed(cx: Context, node: ts.Node, value: Atom, type: MaybeType, name: string): Atom {
  const { none } = type;
  if (name === "object" && none !== "never" && none !== "undefined")
    return refuseExpression(cx, node, `test whether ${describeType(type)} is an object or \`null\``);
  const isPossible = [type.type, type.other].some((part) => part !== undefined && kindOfValue(part) === name);
  if (!isPossible) return boolean(false);
  const kind = apply(cx, typeOf, [value], node);
  return apply(cx, ops.eq, [kind, stringLiteral(name)], node);
}

function typeName(bound: Bound): string {
  if (!isAtom(bound))
    return ["namespace", "list", "map", "error"].includes(bound.kind) ? "object" : "function";
  const kind = kindOfValue(bound.type.kind === "maybe" ? bound.type.type : bound.type);
  return kind ?? (bound.kind === "literal" && bound.value === null ? "object" : "undefined");
}
