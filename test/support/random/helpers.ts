/** Helper functions of generated programs, and calls of them. */
import type { Choices } from "./choices.js";
import { bounded, real } from "./expressions.js";
import { recursiveCall } from "./recursion.js";
import { declare, type Made } from "./memory.js";
import {
  extend,
  membersOf,
  ofKind,
  partsOf,
  typeOf,
  types,
  variable,
  type Kind,
  type Scope,
  type Variable,
} from "./scope.js";
import { block } from "./statements.js";
import { featureValue } from "./features.js";
import { instanceOf } from "./classes.js";
import { keyedText } from "./keyed.js";
import { optionsText } from "./options.js";
import { unionValue } from "./unions.js";
import type { Helper, World } from "./world.js";

/** Text of a declaration, and the world with it. */
export interface Declared {
  readonly lines: readonly string[];
  readonly world: World;
}

const parameterKinds = [
  ...(["real", "real", "list", "object", "rows", "box", "tuple", "floats", "deep"] as const),
  ...(["options", "map", "record", "groups", "closures"] as const),
] as const;

/** A parameter of any kind that the world has. */
export function parameter(choices: Choices, world: World): Variable {
  const name = choices.fresh("p");
  const mutable = choices.rarely(3);
  const of = choices.any(world.classes);
  if (of !== undefined && choices.rarely(5)) return variable(name, "instance", { mutable, of });
  const union = choices.any(world.unions);
  if (union !== undefined && choices.rarely(4)) {
    return variable(name, choices.pick(["union", "unions"] as const), { mutable, union });
  }
  return variable(name, choices.pick(parameterKinds), { mutable });
}

export function helper(choices: Choices, world: World): Declared {
  const name = choices.fresh("help");
  const named = Array.from({ length: 1 + choices.upTo(3) }, () => parameter(choices, world));
  const returns = choices.pick(["real", "real", "list", "object", "tuple"] as const);
  const scope = bodyScope(world, [...named, variable("h", "real", { mutable: true })], returns === "real");
  const made = block(choices, scope, 1, choices.rarely(4) ? 14 : 4);
  const head = named.map((each) => `${each.name}: ${typeOf(each)}`).join(", ");
  const lines = [
    `function ${name}(${head}): ${types[returns]} {`,
    "let h = 0.3;",
    ...made.lines,
    `return ${valueOf(choices, made.scope, returns)};`,
    "}",
  ];
  return { lines, world: { ...world, helpers: [...world.helpers, { name, parameters: named, returns }] } };
}

/** Returns a closure that keeps and changes a number of its own. */
export function factory(choices: Choices, world: World): Declared {
  const name = choices.fresh("make");
  const scope = bodyScope(
    world,
    [variable("s", "real", { mutable: choices.upTo(2) > 0 }), variable("state", "real", { mutable: true })],
    false,
  );
  const before = block(choices, scope, 0, 1);
  const inner = extend({ ...before.scope, canReturn: true, depth: 3 }, [variable("v", "real")]);
  const made = block(choices, inner, 1, 2);
  const lines = [
    `function ${name}(s: number): (v: number) => number {`,
    "let state = s;",
    ...before.lines,
    "return (v) => {",
    ...made.lines,
    `state = 0.5 * state + ${bounded(choices, made.scope, 1)};`,
    `return ${real(choices, made.scope, 1)};`,
    "};",
    "}",
  ];
  return { lines, world: { ...world, factories: [...world.factories, name] } };
}

/** Calls the function that it is given. */
export function applier(choices: Choices, world: World): Declared {
  const name = choices.fresh("apply");
  const scope = bodyScope(
    world,
    [variable("f", "closure"), variable("v", "real"), variable("h", "real", { mutable: true })],
    true,
  );
  const made = block(choices, scope, 1, 2);
  const lines = [
    `function ${name}(f: (v: number) => number, v: number): number {`,
    "let h = 0.1;",
    ...made.lines,
    `return 0.5 * f(${real(choices, made.scope, 1)}) + Math.sin(h);`,
    "}",
  ];
  return { lines, world: { ...world, appliers: [...world.appliers, name] } };
}

