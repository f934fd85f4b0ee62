/** The head of a target's gradient: its parameters as text, and the types that they mention. */
import { posix } from "node:path";
import type { ts } from "ts-morph";
import { spanOf } from "./context.js";
import type { TargetParam } from "./parameters.js";
import type { FrontendProject } from "./project.js";
import type { Signature } from "./target.js";
import type { Target } from "./targets.js";
import type { TypeNames } from "./type-names.js";
import { annotationText, typeText } from "./type-text.js";

export { type TargetParam, targetParams } from "./parameters.js";

/** What the emitted function's head says. `folder` is where the emitted file will be, by default beside the source. */
export function signatureOf(
  target: Target,
  params: readonly TargetParam[],
  project: FrontendProject,
  folder: string = posix.dirname(target.sourceFile.fileName),
): Signature {
  const { sourceFile, name } = target;
  const scope: TypeNames = { project, sourceFile, folder, imports: new Map(), declarations: new Map() };
  const parameters = params.map((param, index) => parameterText(param, params.slice(index + 1), scope));
  return {
    name,
    span: spanOf(target.declaration.name ?? target.node),
    parameters,
    imports: [...scope.imports.values()],
    declarations: [...scope.declarations.values()].filter((declaration) => declaration !== null),
    uncheckedIndexedAccess: project.compilerOptions.noUncheckedIndexedAccess === true,
  };
}

function parameterText(param: TargetParam, later: readonly TargetParam[], scope: TypeNames): string {
  const { name, node, optional, headDefault } = param;
  const type = parameterType(param, scope);
  if (headDefault !== null) return `${name}: ${type} = ${headDefault.getText()}`;
  if (!optional || scope.project.ts.isClassDeclaration(node)) return `${name}: ${type}`;
  // Only at the end may a parameter be left out.
  if (later.every((each) => each.optional)) return `${name}?: ${type}`;
  return `${name}: ${needsParentheses(scope.project.ts, node.type) ? `(${type})` : type} | undefined`;
}

function parameterType({ node }: TargetParam, scope: TypeNames): string {
  const { ts, checker } = scope.project;
  if (ts.isClassDeclaration(node)) return typeText(checker.getTypeAtLocation(node), node, scope);
  if (node.type !== undefined) return annotationText(node.type, scope);
  const type = checker.getTypeAtLocation(node);
  const isLeftOut = node.questionToken !== undefined || node.initializer !== undefined;
  return typeText(isLeftOut ? withoutUndefined(ts, checker, type) : type, node, scope);
}

/** `?` says it already. */
function withoutUndefined(ts: FrontendProject["ts"], checker: ts.TypeChecker, type: ts.Type): ts.Type {
  if (!type.isUnion() || type.types.some(({ flags }) => (flags & ts.TypeFlags.Null) !== 0)) return type;
  return checker.getNonNullableType(type);
}

function needsParentheses(ts: FrontendProject["ts"], type: ts.TypeNode | undefined): boolean {
  if (type === undefined) return false;
  return ts.isFunctionTypeNode(type) || ts.isConstructorTypeNode(type) || ts.isConditionalTypeNode(type);
}
