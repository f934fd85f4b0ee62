/** Objects of generated programs whose fields may be missing. */
import type { Choices } from "./choices.js";
import { bounded, real, test } from "./expressions.js";
import { bodyScope, closureValue, valueOf, type Declared } from "./helpers.js";
import type { Made } from "./memory.js";
import { assignable, extend, ofKind, variable, type Scope } from "./scope.js";
import { block, inner } from "./statements.js";
import type { World } from "./world.js";

export function optionsText(choices: Choices, scope: Scope): string {
  const given = [`a: ${real(choices, scope, 1)}`];
  if (choices.upTo(2) === 0) given.push(`c: ${real(choices, scope, 1)}`);
  if (choices.rarely(3)) given.push(`p: ${valueOf(choices, scope, "object")}`);
  if (choices.rarely(3)) given.push(`xs: ${valueOf(choices, scope, "list")}`);
  if (choices.rarely(5)) given.push(`f: ${closureValue(choices, scope)}`);
  return `{ ${given.join(", ")} }`;
}

/** A function whose options have defaults. */
export function configurable(choices: Choices, world: World): Declared {
  const name = choices.fresh("tuned");
  const seen = [variable("v", "real", { mutable: true }), variable("a", "real"), variable("c", "real")];
  const scope = bodyScope(world, [...seen, variable("xs", "list")], true);
  const made = block(choices, scope, 0, 3);
  const lines = [
    `function ${name}(v: number, { a, c = 0.5 * a, xs = [a, c], ...rest }: Options = { a: 0.3 }): number {`,
    ...made.lines,
    `return ${bounded(choices, made.scope)} + (rest.p?.a ?? 0.1)${choices.rarely(3) ? " + 0.1 * Math.sin(rest.f?.(v) ?? c)" : ""};`,
    "}",
  ];
  return { lines, world: { ...world, configured: [...world.configured, name] } };
}

/** A number that such a function gives. */
export function configuredValue(choices: Choices, scope: Scope): string | null {
  const name = choices.any(scope.world.configured);
  if (name === undefined) return null;
  const options = choices.upTo(4) === 0 ? "" : `, ${valueOf(choices, scope, "options")}`;
  return `Math.tanh(${name}(${real(choices, scope, 1)}${options}))`;
}

/** A statement on options. */
export function optional(choices: Choices, scope: Scope): Made {
  const found = choices.any(ofKind(scope, "options"));
  const target = choices.any(assignable(scope, "real"));
  if (found === undefined || target === undefined || choices.upTo(5) === 0) {
    return declareOptions(choices, scope);
  }
  const { name } = found;
  const value = (): string => real(choices, scope, 1);
  switch (choices.upTo(11)) {
    case 0:
      return only(scope, `${target.name} += ${name}.c ?? ${value()};`);
    case 1:
      return only(scope, `${name}.c = ${test(choices, scope, 0)} ? ${value()} : undefined;`);
    case 2:
      return only(scope, `${name}.c ??= ${value()};`);
    case 3:
      return only(scope, `${target.name} += Math.sin(${name}.p?.b ?? ${value()});`);
    case 4:
      return only(scope, `if (${name}.p) ${name}.p.a = 0.5 * ${name}.p.a + ${bounded(choices, scope, 1)};`);
    case 5:
      return only(
        scope,
        `${name}.p = ${test(choices, scope, 0)} ? ${valueOf(choices, scope, "object")} : undefined;`,
      );
    case 6:
      return only(scope, `${target.name} += 0.3 * (${name}.xs?.[0] ?? 0.2);`);
    case 7: {
      const c = choices.fresh("c");
      return {
        lines: [`const { a: ${c}a, c: ${c} = ${value()}, xs: ${c}s = [${value()}] } = ${name};`],
        scope: extend(scope, [variable(`${c}a`, "real"), variable(c, "real"), variable(`${c}s`, "list")]),
      };
    }
    case 8: {
      const xs = choices.fresh("xs");
      if (scope.depth >= 4) return { lines: [], scope };
      const seen = extend(scope, [variable(xs, "list")]);
      return {
        lines: [`const ${xs} = ${name}.xs;`, `if (${xs} !== undefined) {`, ...inner(choices, seen, 2), "}"],
        scope,
      };
    }
    case 9:
      return only(scope, `if (${name}.c !== undefined) ${target.name} *= Math.sin(${name}.c);`);
    default:
      return only(scope, `${target.name} += Math.sin(${name}.f?.(${value()}) ?? ${value()});`);
  }
}

function only(scope: Scope, line: string): Made {
  return { lines: [line], scope };
}

function declareOptions(choices: Choices, scope: Scope): Made {
  const name = choices.fresh("o");
  const other = choices.any(ofKind(scope, "options"));
  const text =
    other === undefined
      ? optionsText(choices, scope)
      : choices.pick([
          optionsText(choices, scope),
          `{ ...${other.name}, c: ${real(choices, scope, 1)} }`,
          `{ c: 0.2, ...${other.name} }`,
          other.name,
        ]);
  // Returned by a function, so that TypeScript does not take the fields for what is in the literal.
  return {
    lines: [`const ${name} = chosen<Options>(true, ${text}, { a: 0.2 });`],
    scope: extend(scope, [variable(name, "options"), variable(`${name}.a`, "real", { mutable: true })]),
  };
}
