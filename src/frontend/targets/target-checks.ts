/** What a function must be to have a gradient, as far as its declaration tells. */
import type { Diagnostics } from "../../diagnostics/collector.js";
import type { FrontendProject } from "../project/project.js";
import { shapeOf } from "../types/shapes.js";
import type { Target } from "./targets.js";

/** Reports what keeps a target from being differentiated. */
export function checkTarget(project: FrontendProject, target: Target, diagnostics: Diagnostics): void {
  const { ts } = project;
  const { name, node } = target;
  const at = target.declaration.name ?? node;
  const before = diagnostics.errorCount;
  const asyncModifier = node.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  if (asyncModifier !== undefined) diagnostics.report("asyncFunction", asyncModifier, { name });
  if (node.asteriskToken !== undefined) diagnostics.report("generator", node.asteriskToken, { name });
  const [typeParameter] = [...(node.typeParameters ?? []), ...(target.owner?.class.typeParameters ?? [])];
  if (typeParameter !== undefined) diagnostics.report("generic", typeParameter, { name });
  if (diagnostics.errorCount === before) checkResult(project, target, diagnostics, at);
}

function checkResult(
  project: FrontendProject,
  { name, node }: Target,
  diagnostics: Diagnostics,
  at: Parameters<Diagnostics["report"]>[1],
): void {
  const { ts, checker } = project;
  const signature = checker.getSignatureFromDeclaration(node);
  if (signature === undefined) return;
  const type = checker.getReturnTypeOfSignature(signature);
  const shape = shapeOf(type, node, project);
  if (shape.kind === "real" || (type.flags & ts.TypeFlags.Never) !== 0) return;
  const where = node.type ?? at;
  const text = checker.typeToString(type, node);
  if (shape.kind === "unsupported" && shape.cause === "untyped") {
    diagnostics.report("untypedValue", where, { code: `${name}(…)`, type: text });
  } else if (shape.kind === "nothing" || (shape.kind === "maybe" && shape.shape.kind === "real")) {
    diagnostics.report("missingReturn", where, { name });
  } else {
    diagnostics.report("resultNotNumber", where, { name, type: text });
  }
}