/** A call that gives a number, within bounds. */
export function callOf(choices: Choices, scope: Scope): string | null {
  const { helpers, appliers, recursive } = scope.world;
  if (recursive.length > 0 && choices.upTo(2) === 0) return recursiveCall(choices, scope);
  const applied = choices.any(appliers);
  if (applied !== undefined && choices.upTo(3) === 0) {
    return `Math.sin(${applied}(${closureValue(choices, scope)}, ${real(choices, scope, 1)}))`;
  }
  const found = choices.any(helpers.filter(({ returns }) => returns === "real"));
  if (found !== undefined && choices.upTo(2) === 0) return `Math.tanh(${call(choices, scope, found)})`;
  return featureValue(choices, scope);
}

/** A variable with what a helper, or a factory of closures, returns. */
export function declareResult(choices: Choices, scope: Scope): Made {
  const { helpers, factories } = scope.world;
  const made = choices.any(factories);
  if (made !== undefined && (choices.upTo(2) === 0 || helpers.length === 0)) {
    const name = choices.fresh("f");
    return {
      lines: [`const ${name} = ${made}(${real(choices, scope, 1)});`],
      scope: extend(scope, [variable(name, "closure")]),
    };
  }
  const found = choices.any(helpers);
  if (found === undefined) return { lines: [], scope };
  return declare(choices, scope, found.returns, call(choices, scope, found), 1);
}

function call(choices: Choices, scope: Scope, { name, parameters }: Helper): string {
  return `${name}(${parameters.map((each) => argument(choices, scope, each)).join(", ")})`;
}

/** What is there for a parameter, or something new. */
export function argument(choices: Choices, scope: Scope, { kind, of, union }: Variable): string {
  if (of !== null) return instanceOf(choices, scope, of);
  if (union !== null) return unionValue(choices, scope, union, kind === "unions");
  return valueOf(choices, scope, kind);
}

/** What is there of that kind, or something new. */
export function valueOf(choices: Choices, scope: Scope, kind: Kind): string {
  const value = (): string => real(choices, scope, 1);
  if (kind === "real") return value();
  const found = choices.any(ofKind(scope, kind));
  if (found !== undefined && choices.upTo(5) > 0) return found.name;
  switch (kind) {
    case "object":
      return `{ a: ${value()}, b: ${value()} }`;
    case "rows":
      return `[[${value()}, ${value()}], [${value()}]]`;
    case "box":
      return `{ u: [${value()}], v: [${value()}, ${value()}] }`;
    case "floats":
      return `Float64Array.of(${value()}, ${value()})`;
    case "deep":
      return deepText(choices, scope);
    case "options":
      return optionsText(choices, scope);
    case "map":
    case "record":
    case "groups":
      return keyedText(choices, scope, kind);
    case "closures":
      return `[${closureValue(choices, scope)}, ${closureValue(choices, scope)}]`;
    default:
      return `[${value()}, ${value()}]`;
  }
}

export function deepText(choices: Choices, scope: Scope): string {
  const value = (kind: Kind): string => valueOf(choices, scope, kind);
  return `{ p: ${value("object")}, q: { k: ${value("real")}, xs: ${value("list")} }, w: ${value("tuple")} }`;
}

export function closureValue(choices: Choices, scope: Scope): string {
  const found = choices.any(ofKind(scope, "closure"));
  const v = choices.fresh("v");
  // A method by its name alone would lose its instance.
  if (found?.name.includes(".") === true) return `(${v}) => ${found.name}(${v})`;
  if (found !== undefined && choices.upTo(2) === 0) return found.name;
  const seen = extend(scope, [variable(v, "real")]);
  return `(${v}) => ${bounded(choices, seen, 1)}`;
}

/** Where bodies begin: small, so that calls of calls stay so. */
export function bodyScope(world: World, variables: Scope["variables"], canReturn: boolean): Scope {
  const all = variables.flatMap((each) =>
    each.kind === "deep"
      ? partsOf(each.name, "deep", each.mutable)
      : each.kind === "instance" && each.of !== null
        ? membersOf(each.name, each.of, each.mutable)
        : [each],
  );
  return { variables: all, loops: 1, inLoop: false, canReturn, depth: 2, world };
}
