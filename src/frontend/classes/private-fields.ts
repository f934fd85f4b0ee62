/** Fields that a class keeps to itself. */
import type { ts } from "ts-morph";
import { exportedName } from "../project/exports.js";
import type { FrontendProject } from "../project/project.js";

/** Code outside of the class cannot read it: `#x`, and what a type that is written out cannot have. */
export function isUnreachable(property: ts.Symbol, project: FrontendProject): boolean {
  const { ts } = project;
  const { declarations = [] } = property;
  return (
    isPrivate(property, project) &&
    declarations.some((each) => {
      const holder = ts.findAncestor(each, ts.isClassLike);
      const symbol =
        holder?.name === undefined ? undefined : project.checker.getSymbolAtLocation(holder.name);
      return (
        (ts.isClassElement(each) && each.name !== undefined && ts.isPrivateIdentifier(each.name)) ||
        symbol === undefined ||
        exportedName(project, each.getSourceFile(), symbol) === null
      );
    })
  );
}

/** `private`, `protected` or `#x`. */
export function isPrivate({ declarations = [] }: ts.Symbol, { ts }: Pick<FrontendProject, "ts">): boolean {
  const { Private, Protected } = ts.ModifierFlags;
  return declarations.some(
    (each) =>
      (ts.isClassElement(each) && each.name !== undefined && ts.isPrivateIdentifier(each.name)) ||
      (ts.getCombinedModifierFlags(each) & (Private | Protected)) !== 0,
  );
}
