/** Classes of generated programs, and statements on their instances. */
import type { Choices } from "./choices.js";
import { bounded, index, real, test, whole } from "./expressions.js";
import { bodyScope, valueOf, type Declared } from "./helpers.js";
import type { Made } from "./memory.js";
import { assignable, extend, membersOf, ofKind, variable, type Scope, type Variable } from "./scope.js";
import { block, inner } from "./statements.js";
import type { Class, Member, World } from "./world.js";

const fields: readonly (Member & { readonly declared: string; readonly made: string })[] = [
  { name: "xs", kind: "list", mutable: true, declared: "xs: number[]", made: "" },
  { name: "p", kind: "object", mutable: true, declared: "p: Pair", made: "{ a: 0.4, b: -0.6 }" },
  { name: "w", kind: "tuple", mutable: true, declared: "w: [number, number]", made: "[0.2, 0.7]" },
  { name: "n", kind: "real", mutable: true, declared: "private n", made: "0.1" },
];

/** A class with fields, a getter, methods, and others that only change it. */
export function classOf(choices: Choices, world: World): Declared {
  const name = choices.fresh("Thing");
  const own = fields.filter(({ kind }) => kind === "list" || choices.upTo(2) === 0);
  const seen = [
    variable("this.a", "real", { mutable: true }),
    variable("this.k", "real"),
    ...own.map((each) => variable(`this.${each.name}`, each.kind, { mutable: each.mutable })),
  ];
  const scope = { ...bodyScope(world, seen, true), depth: 3 };
  const [getter, method] = [choices.fresh("g"), choices.fresh("m")];
  const [later, chain] = [choices.fresh("m"), choices.fresh("c")];
  const setter = choices.upTo(2) === 0;
  const withGetter = extend(scope, [variable(`this.${getter}`, "real", { mutable: setter })]);
  const withMethod = extend(withGetter, [variable(`this.${method}`, "closure")]);
  const lines = [
    `class ${name} {`,
    ...own.filter(({ made }) => made !== "").map(({ declared, made }) => `${declared} = ${made};`),
    ...constructor(choices, scope),
    ...getterLines(choices, scope, getter, setter),
    ...methodLines(choices, withGetter, method),
    ...methodLines(choices, withMethod, later),
    ...chainLines(choices, withMethod, chain),
    `static of(s: number): ${name} {`,
    `return new ${name}(${bounded(choices, bodyScope(world, [variable("s", "real")], false), 1)}, [s, 0.5]);`,
    "}",
    "}",
  ];
  const made: Class = {
    name,
    members: [
      { name: "a", kind: "real", mutable: true },
      { name: "k", kind: "real", mutable: false },
      ...own.filter(({ declared }) => !declared.startsWith("private")),
      { name: getter, kind: "real", mutable: setter },
    ],
    methods: [method, later],
    chains: [chain],
    of: `${name}.of`,
    chosenBy: null,
    bases: [],
  };
  return { lines, world: { ...world, classes: [...world.classes, made] } };
}

/** Extends a class: one more field, one method in another way. */
export function subclassOf(choices: Choices, world: World): Declared {
  const base = choices.any(world.classes.filter(({ chosenBy }) => chosenBy === null));
  if (base === undefined) return { lines: [], world };
  const name = choices.fresh("Special");
  const method = base.methods[choices.upTo(base.methods.length)] ?? "";
  const own: Member = { name: "z", kind: "real", mutable: true };
  const members = base.members.some((each) => each.name === own.name) ? base.members : [...base.members, own];
  const seen = [
    ...members.map((each) => variable(`this.${each.name}`, each.kind, { mutable: each.mutable })),
    variable("v", "real", { mutable: true }),
  ];
  const made = block(choices, { ...bodyScope(world, seen, true), depth: 3 }, 0, 2);
  const lines = [
    `class ${name} extends ${base.name} {`,
    ...(members === base.members ? [] : ["z = 0.25;"]),
    "constructor(a: number, xs: number[]) {",
    `super(0.5 * a, ${choices.pick(["xs", "xs.slice()", "[a, ...xs]"])});`,
    "this.z += a;",
    "}",
    `override ${method}(v: number): number {`,
    ...made.lines,
    `return 0.5 * super.${method}(v) + ${bounded(choices, made.scope, 1)};`,
    "}",
    "}",
  ];
  const extended: Class = { ...base, name, members, of: "", bases: [...base.bases, base.name] };
  return { lines, world: { ...world, classes: [...world.classes, extended] } };
}

