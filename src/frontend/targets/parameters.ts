/** The parameters of a target: what each holds, its default, and whether the gradient has a field for it. */
import type { ts } from "ts-morph";
import type { Diagnostics } from "../../diagnostics/collector.js";
import { isSelfContained } from "./self-contained.js";
import type { FrontendProject } from "../project/project.js";
import { instanceName, parameterNames } from "./parameter-names.js";
import { type ShapeResult, holdsNumbers, maybe, publicShapeOf } from "../types/shapes.js";
import { leadsToMethods } from "../types/open-classes.js";
import type { WrtName } from "./tag.js";
import { type Target, namesIn } from "./targets.js";
import { otherNames, withoutName } from "./wrt-fixes.js";

export interface TargetParam {
  /** Its name; a destructured parameter is given one. */
  readonly name: string;
  /** The parameter; the class, for the instance that a method is called on. */
  readonly node: ts.ParameterDeclaration | ts.ClassDeclaration;
  /** What the body is given, before it applies `bodyDefault`: `maybe` where that is `undefined` at times. */
  readonly shape: ShapeResult;
  readonly wrt: boolean;
  /** True if the caller may leave it out. */
  readonly optional: boolean;
  /** A default that the emitted head keeps: the body has nothing to do. */
  readonly headDefault: ts.Expression | null;
  /** A default that the head cannot keep, because it refers to names: the body applies it. */
  readonly bodyDefault: ts.Expression | null;
  /** The pattern to take apart, for a destructured parameter. */
  readonly pattern: ts.BindingPattern | null;
}

/** The parameters of a target, in order. What is wrong with them or with `wrt` is reported. */
export function targetParams(
  target: Target,
  project: FrontendProject,
  diagnostics: Diagnostics,
): readonly TargetParam[] {
  const { ts } = project;
  const names = parameterNames(target.node, project);
  const given = target.node.parameters.map((node, index): TargetParam => {
    const name = names[index] ?? node.name.getText();
    // What is behind `...` is an array like any other.
    const isRest = node.dotDotDotToken !== undefined;
    if (isRest && !project.checker.isArrayType(project.checker.getTypeAtLocation(node)))
      diagnostics.report("restParameter", node, { name });
    if (name === "this") diagnostics.report("thisParameter", node, { name: target.name });
    const { initializer } = node;
    const keepsDefault = initializer !== undefined && isSelfContained(initializer, project);
    return {
      name,
      node,
      shape: parameterShape(node, initializer !== undefined && !keepsDefault, project),
      wrt: false,
      optional: isRest || node.questionToken !== undefined || initializer !== undefined,
      headDefault: keepsDefault ? initializer : null,
      bodyDefault: keepsDefault ? null : (initializer ?? null),
      pattern: ts.isIdentifier(node.name) ? null : node.name,
    };
  });
  const params = [...instanceOf(target, project), ...given];
  const chosen =
    target.wrt === null
      ? allWithNumbers(params, target, project, diagnostics)
      : named(params, target, target.wrt, project, diagnostics);
  return params.map((param) => ({ ...param, wrt: chosen.has(param) }));
}

/** The object that a method is called on comes first. */
function instanceOf({ owner, node: method }: Target, project: FrontendProject): readonly TargetParam[] {
  if (owner === null || owner.isStatic) return [];
  const { ts, checker } = project;
  const node = owner.class;
  return [
    {
      name: instanceName(ts, node, method),
      node,
      shape: publicShapeOf(checker.getTypeAtLocation(node), node, project),
      wrt: false,
      optional: false,
      headDefault: null,
      bodyDefault: null,
      pattern: null,
    },
  ];
}

function parameterShape(
  node: ts.ParameterDeclaration,
  mayBeMissing: boolean,
  project: FrontendProject,
): ShapeResult {
  const { checker } = project;
  const shape = publicShapeOf(checker.getTypeAtLocation(node), node, project);
  return mayBeMissing || node.questionToken !== undefined ? maybe(shape, "undefined") : shape;
}

