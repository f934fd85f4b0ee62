/** Generic functions and classes of the prelude, called by generated programs with types of all kinds. */
import type { Choices } from "./choices.js";
import { bounded, real, test } from "./expressions.js";
import { valueOf } from "./helpers.js";
import type { Made } from "./memory.js";
import { declare } from "./memory.js";
import { assignable, extend, ofKind, types, variable, type Scope } from "./scope.js";

export function generic(choices: Choices, scope: Scope): Made {
  const target = choices.any(assignable(scope, "real"));
  if (target === undefined) return { lines: [], scope };
  switch (choices.upTo(8)) {
    case 0: {
      const kind = choices.pick(["object", "list", "rows", "tuple"] as const);
      const text = `chosen<${types[kind]}>(${test(choices, scope, 0)}, ${valueOf(choices, scope, kind)}, ${valueOf(choices, scope, kind)})`;
      return declare(choices, scope, kind, text, 1);
    }
    case 1:
      return cell(choices, scope, target.name);
    case 2:
      return stack(choices, scope, target.name);
    case 3: {
      const objects = choices.any(ofKind(scope, "objects"));
      if (objects === undefined) return { lines: [], scope };
      const best = choices.fresh("best");
      const score = bounded(choices, extend(scope, [variable("o", "object")]), 1);
      return {
        lines: [
          `const ${best} = bestOf(${objects.name}, (o) => o.a + ${score});`,
          `if (${best} !== undefined) ${target.name} += Math.sin(${best}.b);`,
          ...(choices.upTo(2) === 0 ? [`if (${best}) ${best}.a = ${bounded(choices, scope, 1)};`] : []),
        ],
        scope,
      };
    }
    case 4: {
      const pair = choices.fresh("pair");
      return {
        lines: [
          `const ${pair} = both(${valueOf(choices, scope, "list")}, ${valueOf(choices, scope, "object")});`,
        ],
        scope: extend(scope, [
          variable(`${pair}.first`, "list", { mutable: true }),
          variable(`${pair}.second`, "object", { mutable: true }),
        ]),
      };
    }
    case 5: {
      const list = choices.any(ofKind(scope, "list"));
      if (list === undefined) return { lines: [], scope };
      const seen = extend(scope, [variable("x", "real")]);
      return declare(
        choices,
        scope,
        "objects",
        `eachOf(${list.name}, (x) => ({ a: ${real(choices, seen, 1)}, b: ${real(choices, seen, 1)} }))`,
        1,
      );
    }
    default:
      return { lines: [`${target.name} += ${genericValue(choices, scope) ?? "0"};`], scope };
  }
}

export function genericValue(choices: Choices, scope: Scope): string | null {
  const list = choices.any(ofKind(scope, "list", "grown"));
  const objects = choices.any(ofKind(scope, "objects"));
  const sum = variable("sum", "real");
  if (objects !== undefined && choices.upTo(2) === 0) {
    const seen = extend(scope, [variable("o", "object")]);
    return choices.pick([
      `Math.sin(fold(${objects.name}, 0.1, (sum, o) => sum + ${bounded(choices, seen, 1)}))`,
      `Math.sin(fold(eachOf(${objects.name}, (o) => o.a * ${bounded(choices, seen, 0)}), 0.1, (sum, x) => 0.5 * sum + x))`,
    ]);
  }
  if (list === undefined) return null;
  const seen = extend(scope, [sum, variable("x", "real"), variable("k", "int")]);
  return choices.pick([
    `Math.sin(fold(${list.name}, 0.3, (sum, x, k) => 0.5 * sum + ${bounded(choices, seen, 1)} * (k + x)))`,
    `Math.sin(fold(${list.name}, { a: 0.1, b: 0.2 }, (sum, x) => ({ a: sum.b, b: 0.5 * sum.a + x })).b)`,
    `Math.sin(fold<number, [number, number]>(${list.name}, [0.1, 0.2], ([p, q], x) => [q, 0.4 * p + Math.sin(x)])[1])`,
  ]);
}

function cell(choices: Choices, scope: Scope, target: string): Made {
  const name = choices.fresh("cell");
  if (choices.upTo(2) === 0) {
    return {
      lines: [
        `const ${name} = new Cell<Pair>(${valueOf(choices, scope, "object")});`,
        ...(choices.upTo(2) === 0 ? [`${name}.set(${valueOf(choices, scope, "object")});`] : []),
        `${target} += ${name}.map((o) => o.a * ${bounded(choices, extend(scope, [variable("o", "object")]), 1)}).get();`,
      ],
      scope: extend(scope, [variable(`${name}.value`, "object", { mutable: true })]),
    };
  }
  return {
    lines: [
      `const ${name} = new Cell(${real(choices, scope, 1)});`,
      `${name}.set(0.5 * ${name}.get() + ${bounded(choices, scope, 1)});`,
      ...(choices.upTo(2) === 0
        ? [`${target} += ${name}.map((v) => [v, 0.5 * v]).map(([p, q]) => p * q).get();`]
        : []),
    ],
    scope: extend(scope, [variable(`${name}.value`, "real", { mutable: true })]),
  };
}

function stack(choices: Choices, scope: Scope, target: string): Made {
  const name = choices.fresh("stack");
  const list = choices.any(ofKind(scope, "list"));
  const value = (): string => real(choices, scope, 1);
  if (choices.upTo(2) === 0) {
    return {
      lines: [
        `const ${name} = new Stack<Pair>();`,
        `${name}.push(${valueOf(choices, scope, "object")});`,
        `${name}.push({ a: ${value()}, b: ${value()} });`,
        `while (${name}.size > ${choices.upTo(2)}) {`,
        `const o = ${name}.pop();`,
        `if (o) ${target} += o.a * Math.sin(o.b);`,
        "}",
      ],
      scope,
    };
  }
  return {
    lines: [
      `const ${name} = new Stack<number>();`,
      `${name}.push(${value()});`,
      ...(list === undefined
        ? []
        : [`for (const x of ${list.name}) ${name}.push(x * ${bounded(choices, scope, 0)});`]),
      `${target} += 0.5 * (${name}.pop() ?? 0.2) + Math.sin(${name}.pop() ?? ${value()});`,
    ],
    scope,
  };
}
