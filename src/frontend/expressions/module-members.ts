/** `module.name`, `Enum.Member`, `Enum[key]`. */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { Atom, Hint } from "../../ir/types.js";
import { type Context, refuse } from "../context.js";
import { knownKey, lowerSymbol, stringLiteral, symbolOf } from "../names.js";
import { among, namesIn } from "../records/dynamic-fields.js";
import {
  exportsOfModule,
  isModuleValue,
  moduleOf,
  requiredMember,
  wholeOf,
} from "../project/common-modules.js";
import { resolveAlias } from "../project/exports.js";
import { type Bound, isAtom } from "../scope.js";
import { isJavaScript } from "../syntax.js";
import { atomOf } from "../values.js";
import { lowerExpression } from "./expressions.js";
import type { Access } from "./properties.js";

/** A member of a module or of an enum; null for what is neither. */
export function moduleMember(cx: Context, node: Access, hint: Hint | null): Bound | null {
  const required = memberOfRequired(cx, node);
  if (required !== null) return required;
  const base = symbolOf(cx, node.expression);
  const { ValueModule, NamespaceModule, Enum } = cx.ts.SymbolFlags;
  const kinds = ValueModule | NamespaceModule | Enum;
  if (base === null || (base.flags & kinds) === 0) return null;
  const { implemented } = cx.unit.project;
  if (cx.ts.isElementAccessExpression(node) && !cx.ts.isStringLiteralLike(node.argumentExpression))
    return (base.flags & Enum) === 0 ? exportAt(cx, base, node, hint) : enumAt(cx, base, node, hint);
  const name = cx.ts.isPropertyAccessExpression(node) ? node.name : node.argumentExpression;
  const symbol = symbolOf(cx, name);
  // A class merged with a namespace has members of its own.
  const isClass = (base.flags & cx.ts.SymbolFlags.Class) !== 0;
  if (
    isClass &&
    symbol?.declarations?.some((each) => !cx.ts.isClassElement(each) && !cx.ts.isParameter(each)) !== true
  )
    return null;
  // What is declared to be a namespace may be an object in the JavaScript behind it.
  const isObject = (implemented.of(base).flags & kinds) === 0;
  if (isObject && (symbol === null || implemented.of(symbol) === symbol)) return null;
  return symbol === null ? unknownMember(cx, node) : lowerSymbol(cx, symbol, name);
}

/** A member of what `require` gives in JavaScript, maybe by way of what compilers write; null for anything else. */
function memberOfRequired(cx: Context, node: Access): Bound | null {
  if (!isJavaScript(cx, node)) return null;
  const { project } = cx.unit;
  const member = requiredMember(project, node);
  if (member === null) {
    const isOpen = cx.ts.isElementAccessExpression(node) && !cx.ts.isStringLiteral(node.argumentExpression);
    const base = isOpen ? moduleOf(project, node.expression) : null;
    return isOpen && base?.kind === "module" ? exportAt(cx, base.symbol, node, null) : null;
  }
  const name = cx.ts.isPropertyAccessExpression(node) ? node.name : node.argumentExpression;
  if (!isModuleValue(member)) return lowerSymbol(cx, resolveAlias(cx.ts, project.checker, member), name);
  const whole = member.kind === "module" ? wholeOf(project, member.symbol) : null;
  return whole === null ? null : lowerSymbol(cx, whole, name);
}

function unknownMember(cx: Context, node: Access): Atom {
  return refuse(cx, "dynamicAccess", node, { code: excerpt(node) });
}

/** `easings[name]` of a module: what it exports under that name, or one of all that it exports. */
function exportAt(cx: Context, base: ts.Symbol, node: ts.ElementAccessExpression, hint: Hint | null): Bound {
  const { argumentExpression } = node;
  const key = lowerExpression(cx, argumentExpression);
  const members = exportsOfModule(cx.unit.project, base);
  const give = (name: string): Bound => {
    const member = members.get(name);
    return member === undefined
      ? unknownMember(cx, node)
      : lowerSymbol(cx, resolveAlias(cx.ts, cx.unit.project.checker, member), node);
  };
  const known = knownKey(cx, key);
  if (known !== null) return give(String(known));
  const names = namesIn(cx, argumentExpression);
  if (names === null || !isAtom(key) || key.type.kind !== "string") return unknownMember(cx, node);
  return among(cx, { key, names: [...names].sort() }, node, hint, give);
}

/** `Suit[name]`, the value of a member, and `Suit[value]`, its name. */
function enumAt(cx: Context, base: ts.Symbol, node: ts.ElementAccessExpression, hint: Hint | null): Bound {
  const { argumentExpression } = node;
  const bound = lowerExpression(cx, argumentExpression);
  const known = knownKey(cx, bound);
  if (known !== null) return memberAt(cx, base, known, node);
  const key = atomOf(cx, bound, argumentExpression);
  const names = namesIn(cx, argumentExpression);
  const isText = key.type.kind === "string";
  if (names === null || !(isText || key.type.kind === "int")) return unknownMember(cx, node);
  return among(cx, { key, names: [...names].sort() }, node, hint, (name) =>
    memberAt(cx, base, isText ? name : Number(name), node),
  );
}

function memberAt(cx: Context, base: ts.Symbol, key: string | number, node: Access): Bound {
  if (typeof key === "number") return nameAt(cx, base, key, node);
  const member = base.exports?.get(cx.ts.escapeLeadingUnderscores(key));
  return member === undefined ? unknownMember(cx, node) : lowerSymbol(cx, member, node);
}

/** Of members with the same value, the last one's name is what the enum keeps. */
function nameAt(cx: Context, base: ts.Symbol, value: number, node: Access): Bound {
  const members = (base.declarations ?? []).flatMap((each) =>
    cx.ts.isEnumDeclaration(each) ? [...each.members] : [],
  );
  const found = members.findLast((each) => cx.checker.getConstantValue(each) === value);
  const symbol = found === undefined ? undefined : cx.checker.getSymbolAtLocation(found.name);
  return symbol === undefined ? unknownMember(cx, node) : stringLiteral(symbol.name);
}