/** Without `wrt`: every parameter that holds numbers. One whose type does not tell is reported. */
function allWithNumbers(
  params: readonly TargetParam[],
  { name, node, declaration }: Target,
  project: FrontendProject,
  diagnostics: Diagnostics,
): ReadonlySet<TargetParam> {
  const before = diagnostics.errorCount;
  for (const param of params) {
    if (param.shape.kind === "unsupported" && param.shape.cause !== "function")
      reportType(param, project, diagnostics);
  }
  const chosen = params.filter((param) => holdsNumbers(param.shape));
  if (
    chosen.length === 0 &&
    diagnostics.errorCount === before &&
    !params.some((each) => isOpen(each, project))
  ) {
    diagnostics.report("noNumericParameter", declaration.name ?? node, { name });
  }
  return new Set(chosen);
}

function named(
  params: readonly TargetParam[],
  { name, sourceFile: { text } }: Target,
  wrt: readonly WrtName[],
  project: FrontendProject,
  diagnostics: Diagnostics,
): ReadonlySet<TargetParam> {
  const chosen = new Set<TargetParam>();
  const seen = new Set<string>();
  for (const { name: wanted, span } of wrt) {
    const taken = seen.has(wanted);
    const without = wrt.length > 1 ? [withoutName(text, wanted, span, taken)] : [];
    if (taken) diagnostics.report("duplicateWrt", span, { wrt: wanted }, [], without);
    seen.add(wanted);
    const param = params.find((each) => isNamed(each, wanted, project));
    if (param === undefined) {
      const known = params.map((each) => `\`${each.name}\``).join(", ") || "none";
      const names = params.filter(({ shape }) => holdsNumbers(shape)).map((each) => each.name);
      diagnostics.report(
        "unknownWrt",
        span,
        { wrt: wanted, name, known },
        [],
        otherNames(wanted, names, span),
      );
      continue;
    }
    const { shape, node } = param;
    const type = project.checker.typeToString(project.checker.getTypeAtLocation(node), node);
    if (shape.kind === "unsupported") {
      if (shape.cause === "function") diagnostics.report("functionWrt", span, { wrt: wanted }, [], without);
      else reportType(param, project, diagnostics);
    } else if (!holdsNumbers(shape) && isOpen(param, project)) {
      // What has to be told apart is not known yet.
    } else if (!holdsNumbers(shape)) {
      diagnostics.report("wrtWithoutNumbers", span, { wrt: wanted, type }, [], without);
    } else chosen.add(param);
  }
  return chosen;
}

/** Reports what `isOpen` has put off, where no numbers have been found after all. */
export function reportWithoutNumbers(
  { name, node, declaration, wrt }: Target,
  params: readonly TargetParam[],
  { checker }: FrontendProject,
  diagnostics: Diagnostics,
): void {
  if (wrt === null) {
    if (!params.some((param) => param.wrt))
      diagnostics.report("noNumericParameter", declaration.name ?? node, { name });
    return;
  }
  for (const { name: wanted, span } of wrt) {
    const param = params.find((each) => each.name === wanted);
    if (param === undefined || param.wrt) continue;
    const type = checker.typeToString(checker.getTypeAtLocation(param.node), param.node);
    diagnostics.report("wrtWithoutNumbers", span, { wrt: wanted, type });
  }
}

/** Which classes its objects are of, lowering finds out: until then, numbers may be in these. */
function isOpen({ node }: TargetParam, project: FrontendProject): boolean {
  return project.families.size === 0 && leadsToMethods(project.checker.getTypeAtLocation(node), project);
}

/** A destructured parameter goes by its given name, and by each name that it binds. */
function isNamed({ name, node, pattern }: TargetParam, wanted: string, { ts }: FrontendProject): boolean {
  if (ts.isClassDeclaration(node) && wanted === "this") return true;
  return name === wanted || (pattern !== null && namesIn(ts, pattern).includes(wanted));
}

function reportType(
  { node, shape }: TargetParam,
  { checker }: FrontendProject,
  diagnostics: Diagnostics,
): void {
  if (shape.kind !== "unsupported") return;
  const code = (node.name ?? node).getText().replace(/\s+/gu, " ");
  const type = checker.typeToString(checker.getTypeAtLocation(node), node);
  if (shape.cause === "untyped") diagnostics.report("untypedValue", node, { code, type });
  else diagnostics.report("unsupportedType", node, { code, type, reason: shape.reason });
}
