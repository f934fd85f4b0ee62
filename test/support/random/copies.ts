/** Slices, spreads and copies of generated programs, which share some of what they hold or none, and swaps. */
import type { Choices } from "./choices.js";
import { bounded, index, real } from "./expressions.js";
import type { Made } from "./memory.js";
import { declare } from "./memory.js";
import { assignable, extend, ofKind, variable, type Scope } from "./scope.js";

export function sharing(choices: Choices, scope: Scope): Made {
  const make = choices.pick([rotated, ofLists, ofRows, ofObjects, ofObject, queue, sorted]);
  return make(choices, scope);
}

/** Variables change places. */
function rotated(choices: Choices, scope: Scope): Made {
  const names = assignable(scope, "real").map(({ name }) => name);
  const [a, b, c] = [choices.any(names), choices.any(names), choices.any(names)];
  if (a === undefined || b === undefined || c === undefined) return { lines: [], scope };
  const line = choices.pick([
    `[${a}, ${b}] = [${b}, ${a}];`,
    `[${a}, ${b}, ${c}] = [${b}, ${c}, 0.5 * ${a}];`,
    `[${a}, ${b}] = [${bounded(choices, scope, 1)}, 0.5 * ${a} + ${b}];`,
  ]);
  return { lines: [line], scope };
}

function ofLists(choices: Choices, scope: Scope): Made {
  const list = choices.any(ofKind(scope, "list", "grown"));
  if (list === undefined) return { lines: [], scope };
  const { name } = list;
  switch (choices.upTo(5)) {
    case 0: {
      const [head, rest] = [choices.fresh("head"), choices.fresh("rest")];
      return {
        lines: [
          `const [${head}, ...${rest}] = ${name};`,
          `if (${rest}.length > 0) ${rest}[0] *= ${bounded(choices, scope, 1)};`,
        ],
        scope: extend(scope, [variable(head, "real")]),
      };
    }
    case 1:
      return declare(choices, scope, "list", `[...${name}, ...${name}]`, 2);
    case 2:
      return declare(choices, scope, "list", `${name}.slice(0, ${1 + choices.upTo(2)})`, 1);
    case 3:
      return declare(choices, scope, "list", `[...${name}].fill(${real(choices, scope, 1)}, 0, 1)`, 1);
    default:
      return declare(choices, scope, "rows", `[${name}, [...${name}], ${name}.slice()]`, 3);
  }
}

/** A copy of the rows, or of the list of them. */
function ofRows(choices: Choices, scope: Scope): Made {
  const rows = choices.any(ofKind(scope, "rows"));
  if (rows === undefined) return { lines: [], scope };
  const { name } = rows;
  switch (choices.upTo(4)) {
    case 0:
      return declare(choices, scope, "rows", `${name}.map((row) => [...row])`, 1);
    case 1:
      return declare(choices, scope, "rows", `[...${name}, ${name}[0]]`, 2);
    case 2:
      return declare(choices, scope, "list", `${name}.flat()`, 1);
    default:
      return declare(
        choices,
        scope,
        "rows",
        `${name}.map((row, k) => (k === 0 ? row : row.map((v) => ${bounded(choices, extend(scope, [variable("v", "real")]), 1)})))`,
        1,
      );
  }
}

function ofObjects(choices: Choices, scope: Scope): Made {
  const found = choices.any(ofKind(scope, "objects"));
  if (found === undefined) return { lines: [], scope };
  const { name } = found;
  const seen = extend(scope, [variable("o", "object")]);
  switch (choices.upTo(5)) {
    case 0:
      return declare(choices, scope, "objects", `${name}.slice()`, 1);
    case 1:
      return declare(choices, scope, "objects", `${name}.map((o) => ({ ...o }))`, 1);
    case 2:
      return declare(
        choices,
        scope,
        "objects",
        `${name}.map((o) => ({ ...o, b: ${bounded(choices, seen, 1)} }))`,
        1,
      );
    case 3:
      return declare(choices, scope, "list", `${name}.map(({ a, b }) => a * Math.cos(b))`, 1);
    default: {
      const [i, j] = [index(choices, scope, name, 1), index(choices, scope, name, 1)];
      return { lines: [`[${name}[${i}], ${name}[${j}]] = [${name}[${j}], ${name}[${i}]];`], scope };
    }
  }
}

function ofObject(choices: Choices, scope: Scope): Made {
  const [found, other] = [choices.any(ofKind(scope, "object")), choices.any(ofKind(scope, "object"))];
  if (found === undefined || other === undefined) return { lines: [], scope };
  switch (choices.upTo(3)) {
    case 0:
      return declare(
        choices,
        scope,
        "object",
        `Object.assign({}, ${found.name}, { a: ${real(choices, scope, 1)} })`,
        1,
      );
    case 1:
      return { lines: [`Object.assign(${found.name}, ${other.name});`], scope };
    default:
      return { lines: [`({ a: ${found.name}.b, b: ${found.name}.a } = ${other.name});`], scope };
  }
}

/** A list that loses its first and gains a last. */
function queue(choices: Choices, scope: Scope): Made {
  const target = choices.any(assignable(scope, "real"));
  const list = choices.any(ofKind(scope, "list"));
  if (target === undefined || scope.loops >= 3) return { lines: [], scope };
  const [name, v, e] = [choices.fresh("queue"), choices.fresh("v"), choices.fresh("e")];
  const added = bounded(choices, extend(scope, [variable(v, "real")]), 1);
  const back = choices.pick(["push", "unshift"]);
  return {
    lines: [
      `const ${name}: number[] = ${list === undefined ? "[0.4, 0.1]" : `${list.name}.slice(0, 2)`};`,
      `for (let n = 0; n < 4 && ${name}.length > 0; n++) {`,
      `const ${v} = ${name}.shift()!;`,
      `if (${v} > ${choices.pick(["-0.5", "0.2"])}) ${name}.${back}(0.5 * ${v} + ${added});`,
      `${target.name} += 0.3 * Math.sin(${v});`,
      "}",
      ...(choices.upTo(2) === 0 ? [`${name}.splice(0, 1, ${real(choices, scope, 1)}, 0.3);`] : []),
      `for (const ${e} of ${name}) ${target.name} += 0.2 * ${e};`,
    ],
    scope,
  };
}

function sorted(choices: Choices, scope: Scope): Made {
  const objects = choices.any(ofKind(scope, "objects"));
  if (objects !== undefined && choices.upTo(2) === 0) {
    const compare = choices.pick(["p.a - q.a", "q.b - p.b", "p.a < q.a ? -1 : 1", "p.a * p.b - q.a * q.b"]);
    if (choices.upTo(2) === 0) return { lines: [`${objects.name}.sort((p, q) => ${compare});`], scope };
    const text = `${objects.name}.slice().sort((p, q) => ${compare})`;
    return declare(choices, scope, "objects", text, objects.minLength);
  }
  const list = choices.any(ofKind(scope, "list"));
  if (list === undefined) return { lines: [], scope };
  const { name } = list;
  if (choices.upTo(4) === 0) return { lines: [`${name}.sort((p, q) => Math.sin(p) - Math.sin(q));`], scope };
  const text = choices.pick([
    `[...${name}].sort((p, q) => p - q)`,
    `${name}.slice().sort((p, q) => q - p)`,
    `${name}.map((p) => p * p).sort((p, q) => p - q)`,
    `${name}.map((_, k) => k).sort((p, q) => ${name}[p] - ${name}[q]).map((k) => ${name}[k])`,
  ]);
  return declare(choices, scope, "list", text, list.minLength);
}
