/** Closures of generated programs that are kept: in lists, in objects, with state of their own. */
import type { Choices } from "./choices.js";
import { bounded, index, real } from "./expressions.js";
import { bodyScope, closureValue, type Declared } from "./helpers.js";
import type { Made } from "./memory.js";
import { assignable, extend, ofKind, variable, type Scope, type Variable } from "./scope.js";
import { block, inner } from "./statements.js";
import type { World } from "./world.js";

/** A function that makes an object of functions, which share what they see. */
export function account(choices: Choices, world: World): Declared {
  const name = choices.fresh("account");
  const scope = bodyScope(
    world,
    [
      variable("v", "real"),
      variable("state", "real", { mutable: true }),
      variable("s", "real"),
      variable("log", "grown"),
    ],
    false,
  );
  const added = block(choices, { ...scope, depth: 3 }, 0, 2);
  const total = { ...bodyScope(world, scope.variables.slice(1), true), depth: 3 };
  const lines = [
    `function ${name}(s: number): Account {`,
    "let state = 0.5 * s;",
    "const log = [s];",
    "return {",
    "log,",
    "add(v) {",
    ...added.lines,
    `state = 0.5 * state + ${bounded(choices, added.scope, 1)};`,
    choices.pick(["", "if (log.length < 6) log.push(state);", "log[0] += 0.3 * state;"]),
    "},",
    `total: () => ${choices.pick(["state", "0.4 * state + log[0]", bounded(choices, total, 1)])},`,
    "};",
    "}",
  ].filter((line) => line !== "");
  return { lines, world: { ...world, accounts: [...world.accounts, name] } };
}

/** A number that closures in a list give. */
export function keptValue(choices: Choices, scope: Scope): string | null {
  const found = choices.any(ofKind(scope, "closures"));
  if (found === undefined) return null;
  const { name } = found;
  const x = bounded(choices, scope, 1);
  return choices.pick([
    `Math.sin(${name}.reduce((s, f) => f(s), ${x}))`,
    `Math.sin(${name}[${index(choices, scope, name, 1)}](${x}))`,
    `Math.sin(${name}.map((f) => f(${x})).reduce((s, v) => s + v, 0))`,
  ]);
}

/** A statement on closures that are kept. */
export function kept(choices: Choices, scope: Scope): Made {
  const found = choices.any(ofKind(scope, "closures"));
  switch (choices.upTo(found === undefined ? 5 : 9)) {
    case 0:
    case 1:
      return filled(choices, scope);
    case 2:
      return accounts(choices, scope);
    case 3:
      return table(choices, scope);
    case 4:
      return composed(choices, scope);
    default:
      return { lines: found === undefined ? [] : use(choices, scope, found), scope };
  }
}

/** A list that a loop fills, with closures that see what was in the iteration. */
function filled(choices: Choices, scope: Scope): Made {
  if (scope.depth >= 3 || scope.loops >= 3) return { lines: [], scope };
  const [name, k, v] = [choices.fresh("fs"), choices.fresh("k"), choices.fresh("v")];
  const w = choices.fresh("w");
  const list = choices.any(ofKind(scope, "list"));
  const around = extend(scope, [variable(k, "int"), variable(w, "real", { mutable: true })]);
  const seen = extend(around, [variable(v, "real")]);
  const isBlock = choices.upTo(2) === 0;
  const body = isBlock
    ? block(choices, { ...seen, depth: 3, inLoop: false, canReturn: true, loops: 2 }, 1, 2).lines
    : [];
  const value = bounded(choices, seen, 1);
  const state = isBlock ? [`${w} = 0.5 * ${w} + ${bounded(choices, seen, 0)};`] : [];
  const pushed = isBlock
    ? [`${name}.push((${v}) => {`, ...body, ...state, `return ${value};`, "});"]
    : [`${name}.push((${v}) => ${value} * ${w});`];
  const head =
    list !== undefined && choices.upTo(2) === 0
      ? [`for (const [${k}, item] of ${list.name}.entries()) {`, `let ${w} = 0.5 * item;`]
      : [
          `for (let ${k} = 0; ${k} < ${2 + choices.upTo(2)}; ${k}++) {`,
          `let ${w} = ${real(choices, extend(scope, [variable(k, "int")]), 1)};`,
        ];
  return {
    lines: [`const ${name}: ((v: number) => number)[] = [];`, ...head, ...pushed, "}"],
    scope: extend(scope, [variable(name, "closures")]),
  };
}

function accounts(choices: Choices, scope: Scope): Made {
  const make = choices.any(scope.world.accounts);
  if (make === undefined) return filled(choices, scope);
  const [one, many, e] = [choices.fresh("acc"), choices.fresh("accs"), choices.fresh("e")];
  const members = (name: string): readonly Variable[] => [
    variable(`${name}.total()`, "real"),
    variable(`${name}.log`, "grown"),
  ];
  const lines = [
    `const ${one} = ${make}(${bounded(choices, scope, 1)});`,
    `${one}.add(${bounded(choices, scope, 1)});`,
  ];
  const seen = extend(scope, members(one));
  if (choices.upTo(2) === 0 || scope.depth >= 3) return { lines, scope: seen };
  const around = { ...extend(seen, members(e)), inLoop: true, loops: scope.loops + 1 };
  return {
    lines: [
      ...lines,
      `const ${many} = [${one}, ${make}(${bounded(choices, scope, 1)})];`,
      `for (const ${e} of ${many}) {`,
      `${e}.add(${bounded(choices, scope, 1)});`,
      ...inner(choices, around, 2),
      "}",
      `${many}[${choices.upTo(2)}].add(${bounded(choices, seen, 1)});`,
    ],
    scope: seen,
  };
}

/** Functions by their names. */
function table(choices: Choices, scope: Scope): Made {
  const [name, f] = [choices.fresh("table"), choices.fresh("f")];
  const counter = choices.any(ofKind(scope, "int"));
  const at = counter === undefined ? '"one"' : `${counter.name} % 2 === 0 ? "one" : "two"`;
  return {
    lines: [
      `const ${name}: Record<string, (v: number) => number> = { one: ${closureValue(choices, scope)}, two: ${closureValue(choices, scope)} };`,
      `const ${f} = ${name}[${at}];`,
    ],
    scope: extend(scope, [variable(f, "closure")]),
  };
}

function composed(choices: Choices, scope: Scope): Made {
  const [name, f] = [choices.fresh("compose"), choices.fresh("f")];
  return {
    lines: [
      `const ${name} = (g: (v: number) => number, h: (v: number) => number) => (v: number): number => 0.5 * g(h(v));`,
      `const ${f} = ${name}(${closureValue(choices, scope)}, ${closureValue(choices, scope)});`,
    ],
    scope: extend(scope, [variable(f, "closure")]),
  };
}

function use(choices: Choices, scope: Scope, { name }: Variable): readonly string[] {
  const target = choices.any(assignable(scope, "real"));
  if (target === undefined) return [];
  const f = choices.fresh("f");
  switch (choices.upTo(4)) {
    case 0:
      return [
        `for (const ${f} of ${name}) ${target.name} = 0.5 * ${target.name} + Math.sin(${f}(${bounded(choices, scope, 1)}));`,
      ];
    case 1:
      return [`if (${name}.length < 5) ${name}.push(${closureValue(choices, scope)});`];
    case 2:
      return [`${name}[${index(choices, scope, name, 1)}] = ${closureValue(choices, scope)};`];
    default:
      return [`${target.name} += ${keptValue(choices, scope) ?? "0"};`];
  }
}
