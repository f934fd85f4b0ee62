/** Loops of generated programs, of all kinds; each ends after some iterations. */
import type { Choices } from "./choices.js";
import { bounded, real, test } from "./expressions.js";
import { arrays, assignable, extend, ofKind, variable, type Scope, type Variable } from "./scope.js";
import { inner } from "./statements.js";

/** How often; some depend on data, are no whole numbers, or negative. */
function trips(choices: Choices, scope: Scope): string {
  const counter = choices.any(ofKind(scope, "int"));
  switch (choices.upTo(12)) {
    case 0:
    case 1:
    case 2:
      return "3";
    case 3:
      return "2";
    case 4:
      return "4";
    case 5:
      return choices.pick(["1", "0"]);
    case 6:
      return counter ? `Math.min(${counter.name}, 3)` : "2";
    case 7:
      return counter ? `Math.min(${counter.name} + 2, 4)` : "2.5";
    case 8:
      return `Math.floor(3 * Math.abs(${bounded(choices, scope, 0)}))`;
    case 9:
      return `Math.min(3, 2 * ${real(choices, scope, 0)})`;
    default:
      return choices.pick(["2.5", "-2", "weights.length"]);
  }
}

export function loop(choices: Choices, scope: Scope): readonly string[] {
  const i = choices.fresh("i");
  const array = choices.any(ofKind(scope, ...arrays, "rows", "objects"));
  const length = array && choices.upTo(3) > 0 ? `${array.name}.length` : trips(choices, scope);
  const whole = /[.*]/.test(length.replace(".length", "").replace(/Math\.\w+/g, ""))
    ? `Math.ceil(${length})`
    : length;
  const indexOf = array && !array.mutable && length === `${array.name}.length` ? array.name : null;
  const counter = variable(i, "int", { indexOf });
  const body = (seen: readonly Variable[]): readonly string[] => inner(choices, entered(scope, seen), 4);
  switch (choices.upTo(13)) {
    case 0:
    case 1:
      return [`for (let ${i} = 0; ${i} < ${length}; ${i}++) {`, ...body([counter]), "}"];
    case 2:
      return [`for (let ${i} = ${whole} - 1; ${i} >= 0; ${i}--) {`, ...body([counter]), "}"];
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
    case 8:
      return whileLoop(choices, scope, i);
    case 9:
      return entries(choices, scope, i, array);
    case 10:
      return drain(choices, scope);
    case 11: {
      const other = choices.any(ofKind(scope, "int"));
      return [
        `for (let ${i} = ${other?.name ?? "0"}; ${i} <= ${trips(choices, scope)}; ${i}++) {`,
        ...body([variable(i, "int")]),
        "}",
      ];
    }
    default: {
      const seen = entered(scope, [variable(i, "int")]);
      const condition = choices.upTo(2) === 0 ? "" : ` && ${test(choices, seen)}`;
      const lines = inner(choices, seen, 3);
      return [`let ${i} = 0;`, "do {", `${i}++;`, ...lines, `} while (${i} < ${length}${condition});`];
    }
  }
}

/** The condition may be on what is differentiated; a counter bounds the trips. */
function whileLoop(choices: Choices, scope: Scope, i: string): readonly string[] {
  const seen = extend(scope, [variable(i, "int")]);
  const condition = choices.upTo(2) === 0 ? "" : ` && ${test(choices, seen)}`;
  const lines = inner(choices, entered(scope, [variable(i, "int")]), 4);
  return [`let ${i} = 0;`, `while (${i} < ${trips(choices, scope)}${condition}) {`, `${i}++;`, ...lines, "}"];
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

function entries(choices: Choices, scope: Scope, i: string, array: Variable | undefined): readonly string[] {
  if (!array || array.kind === "floats" || array.kind === "singles") return [];
  const kind = array.kind === "rows" ? "list" : array.kind === "objects" ? "object" : "real";
  const name = choices.fresh("e");
  const counter = variable(i, "int", { indexOf: array.mutable ? null : array.name });
  return [
    `for (const [${i}, ${name}] of ${array.name}.entries()) {`,
    ...inner(choices, entered(scope, [counter, variable(name, kind)]), 3),
    "}",
  ];
}

/** A stack is filled, and emptied from its end. */
function drain(choices: Choices, scope: Scope): readonly string[] {
  const stack = choices.any(ofKind(scope, "stack"));
  const target = choices.any(assignable(scope, "real"));
  if (!stack || !target) return [];
  const [i, v] = [choices.fresh("i"), choices.fresh("v")];
  const filled = extend(scope, [variable(i, "int")]);
  const seen = extend(scope, [variable(v, "real")]);
  return [
    `for (let ${i} = 0; ${i} < ${trips(choices, scope)}; ${i}++) ${stack.name}.push(${bounded(choices, filled)});`,
    `while (${stack.name}.length > ${choices.upTo(2)}) {`,
    `const ${v} = ${stack.name}.pop()!;`,
    `${target.name} = 0.5 * ${target.name} + ${bounded(choices, seen)};`,
    "}",
  ];
}

function entered(scope: Scope, seen: readonly Variable[]): Scope {
  return { ...extend(scope, seen), loops: scope.loops + 1, inLoop: true };
}
