/** Functions of generated programs that say whether they have a result, and what is made of it. */
import type { Choices } from "./choices.js";
import { bounded, real, test } from "./expressions.js";
import { bodyScope, valueOf, type Declared } from "./helpers.js";
import type { Made } from "./memory.js";
import { assignable, extend, variable, type Scope } from "./scope.js";
import { block } from "./statements.js";
import type { World } from "./world.js";

/** From a number and a list to a result, or none. */
export function attempt(choices: Choices, world: World): Declared {
  const name = choices.fresh("attempt");
  const seen = [
    variable("v", "real", { mutable: true }),
    variable("xs", "list"),
    variable("h", "real", { mutable: true }),
  ];
  const scope = bodyScope(world, seen, false);
  const none = (at: Scope): string => `{ ok: false, reason: "none", near: ${real(choices, at, 1)} }`;
  const some = (at: Scope): string =>
    `{ ok: true, value: ${real(choices, at, 1)}, parts: ${valueOf(choices, at, "list")} }`;
  const before = block(choices, scope, 0, 2);
  const after = block(choices, before.scope, 0, 2);
  const lines = [
    `function ${name}(v: number, xs: number[]): Result {`,
    "let h = 0.2;",
    ...before.lines,
    `if (${test(choices, before.scope)}) return ${none(before.scope)};`,
    ...(choices.upTo(2) === 0
      ? [`for (const x of xs) if (x > 0.5) return ${some(extend(before.scope, [variable("x", "real")]))};`]
      : []),
    ...after.lines,
    `return ${choices.upTo(4) === 0 ? none(after.scope) : some(after.scope)};`,
    "}",
  ];
  return { lines, world: { ...world, attempts: [...world.attempts, name] } };
}

/** A call, and both of its outcomes. */
export function attempted(choices: Choices, scope: Scope): Made {
  const name = choices.any(scope.world.attempts);
  const target = choices.any(assignable(scope, "real"));
  if (target === undefined) return { lines: [], scope };
  if (name === undefined) return maybe(choices, scope, target.name);
  const r = choices.fresh("r");
  const call = `${name}(${bounded(choices, scope, 1)}, ${valueOf(choices, scope, "list")})`;
  const head = `const ${r} = ${call};`;
  const parts = extend(scope, [
    variable(`${r}.parts`, "list"),
    variable(`${r}.value`, "real", { mutable: true }),
  ]);
  switch (choices.upTo(5)) {
    case 0:
      return {
        lines: [head, `${target.name} += ${r}.ok ? Math.sin(${r}.value) : 0.5 * ${r}.near;`],
        scope,
      };
    case 1: {
      if (!scope.canReturn) return { lines: [], scope };
      return { lines: [head, `if (!${r}.ok) return ${real(choices, scope, 1)} + ${r}.near;`], scope: parts };
    }
    case 2: {
      if (!scope.inLoop) return maybe(choices, scope, target.name);
      return { lines: [head, `if (!${r}.ok) ${choices.pick(["continue", "break"])};`], scope: parts };
    }
    case 3: {
      const made = block(choices, { ...parts, depth: scope.depth + 1 }, 1, 2);
      return {
        lines: [
          head,
          `if (${r}.ok) {`,
          ...made.lines,
          "} else {",
          `${target.name} *= Math.sin(${r}.near);`,
          "}",
        ],
        scope,
      };
    }
    default: {
      const many = choices.fresh("rs");
      return {
        lines: [
          `const ${many} = ${valueOf(choices, scope, "list")}.map((x) => ${name}(x, [x, ${bounded(choices, scope, 0)}]));`,
          `for (const ${r} of ${many}) ${target.name} += ${r}.ok ? 0.5 * Math.sin(${r}.value + ${r}.parts[0]) : 0.2 * ${r}.near;`,
        ],
        scope,
      };
    }
  }
}

/** A number or nothing. */
function maybe(choices: Choices, scope: Scope, target: string): Made {
  const name = choices.fresh("found");
  const none = choices.pick(["null", "undefined"]);
  return {
    lines: [
      `const ${name} = chosen<number | ${none}>(${test(choices, scope)}, ${real(choices, scope, 1)}, ${none});`,
      choices.pick([
        `if (${name} !== ${none}) ${target} += Math.sin(${name});`,
        `${target} += ${name} ?? ${real(choices, scope, 1)};`,
        `${target} = ${name} === ${none} ? 0.5 * ${target} : ${target} * Math.cos(${name});`,
      ]),
    ],
    scope,
  };
}
