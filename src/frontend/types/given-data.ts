/**
 * Types of the data that a target is given. An object from outside that is declared to be nothing but data is read by
 * its fields, whatever classes of the project look like it.
 */
import type { ts } from "ts-morph";
import { namesInShape } from "../../ir/shapes.js";
import type { FrontendProject } from "../project/project.js";
import type { Target } from "../targets/targets.js";
import { isMethod } from "./families.js";
import { isOfClass } from "./named-types.js";
import type { ShapeResult } from "./shapes.js";

/** The interfaces and literal types without methods in the types of the parameters, and of the instance of a method. */
export function givenData({ node, owner }: Target, project: FrontendProject): ReadonlySet<ts.Type> {
  const { ts, checker } = project;
  const seen = new Set<ts.Type>();
  const found = new Set<ts.Type>();
  const visit = (type: ts.Type): void => {
    if (seen.has(type)) return;
    seen.add(type);
    if (type.isUnionOrIntersection()) type.types.forEach(visit);
    if ((type.flags & ts.TypeFlags.Object) === 0) return;
    const object = type as ts.ObjectType;
    if ((object.objectFlags & ts.ObjectFlags.Reference) !== 0)
      checker.getTypeArguments(object as ts.TypeReference).forEach(visit);
    const [declaration] = (type.symbol as ts.Symbol | undefined)?.declarations ?? [];
    if (declaration === undefined || !project.isOwn(declaration.getSourceFile())) return;
    const properties = checker.getPropertiesOfType(type);
    if (!isOfClass(type, project) && !properties.some((each) => isMethod(each, project))) found.add(type);
    for (const each of properties) visit(checker.getTypeOfSymbol(each));
  };
  for (const parameter of node.parameters) visit(checker.getTypeAtLocation(parameter));
  if (owner !== null) visit(checker.getTypeAtLocation(owner.class));
  return found;
}

/** The types that have names, of what the caller hands over. */
export function namesGiven(params: readonly { readonly shape: ShapeResult }[]): ReadonlySet<string> {
  return new Set(
    params.flatMap(({ shape }) => (shape.kind === "unsupported" ? [] : [...namesInShape(shape)])),
  );
}