function constructor(choices: Choices, scope: Scope): readonly string[] {
  const made = block(choices, { ...scope, canReturn: false }, 0, 2);
  return [
    "readonly k: number;",
    "constructor(public a: number, public xs: number[]) {",
    choices.pick(["", "this.xs = xs.slice();", "this.xs = xs.map((x) => 0.5 * x + a);"]),
    "this.k = 0.5 * a + 0.2;",
    ...made.lines,
    "}",
  ].filter((line) => line !== "");
}

function getterLines(choices: Choices, scope: Scope, name: string, setter: boolean): readonly string[] {
  const lines = [`get ${name}(): number {`, `return ${real(choices, scope)};`, "}"];
  return setter ? [...lines, `set ${name}(v: number) {`, "this.a = 0.3 * this.a + Math.sin(v);", "}"] : lines;
}

function methodLines(choices: Choices, scope: Scope, name: string): readonly string[] {
  const made = block(choices, extend(scope, [variable("v", "real", { mutable: true })]), 1, 3);
  return [`${name}(v: number): number {`, ...made.lines, `return ${bounded(choices, made.scope)};`, "}"];
}

function chainLines(choices: Choices, scope: Scope, name: string): readonly string[] {
  const seen = { ...extend(scope, [variable("v", "real")]), canReturn: false };
  return [`${name}(v: number): this {`, ...block(choices, seen, 1, 3).lines, "return this;", "}"];
}

/** The instances that a program begins with, if it has classes. */
export function firstInstances(choices: Choices, scope: Scope): Made {
  const one = declareInstance(choices, scope);
  const many = choices.upTo(2) === 0 ? declareArray(choices, one.scope) : { lines: [], scope: one.scope };
  return { lines: [...one.lines, ...many.lines], scope: many.scope };
}

/** A statement that makes, names, changes or goes through instances. */
export function instances(choices: Choices, scope: Scope): Made {
  const found = choices.any(ofKind(scope, "instance"));
  const many = choices.any(ofKind(scope, "instances"));
  if (many !== undefined && choices.upTo(2) === 0) return { lines: through(choices, scope, many), scope };
  switch (choices.upTo(found === undefined ? 3 : 9)) {
    case 0:
    case 1:
      return declareInstance(choices, scope);
    case 2:
    case 3:
      return many === undefined
        ? declareArray(choices, scope)
        : { lines: through(choices, scope, many), scope };
    case 4:
      return declareArray(choices, scope);
    case 5:
    case 6:
      return { lines: chained(choices, scope, found), scope };
    case 7:
      return { lines: reassigned(choices, scope), scope };
    default:
      return many === undefined ? declareInstance(choices, scope) : element(choices, scope, many);
  }
}

function newInstance(choices: Choices, scope: Scope, of: Class): string {
  if (of.chosenBy !== null) {
    const made = choices.any(scope.world.classes.filter(({ bases }) => bases.includes(of.name)));
    if (made !== undefined && choices.upTo(2) === 0) return newInstance(choices, scope, made);
    return `${of.chosenBy}(${whole(choices, scope)}, ${real(choices, scope, 1)}, ${valueOf(choices, scope, "list")})`;
  }
  if (of.of !== "" && choices.upTo(4) === 0) return `${of.of}(${real(choices, scope, 1)})`;
  return `new ${of.name}(${real(choices, scope, 1)}, ${valueOf(choices, scope, "list")})`;
}

/** One that is there, or a new one. */
export function instanceOf(choices: Choices, scope: Scope, of: Class): string {
  const found = choices.any(
    ofKind(scope, "instance").filter((each) => each.of === of || each.of?.bases.includes(of.name) === true),
  );
  return found !== undefined && choices.upTo(3) === 0 ? found.name : newInstance(choices, scope, of);
}

