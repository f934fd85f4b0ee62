/** Generated programs: the text of a module with one `@grad` function, and points at which to call it. */
import { Choices } from "./choices.js";
import { classOf, firstInstances, subclassOf } from "./classes.js";
import { real } from "./expressions.js";
import { applier, factory, helper, type Declared } from "./helpers.js";
import { preludeImport } from "./prelude.js";
import { account } from "./kept-closures.js";
import { configurable } from "./options.js";
import { attempt } from "./results.js";
import { partsOf, types, variable, type Kind, type Scope, type Variable } from "./scope.js";
import { recursion } from "./recursion.js";
import { block } from "./statements.js";
import { unionOf } from "./unions.js";
import { family } from "./virtual.js";
import { emptyWorld, type World } from "./world.js";

export interface Program {
  readonly name: string;
  readonly text: string;
  readonly targets: readonly Target[];
  /** Some numbers are of single precision. */
  readonly isSingle: boolean;
}

/** A `@grad` function. */
export interface Target {
  readonly name: string;
  /** Their names. */
  readonly parameters: readonly string[];
  readonly points: readonly (readonly unknown[])[];
}

interface Parameter {
  readonly name: string;
  readonly kind: Kind;
}

const signatures: readonly [readonly Parameter[], ...(readonly Parameter[])[]] = [
  [p("x", "real"), p("y", "real")],
  [p("x", "real"), p("xs", "list")],
  [p("xs", "list"), p("ys", "list")],
  [p("x", "real"), p("xs", "list"), p("fs", "floats")],
  [p("M", "rows"), p("x", "real")],
  [p("x", "real"), p("q", "object"), p("xs", "list")],
  [p("ps", "objects"), p("xs", "list")],
  [p("xs", "list"), p("fs", "floats")],
  [p("M", "rows"), p("q", "object")],
  [p("x", "real"), p("c", "box")],
  [p("z", "tuple"), p("xs", "list"), p("n", "real")],
  [p("x", "real"), p("ss", "singles")],
  [p("x", "real"), p("d", "deep")],
  [p("x", "real"), p("opt", "options")],
  [p("m", "map"), p("xs", "list")],
  [p("rec", "record"), p("q", "object")],
  [p("gs", "groups"), p("x", "real")],
];

/** The program that the choices describe. */
export function programOf(tape: readonly number[], name: string): Program {
  const choices = new Choices(tape);
  const declared = declarations(choices);
  // Several targets lead to the same helpers, which are then called rather than written out.
  const names = choices.rarely(4) ? [name, `${name}b`, `${name}c`].slice(0, 2 + choices.upTo(2)) : [name];
  const made = names.map((each) => targetOf(choices, declared.world, each));
  const lines = [...declared.lines, ...made.flatMap((each) => each.lines)];
  const text = `${preludeImport}\n${indent(lines)}\n`;
  return {
    ...{ name, text, isSingle: text.includes("Float32Array") },
    targets: made.map(({ target }) => target),
  };
}

function targetOf(
  choices: Choices,
  world: World,
  name: string,
): { readonly lines: readonly string[]; readonly target: Target } {
  const parameters = choices.pick(signatures);
  const scope: Scope = {
    variables: [
      ...parameters.flatMap(({ name: each, kind }) => {
        const mutable = choices.rarely(6);
        if (kind === "options")
          return [variable("given", kind), variable("given.a", "real", { mutable: true })];
        return kind === "deep" ? partsOf(each, kind, mutable) : [variable(each, kind, { mutable })];
      }),
      variable("t", "real", { mutable: true }),
      variable("stack", "stack"),
    ],
    ...{ loops: 0, inLoop: false, canReturn: true, depth: 0, world },
  };
  const first = firstInstances(choices, scope);
  const made = block(choices, first.scope, 4, 12);
  const head = parameters
    .map(({ name: each, kind }) => `${each}: ${kind === "options" ? "Plain" : types[kind]}`)
    .join(", ");
  const lines = [
    "/** @grad */",
    `export function ${name}(${head}): number {`,
    "let t = 0.2;",
    "const stack: number[] = [];",
    // Functions in what comes from outside have no gradient, so the parameter's type has none.
    ...parameters.flatMap(({ name: each, kind }) =>
      kind === "options" ? [`const given: Options = ${each};`] : [],
    ),
    ...first.lines,
    ...made.lines,
    `t += ${real(choices, made.scope)};`,
    ...made.scope.variables.flatMap(total),
    "return t + stack.length;",
    "}",
  ];
  const target: Target = {
    name,
    parameters: parameters.map((each) => each.name),
    points: [0, 1, 2].map((point) => argumentsFor(parameters, point)),
  };
  return { lines, target };
}

