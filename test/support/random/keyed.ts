/** Maps and records of generated programs, with keys that are constants, variables, or made of counters. */
import type { Choices } from "./choices.js";
import { bounded, real, test } from "./expressions.js";
import { valueOf } from "./helpers.js";
import type { Made } from "./memory.js";
import { assignable, extend, ofKind, types, variable, type Scope, type Variable } from "./scope.js";
import { inner } from "./statements.js";

type Keyed = "map" | "record" | "groups";

function key(choices: Choices, scope: Scope): string {
  const counter = choices.any(ofKind(scope, "int"));
  switch (choices.upTo(5)) {
    case 0:
      return '"a"';
    case 1:
      return '"b"';
    case 2:
      return counter === undefined ? '"c"' : `\`k\${${counter.name} % 3}\``;
    case 3:
      return `(${test(choices, scope, 0)} ? "a" : "c")`;
    default:
      return counter === undefined ? '"a"' : `["a", "b", "c"][${counter.name} % 3]`;
  }
}

export function keyedText(choices: Choices, scope: Scope, kind: Keyed): string {
  const value = (): string => (kind === "groups" ? valueOf(choices, scope, "list") : real(choices, scope, 1));
  if (kind === "record") return `{ a: ${value()}, ${choices.pick(["b", "k0"])}: ${value()} }`;
  if (choices.upTo(3) === 0) return `new ${types[kind]}()`;
  return `new ${types[kind]}([["a", ${value()}], ["${choices.pick(["b", "k1"])}", ${value()}]])`;
}

/** A statement on what is found by keys. */
export function keyed(choices: Choices, scope: Scope): Made {
  const found = choices.any(ofKind(scope, "map", "record", "groups"));
  if (found === undefined || choices.upTo(4) === 0) return declareKeyed(choices, scope);
  return { lines: use(choices, scope, found), scope };
}

function declareKeyed(choices: Choices, scope: Scope): Made {
  const kind = choices.pick(["map", "record", "groups"] as const);
  const name = choices.fresh(kind);
  const other = choices.any(ofKind(scope, kind));
  const copied = kind === "record" ? `{ ...${other?.name ?? ""} }` : `new Map(${other?.name ?? ""})`;
  const text =
    other !== undefined && choices.upTo(2) === 0
      ? choices.pick([copied, other.name])
      : keyedText(choices, scope, kind);
  return {
    lines: [`const ${name}: ${types[kind]} = ${text};`],
    scope: extend(scope, [variable(name, kind)]),
  };
}

function use(choices: Choices, scope: Scope, found: Variable): readonly string[] {
  const target = choices.any(assignable(scope, "real"));
  if (target === undefined) return [];
  switch (found.kind) {
    case "map":
      return onMap(choices, scope, found.name, target.name);
    case "record":
      return onRecord(choices, scope, found.name, target.name);
    default:
      return onGroups(choices, scope, found.name, target.name);
  }
}

function onMap(choices: Choices, scope: Scope, name: string, target: string): readonly string[] {
  const at = key(choices, scope);
  const [k, v] = [choices.fresh("k"), choices.fresh("v")];
  switch (choices.upTo(8)) {
    case 0:
      return [`${name}.set(${at}, ${bounded(choices, scope)});`];
    case 1:
      return [
        `const ${k} = ${at};`,
        `${name}.set(${k}, 0.5 * (${name}.get(${k}) ?? ${real(choices, scope, 0)}) + ${bounded(choices, scope, 1)});`,
      ];
    case 2:
      return [`${target} += ${name}.get(${at}) ?? ${real(choices, scope, 1)};`];
    case 3:
      return [`if (${name}.has(${at})) ${target} += ${bounded(choices, scope, 1)};`];
    case 4:
      return [`if (${test(choices, scope)}) ${name}.delete(${at});`];
    case 5: {
      if (scope.depth >= 4) return [];
      const seen = { ...extend(scope, [variable(v, "real")]), inLoop: true, loops: scope.loops + 1 };
      const own = { ...seen, variables: seen.variables.filter((each) => each.kind !== "map") };
      return [
        `for (const [${k}, ${v}] of ${name}) {`,
        `${target} += ${k} === "a" ? ${v} : 0.3 * ${v};`,
        ...inner(choices, own, 2),
        "}",
      ];
    }
    case 6:
      return [
        `const ${v} = ${name}.get(${at});`,
        `if (${v} !== undefined) ${target} += Math.sin(${v});`,
        `else ${target} *= ${bounded(choices, scope, 1)};`,
      ];
    default:
      return [`for (const ${v} of ${name}.values()) ${target} += Math.sin(${v}) * ${name}.size;`];
  }
}

function onRecord(choices: Choices, scope: Scope, name: string, target: string): readonly string[] {
  const at = key(choices, scope);
  const [k, v] = [choices.fresh("k"), choices.fresh("v")];
  switch (choices.upTo(7)) {
    case 0:
      return [`${name}[${at}] = ${bounded(choices, scope)};`];
    case 1:
      return [
        `const ${k} = ${at};`,
        `${name}[${k}] = 0.5 * (${name}[${k}] ?? ${real(choices, scope, 0)}) + ${bounded(choices, scope, 1)};`,
      ];
    case 2:
      return [`${target} += ${name}[${at}] ?? ${real(choices, scope, 1)};`];
    case 3:
      return [`const ${k} = ${at};`, `if (${k} in ${name}) ${target} += Math.sin(${name}[${k}]);`];
    case 4:
      return [`for (const ${k} of Object.keys(${name})) ${target} += 0.5 * Math.sin(${name}[${k}]);`];
    case 5:
      return [
        `for (const ${k} in ${name}) ${name}[${k}] = Math.sin(${name}[${k}] + ${real(choices, scope, 1)});`,
      ];
    default:
      return [
        `for (const [${k}, ${v}] of Object.entries(${name})) ${target} += ${k} === "b" ? ${v} : Math.cos(${v});`,
      ];
  }
}

function onGroups(choices: Choices, scope: Scope, name: string, target: string): readonly string[] {
  const at = key(choices, scope);
  const [k, g] = [choices.fresh("k"), choices.fresh("g")];
  switch (choices.upTo(5)) {
    case 0:
      return [
        `const ${k} = ${at};`,
        `const ${g} = ${name}.get(${k}) ?? [];`,
        `${g}.push(${bounded(choices, scope, 1)});`,
        `${name}.set(${k}, ${g});`,
      ];
    case 1:
      return [
        `const ${k} = ${at};`,
        `const ${g} = ${name}.get(${k});`,
        `if (${g}) ${g}.push(${bounded(choices, scope, 1)});`,
        `else ${name}.set(${k}, [${real(choices, scope, 1)}]);`,
      ];
    case 2:
      return [`for (const [, ${g}] of ${name}) for (const ${k} of ${g}) ${target} += 0.3 * Math.sin(${k});`];
    case 3:
      return [
        `${target} += 0.2 * (${name}.get(${at})?.length ?? 0);`,
        `${target} += ${name}.get(${at})?.[0] ?? 0.4;`,
      ];
    default:
      return [`${name}.set(${at}, ${valueOf(choices, scope, "list")});`];
  }
}
