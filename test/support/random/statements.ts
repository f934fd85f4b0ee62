/** Statements of generated programs: scalars, branches, loops and the ways out of them. */
import type { Choices } from "./choices.js";
import { instances } from "./classes.js";
import { bounded, real, test } from "./expressions.js";
import { declareResult } from "./helpers.js";
import { feature } from "./features.js";
import { loop } from "./loops.js";
import { alias, allocate, write, type Made } from "./memory.js";
import { nested } from "./nested.js";
import { arrays, assignable, extend, ofKind, variable, type Scope } from "./scope.js";

/** Some statements. The scope is that at their end. */
export function block(choices: Choices, start: Scope, least: number, most: number): Made {
  let scope = start;
  const lines: string[] = [];
  for (let left = least + choices.upTo(most - least + 1); left > 0; left--) {
    const made = statement(choices, scope);
    lines.push(...made.lines);
    scope = made.scope;
  }
  return { lines, scope };
}

function statement(choices: Choices, scope: Scope): Made {
  const only = (lines: readonly string[]): Made => ({ lines, scope });
  if (choices.exhausted) return only([]);
  const room = scope.depth < 4;
  if (scope.inLoop && choices.rarely(10)) return only(leave(choices, scope));
  if (scope.world.classes.length > 0 && choices.rarely(4)) return instances(choices, scope);
  if (scope.world.helpers.length > 0 && choices.rarely(8)) return declareResult(choices, scope);
  if (choices.upTo(4) === 3) return feature(choices, scope);
  switch (choices.upTo(27)) {
    case 0:
    case 1:
      return declareReal(choices, scope);
    case 2:
    case 3:
    case 4:
      return only(assign(choices, scope));
    case 5:
    case 6:
    case 7:
    case 8:
      return only(write(choices, scope));
    case 9:
    case 10:
      return allocate(choices, scope);
    case 11:
      return alias(choices, scope);
    case 12:
      return only(leave(choices, scope));
    case 13:
    case 14:
      return only(room ? branch(choices, scope) : []);
    case 15:
      return only(useStack(choices, scope));
    case 16:
      return only(over(choices, scope));
    case 17:
      return declareClosure(choices, scope);
    case 18:
      return only(room ? cases(choices, scope) : []);
    case 19:
    case 20:
      return instances(choices, scope);
    case 21:
      return nested(choices, scope);
    case 22:
      return declareResult(choices, scope);
    default:
      return only(room && scope.loops < 3 ? loop(choices, scope) : assign(choices, scope));
  }
}

function declareReal(choices: Choices, scope: Scope): Made {
  const name = choices.fresh("v");
  const mutable = choices.upTo(3) > 0;
  return {
    lines: [`${mutable ? "let" : "const"} ${name} = ${real(choices, scope)};`],
    scope: extend(scope, [variable(name, "real", { mutable })]),
  };
}

function assign(choices: Choices, scope: Scope): readonly string[] {
  const target = choices.any(assignable(scope, "real"));
  if (!target) return write(choices, scope);
  switch (choices.upTo(5)) {
    case 0:
      return [`${target.name} += ${bounded(choices, scope)};`];
    case 1:
      return [`${target.name} *= ${bounded(choices, scope)};`];
    case 2:
      return [`${target.name} = 0.6 * ${target.name} + ${bounded(choices, scope)};`];
    case 3:
      return [`${target.name} -= ${bounded(choices, scope)};`];
    default:
      return [`${target.name} = ${real(choices, scope)};`];
  }
}

/** `break`, `continue` or `return`, where they are possible; always under a condition. */
function leave(choices: Choices, scope: Scope): readonly string[] {
  const condition = test(choices, scope);
  const ways = [
    ...(scope.inLoop ? ["break;", "continue;"] : []),
    ...(scope.canReturn ? [`return ${real(choices, scope)};`] : []),
  ];
  const way = choices.any(ways);
  if (way === undefined) return [];
  if (choices.upTo(2) === 0) return [`if (${condition}) ${way}`];
  return [`if (${condition}) {`, ...inner(choices, scope, 2), way, "}"];
}

function branch(choices: Choices, scope: Scope): readonly string[] {
  const head = [`if (${test(choices, scope)}) {`, ...inner(choices, scope, 3)];
  if (choices.upTo(2) === 0) return [...head, "}"];
  return [...head, "} else {", ...inner(choices, scope, 3), "}"];
}

