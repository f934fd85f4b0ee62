/** Types of instances: what is made here has no methods, so heads do not say them in the user's words. */
import type { ts } from "ts-morph";
import type { CompanionFunction } from "../functions/companions.js";
import type { FrontendProject } from "../project/project.js";
import { withoutThis } from "../types/named-types.js";

/** The result is an instance, or holds one, whose type the head spells field by field. */
export function returnsInstances(companion: CompanionFunction): boolean {
  const { closure, unit } = companion;
  if (isOfTypeParameters(companion)) return false;
  const { checker } = unit.project;
  const signature = checker.getSignatureFromDeclaration(closure.node);
  return signature !== undefined && holdsInstances(checker.getReturnTypeOfSignature(signature), unit.project);
}

/** Its types may name type parameters, its own or those of what it is written in. */
export function isOfTypeParameters({ closure: { node }, types }: CompanionFunction): boolean {
  return node.typeParameters !== undefined || types.size > 0;
}

/** True for an instance of a class, or what such may lie in: what is made here has no methods. */
export function holdsInstances(whole: ts.Type, project: FrontendProject, seen = new Set<ts.Type>()): boolean {
  const { checker } = project;
  const type = withoutThis(whole, project);
  if (seen.has(type)) return false;
  seen.add(type);
  if (type.isUnion()) return type.types.some((each) => holdsInstances(each, project, seen));
  if (checker.isArrayType(type) || checker.isTupleType(type))
    return checker
      .getTypeArguments(type as ts.TypeReference)
      .some((each) => holdsInstances(each, project, seen));
  if (type.isClass()) return true;
  const { Object: Compound } = project.ts.TypeFlags;
  if ((type.flags & Compound) === 0 || type.getCallSignatures().length > 0) return false;
  // What lies in a map or a set is among the arguments of its type.
  if (isOfLibrary(type, project))
    return checker
      .getTypeArguments(type as ts.TypeReference)
      .some((each) => holdsInstances(each, project, seen));
  return checker
    .getPropertiesOfType(type)
    .some((property) => holdsInstances(checker.getTypeOfSymbol(property), project, seen));
}

/** `Map`, `Float64Array` and their like. */
function isOfLibrary(type: ts.Type, { program }: FrontendProject): boolean {
  const symbol = type.symbol as ts.Symbol | undefined;
  return (symbol?.declarations ?? []).some((each) =>
    program.isSourceFileDefaultLibrary(each.getSourceFile()),
  );
}
