/** Statements of generated programs: scalars, branches, loops and the ways out of them. */
import type { Choices } from "./random-choices.js";
import { bounded, real, test } from "./random-expressions.js";
import { alias, allocate, write, type Made } from "./random-memory.js";
import { assignable, extend, ofKind, variable, type Scope, type Variable } from "./random-scope.js";

const trips = ["3", "2", "4", "1", "0"] as const;

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
  switch (choices.upTo(20)) {
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

/** Pushed and popped in the same block, with statements in between. */
function useStack(choices: Choices, scope: Scope): readonly string[] {
  const stack = choices.any(ofKind(scope, "stack"));
  const target = choices.any(assignable(scope, "real"));
  if (!stack || !target || scope.depth >= 4) return [];
  const between = inner(choices, { ...scope, inLoop: false }, 2);
  return [
    `${stack.name}.push(${real(choices, scope)});`,
    ...between,
    `${target.name} += Math.sin(${stack.name}.pop()!);`,
  ];
}

/** The methods of arrays. */
function over(choices: Choices, scope: Scope): readonly string[] {
  const array = choices.any(ofKind(scope, "list", "floats"));
  const target = choices.any(assignable(scope, "real"));
  if (!array || !target) return [];
  const [w, k] = [choices.fresh("w"), choices.fresh("k")];
  const element = variable(w, "real");
  const counter = variable(k, "int", { indexOf: array.mutable ? null : array.name });
  const seen = extend(scope, [element, counter]);
  switch (choices.upTo(4)) {
    case 0: {
      const sum = choices.fresh("s");
      const body = bounded(choices, seen);
      return [`${target.name} += ${array.name}.reduce((${sum}, ${w}, ${k}) => ${sum} + ${body}, 0);`];
    }
    case 1:
      return [`${target.name} = Math.max(...${array.name});`];
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

function loop(choices: Choices, scope: Scope): readonly string[] {
  const i = choices.fresh("i");
  const array = choices.any(ofKind(scope, "list", "floats", "rows", "objects"));
  const length = array && choices.upTo(4) > 0 ? `${array.name}.length` : choices.pick(trips);
  const indexOf = array && !array.mutable && length.endsWith("length") ? array.name : null;
  const counter = variable(i, "int", { indexOf });
  const body = (seen: readonly Variable[]): readonly string[] => inner(choices, entered(scope, seen), 4);
  switch (choices.upTo(9)) {
    case 0:
    case 1:
      return [`for (let ${i} = 0; ${i} < ${length}; ${i}++) {`, ...body([counter]), "}"];
    case 2:
      return [`for (let ${i} = ${length} - 1; ${i} >= 0; ${i}--) {`, ...body([counter]), "}"];
    case 3:
      return [`for (let ${i} = ${choices.upTo(2)}; ${i} < ${length}; ${i} += 2) {`, ...body([counter]), "}"];
    case 4: {
      const skip = `if (${test(choices, scope)}) ${i}++;`;
      return [`for (let ${i} = 0; ${i} < ${length}; ${i}++) {`, ...body([counter]), skip, "}"];
    }
    case 5:
    case 6:
      return forOf(choices, scope, array);
    case 7:
      return whileLoop(choices, scope, i);
    default: {
      const lines = inner(choices, entered(scope, [variable(i, "int")]), 3);
      return [`let ${i} = 0;`, "do {", `${i}++;`, ...lines, `} while (${i} < ${length});`];
    }
  }
}

/** The condition may be on what is differentiated; a counter bounds the trips. */
function whileLoop(choices: Choices, scope: Scope, i: string): readonly string[] {
  const seen = extend(scope, [variable(i, "int")]);
  const condition = choices.upTo(2) === 0 ? "" : ` && ${test(choices, seen)}`;
  const lines = inner(choices, entered(scope, [variable(i, "int")]), 4);
  return [`let ${i} = 0;`, `while (${i} < ${choices.pick(trips)}${condition}) {`, `${i}++;`, ...lines, "}"];
}

function forOf(choices: Choices, scope: Scope, array: Variable | undefined): readonly string[] {
  if (!array) return [];
  const kind = array.kind === "rows" ? "list" : array.kind === "objects" ? "object" : "real";
  const name = choices.fresh("e");
  return [
    `for (const ${name} of ${array.name}) {`,
    ...inner(choices, entered(scope, [variable(name, kind)]), 4),
    "}",
  ];
}

function entered(scope: Scope, seen: readonly Variable[]): Scope {
  return { ...extend(scope, seen), loops: scope.loops + 1, inLoop: true };
}

/** The lines of a block of its own. */
function inner(choices: Choices, scope: Scope, most: number): readonly string[] {
  return block(choices, { ...scope, depth: scope.depth + 1 }, 1, most).lines;
}