function cases(choices: Choices, scope: Scope): readonly string[] {
  const counter = choices.any(ofKind(scope, "int"));
  const lines = (): readonly string[] => inner(choices, { ...scope, inLoop: false }, 2);
  return [
    `switch (${counter?.name ?? "weights.length"} % 3) {`,
    ...["case 0:", ...lines(), "break;"],
    ...["case 1:", ...lines(), ...(choices.upTo(2) === 0 ? ["break;"] : [])],
    ...["default:", ...lines(), "}"],
  ];
}

/** Sees the variables around it, and changes one. */
function declareClosure(choices: Choices, scope: Scope): Made {
  if (scope.depth >= 3) return { lines: [], scope };
  const name = choices.fresh("f");
  const v = choices.fresh("v");
  const isSeen = choices.rarely(3);
  const plain = { ...scope, variables: scope.variables.filter(({ kind }) => isSeen || kind !== "closure") };
  const seen = extend(plain, [variable(v, "real", { mutable: true })]);
  const body = block(choices, { ...seen, depth: 3, inLoop: false, canReturn: true, loops: 2 }, 1, 2);
  return {
    lines: [
      `const ${name} = (${v}: number): number => {`,
      ...body.lines,
      `return ${bounded(choices, body.scope)};`,
      "};",
    ],
    scope: extend(scope, [variable(name, "closure")]),
  };
}

/** Pushed and popped in the same block, with statements in between. */
function useStack(choices: Choices, scope: Scope): readonly string[] {
  const stack = choices.any(ofKind(scope, "stack"));
  const target = choices.any(assignable(scope, "real"));
  if (!stack || !target || scope.depth >= 4) return [];
  const others = scope.variables.filter((each) => each !== stack);
  const between = inner(choices, { ...scope, variables: others, inLoop: false }, 2);
  return [
    `${stack.name}.push(${real(choices, scope)});`,
    ...between,
    `${target.name} += Math.sin(${stack.name}.pop()!);`,
  ];
}

/** The methods of arrays. */
function over(choices: Choices, scope: Scope): readonly string[] {
  const array = choices.any(ofKind(scope, ...arrays));
  const target = choices.any(assignable(scope, "real"));
  if (!array || !target) return [];
  const [w, k] = [choices.fresh("w"), choices.fresh("k")];
  const element = variable(w, "real");
  const counter = variable(k, "int", { indexOf: array.mutable ? null : array.name });
  const seen = extend(scope, [element, counter]);
  switch (choices.upTo(8)) {
    case 0: {
      const sum = choices.fresh("s");
      const body = bounded(choices, seen);
      return [`${target.name} += ${array.name}.reduce((${sum}, ${w}, ${k}) => ${sum} + ${body}, 0);`];
    }
    case 1:
      return [`${target.name} = Math.max(...${array.name});`];
    case 3:
      return [
        `if (${array.name}.${choices.pick(["some", "every"])}((${w}) => ${test(choices, extend(scope, [element]))})) {`,
        ...inner(choices, scope, 2),
        "}",
      ];
    case 4:
      return [
        `${target.name} += ${array.name}.find((${w}) => ${w} > ${choices.pick(["0.2", "-1", "5"])}) ?? 0.3;`,
      ];
    case 5:
      return [`${target.name} += ${choices.rarely(9) ? "Math.hypot" : "Math.min"}(...${array.name});`];
    case 6: {
      const at = choices.fresh("k");
      const found = `${array.name}.findIndex((${w}) => ${w} > 0.4)`;
      return [`const ${at} = ${found};`, `if (${at} >= 0) ${target.name} += Math.sin(${array.name}[${at}]);`];
    }
    case 2: {
      const kept = `${array.name}.filter((${w}) => ${w} > 0.1)`;
      return [
        `${target.name} += ${kept}.map((${w}) => ${bounded(choices, extend(scope, [element]))}).length === 0 ? 0.5 : ${kept}[0];`,
      ];
    }
    default: {
      const body = inner(choices, { ...seen, inLoop: false, canReturn: false, loops: scope.loops + 1 }, 2);
      return [`${array.name}.forEach((${w}, ${k}) => {`, ...body, "});"];
    }
  }
}

/** The lines of a block of its own. */
export function inner(choices: Choices, scope: Scope, most: number): readonly string[] {
  return block(choices, { ...scope, depth: scope.depth + 1 }, 1, most).lines;
}
