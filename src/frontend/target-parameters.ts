/** What the parameters of a target are in its body. */
import { declared } from "../ir/builder.js";
import type { Value } from "../ir/types.js";
import { type Context, spanOf } from "./context.js";
import { typeOfShape } from "./control/loop-carried.js";
import { declareVariable, withDefault } from "./expressions/declarations.js";
import { bindPattern } from "./expressions/patterns.js";
import { begin } from "./expressions/shared-variables.js";
import { type CopiedParts, copyDeep } from "./records/deep-copies.js";
import { type Bound, scopeWithThis } from "./scope.js";
import type { TargetParam } from "./targets/signature.js";
import type { Target } from "./targets/targets.js";

/** The value of a parameter. What has no shape is one that cannot be looked into. */
export function paramValue(cx: Context, { name, node, shape }: TargetParam): Value {
  const type = shape.kind === "unsupported" ? null : typeOfShape(cx, shape);
  return cx.unit.builder.value(type ?? { kind: "nothing" }, { hint: declared(name), span: spanOf(node) });
}

/** In a method, `this` is the instance that comes first, or the class. */
export function withSelf(
  cx: Context,
  { owner }: Target,
  [first]: readonly TargetParam[],
  [value]: readonly Value[],
  copies: ReadonlyMap<number, CopiedParts>,
): Context {
  if (owner === null) return cx;
  let self: Bound = { kind: "class", node: owner.class };
  if (!owner.isStatic) {
    if (first === undefined || value === undefined) return cx;
    self = first.shape.kind === "unsupported" ? untold(cx, first, value) : value;
    const parts = copies.get(0);
    if (parts !== undefined && self.kind === "value")
      self = copyDeep(cx, self, first.node, declared(first.name), parts);
  }
  return { ...cx, scope: scopeWithThis(cx.unit.environment, cx.unit.globals, self) };
}

/** The names of a parameter, its default applied. */
export function bindParam(
  cx: Context,
  param: TargetParam,
  value: Value,
  copied: CopiedParts | undefined,
): void {
  // The instance of a method has no name in its body.
  if (cx.ts.isClassDeclaration(param.node)) return;
  const { name } = param.node;
  let bound: Bound = param.shape.kind === "unsupported" ? untold(cx, param, value) : value;
  if (copied === undefined) cx.unit.given.add(value.id);
  else if (bound.kind === "value") bound = copyDeep(cx, bound, param.node, declared(param.name), copied);
  if (!cx.ts.isIdentifier(name)) {
    const whole = param.bodyDefault === null ? bound : withDefault(cx, bound, param.bodyDefault, null);
    bindPattern(cx, name, whole, name);
    return;
  }
  const variable = declareVariable(cx, cx.scope, cx.checker.getSymbolAtLocation(name), name.text);
  const whole = param.bodyDefault === null ? bound : withDefault(cx, bound, param.bodyDefault, variable.hint);
  begin(cx, variable, whole, param.node);
}

/** A parameter that may be passed on, but not looked into. */
export function untold(cx: Context, { node, shape }: TargetParam, value: Value | null): Bound {
  const given = value === null ? {} : { given: value };
  if (shape.kind !== "unsupported" || shape.cause === "function")
    return { kind: "unknown", untold: null, ...given };
  const type = cx.checker.typeToString(cx.checker.getTypeAtLocation(node), node);
  return { kind: "unknown", untold: { type, reason: shape.reason }, ...given };
}