/** Helpers and classes, each of which may use those before it. */
function declarations(choices: Choices): Declared {
  let world = emptyWorld;
  const lines: string[] = [];
  for (let left = choices.upTo(6); left > 0; left--) {
    const declare = choices.pick([
      helper,
      classOf,
      factory,
      subclassOf,
      applier,
      classOf,
      recursion,
      family,
      unionOf,
      unionOf,
      attempt,
      account,
      configurable,
      helper,
      recursion,
      family,
    ]);
    const made = declare(choices, world);
    lines.push(...made.lines);
    world = made.world;
  }
  return { lines, world };
}

/** Everything that a variable holds goes into the result, so that every write matters. */
function total({ name, kind, union }: Variable): readonly string[] {
  switch (kind) {
    case "real":
      return name === "t" ? [] : [`t += Math.sin(${name});`];
    case "list":
    case "floats":
    case "singles":
    case "grown":
      return [`for (let n = 0; n < ${name}.length; n++) t += (n + 1) * Math.sin(${name}[n]);`];
    case "rows":
      return [`for (const r of ${name}) for (let n = 0; n < r.length; n++) t += Math.cos(r[n] + n);`];
    case "object":
      return [`t += ${name}.a - 0.5 * ${name}.b;`];
    case "tuple":
      return [`t += ${name}[0] - 0.5 * ${name}[1];`];
    case "box":
      return [
        `for (const r of [${name}.u, ${name}.v]) for (let n = 0; n < r.length; n++) t += Math.cos(r[n] + n);`,
      ];
    case "objects":
      return [`for (let n = 0; n < ${name}.length; n++) t += (n + 1) * ${name}[n].a * ${name}[n].b * 0.2;`];
    case "map":
      return [`for (const [k, v] of ${name}) t += k === "a" ? Math.sin(v) : 0.5 * v;`];
    case "record":
      return [
        `for (const k of Object.keys(${name})) t += k === "a" ? Math.sin(${name}[k]) : 0.5 * ${name}[k];`,
      ];
    case "groups":
      return [`for (const [, g] of ${name}) for (const v of g) t += Math.cos(v);`];
    case "options":
      return [`t += 0.5 * ${name}.a + Math.sin(${name}.c ?? 0.1) + (${name}.p?.a ?? 0.2);`];
    case "closures":
      return [`for (const f of ${name}) t += Math.sin(f(0.4));`];
    case "union":
      return [`t += Math.sin(${union?.evaluate ?? ""}(${name}, 0.3));`];
    case "unions":
      return [`for (const u of ${name}) t += Math.sin(${union?.evaluate ?? ""}(u, 0.3));`];
    default:
      return [];
  }
}

/** Arrays of length 3, 5 and 1. */
function argumentsFor(parameters: readonly Parameter[], point: number): readonly unknown[] {
  const length = [3, 5, 1][point] ?? 2;
  let drawn = 0;
  const draw = (): number => {
    drawn++;
    return Math.round((((drawn * 0.6180339887 + point * 0.377) % 1) * 4 - 2) * 1000) / 1000;
  };
  const list = (): number[] => Array.from({ length }, draw);
  return parameters.map(({ kind }): unknown => {
    switch (kind) {
      case "list":
        return list();
      case "floats":
        return new Float64Array(list());
      case "singles":
        return new Float32Array(list());
      case "tuple":
        return [draw(), draw()];
      case "box":
        return { u: list(), v: list() };
      case "rows":
        return [list(), list(), list()].slice(0, Math.min(3, length));
      case "object":
        return { a: draw(), b: draw() };
      case "deep":
        return { p: { a: draw(), b: draw() }, q: { k: draw(), xs: list() }, w: [draw(), draw()] };
      case "options":
        return {
          a: draw(),
          ...(point === 1 ? {} : { c: draw() }),
          ...(point === 2 ? {} : { p: { a: draw(), b: draw() } }),
          ...(point === 0 ? {} : { xs: list() }),
        };
      case "map":
        return new Map(
          [
            ["a", draw()],
            ["k1", draw()],
            ["b", draw()],
          ].slice(0, length) as [string, number][],
        );
      case "record":
        return { a: draw(), c: draw(), ...(point === 1 ? {} : { k0: draw() }) };
      case "groups":
        return new Map([
          ["a", list()],
          ["k0", list()],
        ] as [string, number[]][]);
      case "objects":
        return Array.from({ length }, () => ({ a: draw(), b: draw() }));
      default:
        return draw();
    }
  });
}

function p(name: string, kind: Kind): Parameter {
  return { name, kind };
}

function indent(lines: readonly string[]): string {
  let depth = 0;
  return lines
    .map((line) => {
      if (line.startsWith("}")) depth--;
      const text = "  ".repeat(depth) + line;
      if (line.endsWith("{")) depth++;
      return text;
    })
    .join("\n");
}
