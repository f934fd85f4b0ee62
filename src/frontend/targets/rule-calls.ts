/** Calls of functions with a derivative by hand: they stay calls, and are reversed by calls of the rule. */
import type { ts } from "ts-morph";
import { suggested } from "../../ir/builder.js";
import type { Atom, ForeignFunction, Hint, MemoryShape, Rule, Shape } from "../../ir/types.js";
import { type Context, origin, poison, refuse } from "../context.js";
import { typeOfShape } from "../control/loop-carried.js";
import { holdsObjectKeys } from "../types/listed-keys.js";
import type { UserRule } from "./rules.js";
import { type Bound, type Ruled, isAtom } from "../scope.js";
import { isRef } from "../values.js";
import { type NamedValue, namedValue } from "../value-names.js";
import { excerpt } from "../../diagnostics/collector.js";

/** What a function of the user stands for if there is a derivative by hand for it; null otherwise. */
export function ruledFunction(cx: Context, symbol: ts.Symbol): Ruled | null {
  const { rules, project } = cx.unit;
  const rule = rules.get(symbol) ?? rules.get(project.implemented.declaredBy(symbol));
  return rule === undefined ? null : { kind: "ruled", rule };
}

export function lowerRuled(
  cx: Context,
  { rule }: Ruled,
  args: readonly Bound[],
  node: ts.CallExpression,
  hint: Hint | null,
): Bound {
  if (args.includes(poison)) return poison;
  if (cx.catches !== null)
    return refuse(cx, "tryStatement", node, {
      what: `a call in a \`try\` of \`${rule.callee.join(".")}\`, whose derivative is given: it may throw`,
    });
  const atoms = args.slice(0, rule.params.length).map((bound, i) => argumentOf(cx, rule, bound, i, node));
  const names = namesOf(cx, rule, node);
  const type = typeOfShape(cx, rule.result);
  if (atoms.includes(poison) || names === null || type === null) return poison;
  const { builder } = cx.unit;
  const name = ["value", "result", "y"].includes(rule.resultName)
    ? `${rule.callee.at(-1) ?? ""}_value`
    : rule.resultName;
  const out = builder.value(type, origin(cx, node, hint ?? suggested(`${cx.frame.prefix}${name}`)));
  builder.foreign(calleeOf(rule, names, atoms), atoms, out, origin(cx, node));
  return out;
}

/** An argument that the emitted code can hand over, both times. */
function argumentOf(cx: Context, rule: UserRule, bound: Bound, index: number, node: ts.CallExpression): Atom {
  const param = rule.params[index];
  const at = node.arguments[index] ?? node;
  const fail = (what: string): Atom =>
    refuse(cx, "ruleArgument", at, { callee: rule.callee.join("."), code: excerpt(at), what });
  if (!isAtom(bound)) return fail("is a function, or not known by its value");
  if (bound.type.kind === "maybe" && (param?.field ?? null) !== null) return fail("may be `undefined`");
  if (isRef(bound) && holdsObjectKeys(bound.type.shape)) return fail("holds a map or a set of objects");
  if (!isRef(bound) || param?.shape == null) return bound;
  const stored = withStorage(bound.type.shape, param.shape);
  if (stored === null) return fail("is kept in another kind of array than it is declared as");
  if (stored === bound.type.shape) return bound;
  const init = { kind: "slice", of: bound, from: null, to: null } as const;
  return cx.unit.builder.alloc(stored, init, origin(cx, at, bound.hint), cx.unit.regions.fresh());
}

/**
 * The shape with arrays of the kind that is declared: a copy may be kept in one that is as good for the function itself.
 * Null where that cannot be had by a copy.
 */
function withStorage(shape: MemoryShape, wanted: Shape): MemoryShape | null {
  const bare = wanted.kind === "maybe" ? wanted.shape : wanted;
  if (shape.kind === "array" && bare.kind === "array" && shape.storage !== bare.storage)
    return shape.element.kind === "real" && bare.element.kind === "real"
      ? { ...shape, storage: bare.storage }
      : null;
  return hasStorage(shape, bare) ? shape : null;
}

function hasStorage(shape: Shape, wanted: Shape): boolean {
  if (wanted.kind === "maybe") return hasStorage(shape, wanted.shape);
  switch (shape.kind) {
    case "maybe":
      return hasStorage(shape.shape, wanted);
    case "array":
      if (wanted.kind !== "array") return false;
      return shape.storage === wanted.storage && hasStorage(shape.element, wanted.element);
    case "tuple":
      return shape.elements.every((element, i) => {
        const other =
          wanted.kind === "tuple" ? wanted.elements[i] : wanted.kind === "array" ? wanted.element : undefined;
        return other !== undefined && hasStorage(element, other);
      });
    case "object":
      if (wanted.kind !== "object") return false;
      return wanted.fields.every(({ name, shape: field }) => {
        const own = shape.fields.find((each) => each.name === name);
        return own === undefined || hasStorage(own.shape, field);
      });
    default:
      return true;
  }
}

interface Names {
  readonly callee: NamedValue;
  readonly rule: NamedValue;
}

function namesOf(cx: Context, rule: UserRule, node: ts.Node): Names | null {
  const { emitted } = cx.unit;
  const file = rule.node.getSourceFile();
  const name = (symbol: ts.Symbol, parts: readonly [string, ...string[]]): NamedValue | null => {
    const found = namedValue(emitted, file, symbol, parts);
    if (found === null) refuse(cx, "notExported", node, { name: parts.join("."), file: fileName(file) });
    return found;
  };
  const callee = name(rule.head, rule.callee);
  const own = name(rule.symbol, [rule.name.text]);
  return callee === null || own === null ? null : { callee, rule: own };
}

function fileName(file: ts.SourceFile): string {
  return file.fileName.slice(file.fileName.lastIndexOf("/") + 1);
}

function calleeOf(rule: UserRule, { callee, rule: own }: Names, args: readonly Atom[]): ForeignFunction {
  const fields = args.map((atom, i) =>
    atom.type.kind === "nothing" ? null : (rule.params[i]?.field ?? null),
  );
  const pullback: Rule = {
    callee: {
      source: { module: moduleOf(rule.symbol), name: rule.symbol.name },
      text: callText(own.text, rule.params.length + 2),
      imports: own.imports,
      rule: null,
    },
    shape: rule.shape,
    fields,
    leftOut: rule.params.length - args.length,
    name: `${rule.callee.at(-1) ?? ""}_cotangents`,
  };
  return {
    source: { module: moduleOf(rule.primal), name: rule.primal.name },
    text: callText(callee.text, args.length),
    imports: callee.imports,
    rule: pullback,
  };
}

function callText(name: string, count: number): readonly string[] {
  if (count === 0) return [`${name}()`];
  return [`${name}(`, ...new Array<string>(count - 1).fill(", "), ")"];
}

function moduleOf(symbol: ts.Symbol): string {
  return symbol.declarations?.[0]?.getSourceFile().fileName ?? "";
}
