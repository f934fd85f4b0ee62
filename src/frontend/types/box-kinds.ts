/** Which kinds of values TypeScript has found possible: numbers, words, objects, and arrays as a kind of their own. */
import type { ts } from "ts-morph";
import type { BoxKind } from "../../ir/boxes.js";
import type { FrontendProject } from "../project/project.js";
import { typedStorage } from "../arrays/storage.js";
import { isMatch, libraryName } from "./array-shapes.js";
import { isArrayLikeOfNumbers } from "./containers.js";

/** The kind of a member of a union; null for what has none. */
export function kindOfMember(type: ts.Type, project: FrontendProject): BoxKind | null {
  const { NumberLike, StringLike, BooleanLike, Object: ObjectLike } = project.ts.TypeFlags;
  const flags: readonly (readonly [number, BoxKind])[] = [
    [NumberLike, "number"],
    [StringLike, "string"],
    [BooleanLike, "boolean"],
    [ObjectLike, isList(type, project) ? "array" : "object"],
  ];
  const [, kind = null] = flags.find(([flag]) => (type.flags & flag) !== 0) ?? [];
  if (kind !== null || !type.isIntersection()) return kind;
  // `Array.isArray` makes such of what is readonly; a branded number is a number.
  const kinds = type.types.map((part) => kindOfMember(part, project));
  return kinds.find((each) => each !== "object") ?? kinds[0] ?? null;
}

function isList(type: ts.Type, project: FrontendProject): boolean {
  const { checker } = project;
  if (checker.isArrayLikeType(type)) return true;
  const library = libraryName(type, project);
  return isMatch(library) || typedStorage(library) !== null || isArrayLikeOfNumbers(type, project);
}
