/** Functions of generated programs that call themselves, or each other. */
import type { Choices } from "./choices.js";
import { bounded, real } from "./expressions.js";
import { argument, bodyScope, parameter, valueOf, type Declared } from "./helpers.js";
import { extend, ofKind, typeOf, variable, type Scope, type Variable } from "./scope.js";
import { block } from "./statements.js";
import type { World } from "./world.js";

/** A function `(n, v, xs)` that calls itself with a smaller `n`: once, twice, or through another one. */
export function recursion(choices: Choices, world: World): Declared {
  const name = choices.fresh("rec");
  const other = choices.rarely(4) ? choices.fresh("rec") : name;
  const more = Array.from({ length: Math.max(0, choices.upTo(4) - 1) }, () => parameter(choices, world));
  const lines = [
    ...body(choices, world, name, other, more),
    ...(other === name ? [] : body(choices, world, other, name, more)),
  ];
  return { lines, world: { ...world, recursive: [...world.recursive, { name, more }] } };
}

function body(
  choices: Choices,
  world: World,
  name: string,
  next: string,
  more: readonly Variable[],
): readonly string[] {
  const seen = [
    variable("n", "int"),
    variable("v", "real", { mutable: choices.upTo(2) > 0 }),
    variable("xs", "list"),
    variable("h", "real", { mutable: true }),
    ...more,
  ];
  const made = block(choices, bodyScope(world, seen, true), 0, choices.rarely(4) ? 8 : 3);
  const again = (by: number): string =>
    `${next}(${by === 1 ? "n - 1" : `Math.max(n - ${by}, 0)`}, ${bounded(choices, made.scope, 1)}, ${listFor(choices, made.scope)}${handedOn(choices, made.scope, more)})`;
  const head = more.map((each) => `, ${each.name}: ${typeOf(each)}`).join("");
  const result = choices.fresh("r");
  const inner = extend(made.scope, [variable(result, "real")]);
  const after = block(choices, inner, 0, 2);
  const second = choices.rarely(3) ? ` + 0.3 * ${again(2)}` : "";
  return [
    `function ${name}(n: number, v: number, xs: number[]${head}): number {`,
    "let h = 0.1;",
    `if (n <= 0) return ${real(choices, bodyScope(world, seen, true), 1)};`,
    ...made.lines,
    `const ${result} = 0.5 * ${again(1)};`,
    ...after.lines,
    `return ${bounded(choices, after.scope, 1)} + ${result}${second};`,
    "}",
  ];
}

function handedOn(choices: Choices, scope: Scope, more: readonly Variable[]): string {
  return more.map((each) => `, ${choices.upTo(4) > 0 ? each.name : argument(choices, scope, each)}`).join("");
}

function listFor(choices: Choices, scope: Scope): string {
  return choices.upTo(4) > 0 ? "xs" : valueOf(choices, scope, "list");
}

/** A call from outside, not too deep. */
export function recursiveCall(choices: Choices, scope: Scope): string | null {
  const found = choices.any(scope.world.recursive);
  if (found === undefined) return null;
  const counter = choices.any(ofKind(scope, "int"));
  const depth = counter && choices.upTo(2) === 0 ? `Math.min(${counter.name}, 3)` : String(choices.upTo(4));
  const more = found.more.map((each) => `, ${argument(choices, scope, each)}`).join("");
  return `Math.tanh(${found.name}(${depth}, ${real(choices, scope, 1)}, ${valueOf(choices, scope, "list")}${more}))`;
}
