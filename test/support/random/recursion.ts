/** Functions of generated programs that call themselves, or each other. */
import type { Choices } from "./choices.js";
import { bounded, real } from "./expressions.js";
import { bodyScope, valueOf, type Declared } from "./helpers.js";
import { extend, ofKind, variable, type Scope } from "./scope.js";
import { block } from "./statements.js";
import type { World } from "./world.js";

/** A function `(n, v, xs)` that calls itself with a smaller `n`: once, twice, or through another one. */
export function recursion(choices: Choices, world: World): Declared {
  const name = choices.fresh("rec");
  const other = choices.rarely(4) ? choices.fresh("rec") : name;
  const lines = [
    ...body(choices, world, name, other),
    ...(other === name ? [] : body(choices, world, other, name)),
  ];
  return { lines, world: { ...world, recursive: [...world.recursive, name] } };
}

function body(choices: Choices, world: World, name: string, next: string): readonly string[] {
  const seen = [
    variable("n", "int"),
    variable("v", "real", { mutable: choices.upTo(2) > 0 }),
    variable("xs", "list"),
    variable("h", "real", { mutable: true }),
  ];
  const made = block(choices, bodyScope(world, seen, true), 0, 3);
  const again = (by: number): string =>
    `${next}(${by === 1 ? "n - 1" : `Math.max(n - ${by}, 0)`}, ${bounded(choices, made.scope, 1)}, ${listFor(choices, made.scope)})`;
  const result = choices.fresh("r");
  const inner = extend(made.scope, [variable(result, "real")]);
  const after = block(choices, inner, 0, 2);
  const second = choices.rarely(3) ? ` + 0.3 * ${again(2)}` : "";
  return [
    `function ${name}(n: number, v: number, xs: number[]): number {`,
    "let h = 0.1;",
    `if (n <= 0) return ${real(choices, bodyScope(world, seen, true), 1)};`,
    ...made.lines,
    `const ${result} = 0.5 * ${again(1)};`,
    ...after.lines,
    `return ${bounded(choices, after.scope, 1)} + ${result}${second};`,
    "}",
  ];
}

function listFor(choices: Choices, scope: Scope): string {
  return choices.upTo(4) > 0 ? "xs" : valueOf(choices, scope, "list");
}

/** A call from outside, not too deep. */
export function recursiveCall(choices: Choices, scope: Scope): string | null {
  const name = choices.any(scope.world.recursive);
  if (name === undefined) return null;
  const counter = choices.any(ofKind(scope, "int"));
  const depth = counter && choices.upTo(2) === 0 ? `Math.min(${counter.name}, 3)` : String(choices.upTo(4));
  return `Math.tanh(${name}(${depth}, ${real(choices, scope, 1)}, ${valueOf(choices, scope, "list")}))`;
}
