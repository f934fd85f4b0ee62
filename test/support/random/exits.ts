/** Loops in loops of generated programs that are left by their labels, or once something is found. */
import type { Choices } from "./choices.js";
import { bounded, test } from "./expressions.js";
import type { Made } from "./memory.js";
import { arrays, assignable, extend, ofKind, variable, type Scope } from "./scope.js";
import { block } from "./statements.js";

/** Two loops, and ways out of both. */
export function labelled(choices: Choices, scope: Scope): Made {
  const target = choices.any(assignable(scope, "real"));
  if (target === undefined || scope.depth >= 3 || scope.loops >= 2) return { lines: [], scope };
  const [label, i, j, v] = [
    choices.fresh("outer"),
    choices.fresh("i"),
    choices.fresh("j"),
    choices.fresh("e"),
  ];
  const list = choices.any(ofKind(scope, ...arrays));
  const outer = {
    ...extend(scope, [variable(i, "int")]),
    depth: scope.depth + 1,
    loops: scope.loops + 1,
    inLoop: true,
  };
  const before = block(choices, outer, 0, 2);
  const seen = list === undefined ? [variable(j, "int")] : [variable(v, "real")];
  const within = { ...extend(before.scope, seen), depth: scope.depth + 2, loops: scope.loops + 2 };
  const first = block(choices, within, 0, 2);
  const way = (): string => choices.pick([`continue ${label};`, `break ${label};`, "break;", "continue;"]);
  const second = block(choices, first.scope, 0, 2);
  const after = block(choices, before.scope, 0, 2);
  return {
    lines: [
      `${label}: for (let ${i} = 0; ${i} < ${2 + choices.upTo(2)}; ${i}++) {`,
      ...before.lines,
      list === undefined ? `for (let ${j} = 0; ${j} < 3; ${j}++) {` : `for (const ${v} of ${list.name}) {`,
      ...first.lines,
      `if (${test(choices, first.scope)}) ${way()}`,
      ...second.lines,
      ...(choices.upTo(2) === 0 ? [`if (${test(choices, second.scope)}) ${way()}`] : []),
      `${target.name} = 0.7 * ${target.name} + ${bounded(choices, second.scope, 1)};`,
      "}",
      ...after.lines,
      "}",
    ],
    scope,
  };
}