function declareInstance(choices: Choices, scope: Scope): Made {
  const of = choices.any(scope.world.classes);
  if (of === undefined) return { lines: [], scope };
  const name = choices.fresh("o");
  const mutable = choices.rarely(4);
  const others = ofKind(scope, "instance").filter((each) => each.of === of);
  const [one, other] = [choices.any(others), choices.any(others)];
  const text =
    one && other && choices.upTo(3) === 0
      ? `${test(choices, scope, 0)} ? ${one.name} : ${other.name}`
      : instanceOf(choices, scope, of);
  return {
    lines: [`${mutable ? "let" : "const"} ${name}: ${of.name} = ${text};`],
    scope: extend(scope, membersOf(name, of, mutable)),
  };
}

function declareArray(choices: Choices, scope: Scope): Made {
  const of = choices.any(scope.world.classes);
  if (of === undefined) return { lines: [], scope };
  const name = choices.fresh("cs");
  const list = choices.any(ofKind(scope, "list"));
  const [e, k] = [choices.fresh("e"), choices.fresh("k")];
  const text =
    list !== undefined && choices.upTo(2) === 0
      ? `${list.name}.map((${e}, ${k}) => ${of.chosenBy === null ? `new ${of.name}(` : `${of.chosenBy}(${k}, `}${e}, [${e}, 0.5]))`
      : `[${instanceOf(choices, scope, of)}, ${instanceOf(choices, scope, of)}]`;
  return {
    lines: [`const ${name}: ${of.name}[] = ${text};`],
    scope: extend(scope, [variable(name, "instances", { of })]),
  };
}

/** Through the instances of an array, in one of several ways. */
function through(choices: Choices, scope: Scope, { name, of }: Variable): readonly string[] {
  const target = choices.any(assignable(scope, "real"));
  if (of === null || target === undefined || scope.depth >= 4) return [];
  const e = choices.fresh("e");
  const seen = extend(scope, membersOf(e, of, false));
  const method = choices.any(of.methods) ?? "";
  switch (choices.upTo(4)) {
    case 0:
      return [
        `${target.name} += Math.sin(${name}.map((${e}) => ${e}.${method}(0.4)).reduce((s, v) => s + v, 0));`,
      ];
    case 1: {
      const body = inner(choices, { ...seen, inLoop: false, canReturn: false, loops: scope.loops + 1 }, 2);
      return [`${name}.forEach((${e}) => {`, ...body, "});"];
    }
    case 2:
      return [`if (${name}.length < 5) ${name}.push(${instanceOf(choices, scope, of)});`];
    default: {
      const body = inner(choices, { ...seen, inLoop: true, loops: scope.loops + 1 }, 3);
      return [`for (const ${e} of ${name}) {`, ...body, "}"];
    }
  }
}

function chained(choices: Choices, scope: Scope, found: Variable | undefined): readonly string[] {
  if (found?.of == null) return [];
  const link = (): string => `.${choices.any(found.of?.chains ?? []) ?? ""}(${bounded(choices, scope, 1)})`;
  return [`${found.name}${link()}${choices.upTo(2) === 0 ? link() : ""};`];
}

function reassigned(choices: Choices, scope: Scope): readonly string[] {
  const target = choices.any(assignable(scope, "instance"));
  if (target?.of == null) return [];
  return [`${target.name} = ${instanceOf(choices, scope, target.of)};`];
}

/** An element by a name of its own, or put in its place. */
function element(choices: Choices, scope: Scope, { name, of }: Variable): Made {
  if (of === null) return { lines: [], scope };
  const at = `${name}[${index(choices, scope, name, 1)}]`;
  if (choices.upTo(3) === 0) return { lines: [`${at} = ${instanceOf(choices, scope, of)};`], scope };
  const e = choices.fresh("e");
  return { lines: [`const ${e} = ${at};`], scope: extend(scope, membersOf(e, of, false)) };
}
