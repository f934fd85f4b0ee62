/** The shapes of numbers, words, truths and nothing. */
import type { ts } from "ts-morph";
import { enumMember } from "../../ir/builder.js";
import type { FrontendProject } from "../project/project.js";
import { nameOfType } from "./named-types.js";
import { type ShapeResult, unsupported } from "./shapes.js";

/** Null for what is none of these. */
export function scalarShape(type: ts.Type, project: FrontendProject): ShapeResult | null {
  const { flags } = type;
  const { TypeFlags } = project.ts;
  if ((flags & (TypeFlags.Any | TypeFlags.Unknown)) !== 0) {
    return unsupported("untyped", "it is not known whether it holds numbers");
  }
  if ((flags & TypeFlags.NumberLike) !== 0)
    return (flags & TypeFlags.EnumLike) !== 0 ? enumMember : { kind: "real", ...literalsOf(type, project) };
  if ((flags & TypeFlags.StringLike) !== 0) {
    const isEnum = (flags & TypeFlags.EnumLike) !== 0;
    return isEnum
      ? { kind: "string", isEnum: true, literals: enumName(type, project) }
      : { kind: "string", ...literalsOf(type, project) };
  }
  if ((flags & TypeFlags.BooleanLike) !== 0) return { kind: "bool", ...literalsOf(type, project) };
  if ((flags & (TypeFlags.Undefined | TypeFlags.Null | TypeFlags.Void)) !== 0) return { kind: "nothing" };
  if ((flags & TypeFlags.BigIntLike) !== 0) return unsupported("other", "a `bigint` is not differentiated");
  return null;
}

/** True for an object, or what is an object of several types at once; a branded number is none. */
export function isOfObjects(type: ts.Type, project: FrontendProject): boolean {
  if (!type.isIntersection()) return (type.flags & project.ts.TypeFlags.Object) !== 0;
  return type.types.every((part) => isOfObjects(part, project));
}

/** What is declared as one value, or as text of one form: `"a"`, `` `A${number}` ``. The name of an enum's member the emitted file may not know. */
function literalsOf(type: ts.Type, { ts, checker }: FrontendProject): { readonly literals?: string } {
  const { NumberLiteral, StringLiteral, BooleanLiteral, TemplateLiteral, EnumLike } = ts.TypeFlags;
  const isOne = (type.flags & (NumberLiteral | StringLiteral | BooleanLiteral | TemplateLiteral)) !== 0;
  return isOne && (type.flags & EnumLike) === 0 ? { literals: checker.typeToString(type) } : {};
}

/** The enum stands for its members, which TypeScript takes no literal for. */
function enumName(type: ts.Type, project: FrontendProject): string {
  return nameOfType(project.checker.getBaseTypeOfLiteralType(type), "Member", project);
}

/** The words, or numbers, that a value of the type may be, for a parameter; nothing where that may be any text. */
export function wordsOf(
  node: ts.Node,
  { checker, ts }: FrontendProject,
): { readonly words?: readonly string[] } {
  const type = checker.getTypeAtLocation(node);
  const parts = type.isUnion() ? type.types : [type];
  const words = parts.flatMap((part) =>
    part.isStringLiteral() || part.isNumberLiteral() ? [String(part.value)] : [],
  );
  return ts.isParameter(node) && words.length === parts.length ? { words } : {};
}
