/**
 * Lowering: from the body of a function to IR. Calls are inlined, names resolved, control made structured; the value is
 * computed by the same operations in the same order, so that it is the same to the last bit.
 */
import type { ts } from "ts-morph";
import type { Diagnostics } from "../diagnostics/collector.js";
import { Builder, declared, real } from "../ir/builder.js";
import type { Func, Param, Statement, Value } from "../ir/types.js";
import { type Context, type Frame, type Unit, noJumps, spanOf } from "./context.js";
import { declareVariable, withDefault } from "./declarations.js";
import { lowerBody } from "./inline.js";
import { typeOfShape } from "./loop-carried.js";
import { copyDeep } from "./memory.js";
import { guardOverlaps, writtenIn } from "./overlaps.js";
import { bindPattern } from "./patterns.js";
import type { FrontendProject } from "./project.js";
import { canonicalRegions } from "./region-names.js";
import { Regions } from "./regions.js";
import { type Bound, Environment, Scope } from "./scope.js";
import { reportState } from "./scratch.js";
import { type TargetParam, signatureOf, targetParams } from "./signature.js";
import type { LoweredTarget } from "./target.js";
import type { Target } from "./targets.js";

/** The IR of a function and the head of its gradient; null if errors were reported. */
export function lowerTarget(
  target: Target,
  project: FrontendProject,
  diagnostics: Diagnostics,
  folder?: string,
): LoweredTarget | null {
  const before = diagnostics.errorCount;
  const params = targetParams(target, project, diagnostics);
  if (diagnostics.errorCount > before) return null;
  try {
    const func = lowerWithCopies(target, params, project, diagnostics);
    return func === null ? null : { func, signature: signatureOf(target, params, project, folder) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The stack of the compiler itself is exhausted.
    diagnostics.report("tooLarge", target.declaration.name ?? target.node, { name: target.name });
    return null;
  }
}

/** Whether a parameter is written to is known when all is lowered: then once more, with a copy of it. */
function lowerWithCopies(
  target: Target,
  params: readonly TargetParam[],
  project: FrontendProject,
  diagnostics: Diagnostics,
): Func | null {
  const before = diagnostics.errorCount;
  let copied: ReadonlySet<number> = new Set();
  for (;;) {
    const attempt = lowerFunction(target, params, copied, project, diagnostics);
    if (diagnostics.errorCount > before) return null;
    if ([...attempt.written].every((index) => copied.has(index))) return attempt.func;
    copied = new Set([...copied, ...attempt.written]);
  }
}

interface Attempt {
  readonly func: Func;
  /** Parameters whose memory is written to. */
  readonly written: ReadonlySet<number>;
}

function lowerFunction(
  target: Target,
  params: readonly TargetParam[],
  copied: ReadonlySet<number>,
  project: FrontendProject,
  diagnostics: Diagnostics,
): Attempt {
  const before = diagnostics.errorCount;
  const unit = makeUnit(project, diagnostics);
  const { builder, regions } = unit;
  const frame: Frame = { caller: null, call: null, closure: null, prefix: "", returns: { kind: "leave" } };
  const outer: Context = {
    ts: project.ts,
    checker: project.checker,
    unit,
    frame,
    scope: new Scope(unit.globals),
    statement: null,
    ...noJumps,
  };
  const values = params.map((param) => paramValue(outer, param));
  const body = builder.block(() => {
    const cx = withSelf(outer, target, params, values, copied);
    params.forEach((param, i) => {
      const value = values[i];
      if (value !== undefined) bindParam(cx, param, value, copied.has(i));
    });
    const outcome = lowerBody(cx, target.node.body);
    if (outcome.end !== null) return outcome.end;
    if (diagnostics.errorCount === before)
      diagnostics.report("missingReturn", target.declaration.name ?? target.node, { name: target.name });
    return { kind: "return", values: [], statement: null };
  });
  reportState(outer, body);

  const written = values.flatMap((value, i) => (writtenIn(outer, value.type) === null ? [] : [i]));
  const func: Func = {
    name: target.name,
    params: params.flatMap(({ name, wrt }, i): Param[] => {
      const value = values[i];
      return value === undefined ? [] : [{ value, name, wrt }];
    }),
    results: [{ name: "value", shape: real }],
    body: {
      instrs: [...guardOverlaps(outer, target.name, params, values, written), ...unit.entry, ...body.instrs],
      end: body.end,
    },
  };
  return { func: regions.merged ? canonicalRegions(func, regions) : func, written: new Set(written) };
}

function makeUnit(project: FrontendProject, diagnostics: Diagnostics): Unit {
  const builder = new Builder();
  let statements = 0;
  let expansions = 0;
  return {
    project,
    diagnostics,
    builder,
    environment: new Environment(),
    regions: new Regions(builder),
    globals: new Scope(null),
    entry: [],
    known: new Map(),
    lengths: new Map(),
    restArrays: new Set(),
    members: new Map(),
    classes: new Map(),
    constants: [],
    told: new Set(),
    pending: new Set(),
    jumps: new WeakMap(),
    assignments: new WeakMap(),
    expansions: { next: () => ++expansions },
    statement: (span, comment): Statement => ({ id: statements++, span, comment }),
  };
}

/** The value of a parameter. What has no shape is one that cannot be looked into. */
function paramValue(cx: Context, { name, node, shape }: TargetParam): Value {
  const type = shape.kind === "unsupported" ? null : typeOfShape(cx, shape);
  return cx.unit.builder.value(type ?? { kind: "nothing" }, { hint: declared(name), span: spanOf(node) });
}

/** In a method, `this` is the instance that comes first, or the class. */
function withSelf(
  cx: Context,
  { owner }: Target,
  [first]: readonly TargetParam[],
  [value]: readonly Value[],
  copied: ReadonlySet<number>,
): Context {
  if (owner === null) return cx;
  let self: Bound = { kind: "class", node: owner.class };
  if (!owner.isStatic) {
    if (first === undefined || value === undefined) return cx;
    self = first.shape.kind === "unsupported" ? untold(cx, first) : value;
    if (copied.has(0) && self.kind === "value") self = copyDeep(cx, self, first.node, declared(first.name));
  }
  return { ...cx, scope: new Scope(cx.unit.globals, self) };
}

function bindParam(cx: Context, param: TargetParam, value: Value, copy: boolean): void {
  // The instance of a method has no name in its body.
  if (cx.ts.isClassDeclaration(param.node)) return;
  const { name } = param.node;
  let bound: Bound = param.shape.kind === "unsupported" ? untold(cx, param) : value;
  if (copy && bound.kind === "value") bound = copyDeep(cx, bound, param.node, declared(param.name));
  if (!cx.ts.isIdentifier(name)) {
    const whole = param.bodyDefault === null ? bound : withDefault(cx, bound, param.bodyDefault, null);
    bindPattern(cx, name, whole, name);
    return;
  }
  const variable = declareVariable(cx, cx.scope, symbolOf(cx, name), name.text);
  const whole = param.bodyDefault === null ? bound : withDefault(cx, bound, param.bodyDefault, variable.hint);
  cx.unit.environment.set(variable, whole);
}

/** A parameter that may be passed on, but not looked into. */
function untold(cx: Context, { node, shape }: TargetParam): Bound {
  if (shape.kind !== "unsupported" || shape.cause === "function") return { kind: "unknown", untold: null };
  const type = cx.checker.typeToString(cx.checker.getTypeAtLocation(node), node);
  return { kind: "unknown", untold: { type, reason: shape.reason } };
}

function symbolOf(cx: Context, name: ts.Identifier): ts.Symbol | undefined {
  return cx.checker.getSymbolAtLocation(name);
}
