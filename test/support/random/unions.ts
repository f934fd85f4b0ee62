/** Discriminated unions of generated programs: made, stored, switched over, changed, in lists, within themselves. */
import type { Choices } from "./choices.js";
import { bounded, index, real, test, whole } from "./expressions.js";
import { bodyScope, valueOf, type Declared } from "./helpers.js";
import type { Made } from "./memory.js";
import { assignable, extend, ofKind, types, variable, type Scope, type Variable } from "./scope.js";
import { block, inner } from "./statements.js";
import type { Member, Union, Variant, World } from "./world.js";

const fields: readonly Member[] = [
  { name: "r", kind: "real", mutable: true },
  { name: "s", kind: "real", mutable: true },
  { name: "p", kind: "object", mutable: true },
  { name: "xs", kind: "list", mutable: true },
  { name: "w", kind: "tuple", mutable: true },
];

/** A union, and functions that make, evaluate, change and map its values. */
export function unionOf(choices: Choices, world: World): Declared {
  const union: Union = {
    name: choices.fresh("Union"),
    variants: Array.from({ length: 2 + choices.upTo(3) }, (_, i) => variantOf(choices, i)),
    make: choices.fresh("makeOf"),
    evaluate: choices.fresh("evaluate"),
    change: choices.fresh("change"),
    map: choices.fresh("mapOf"),
  };
  const lines = [
    `type ${union.name} =`,
    ...union.variants.map(
      (each, i) => `| ${variantType(union, each)}${i + 1 < union.variants.length ? "" : ";"}`,
    ),
    ...maker(choices, world, union),
    ...evaluator(choices, world, union),
    ...changer(choices, world, union),
    ...mapper(choices, world, union),
  ];
  return { lines, world: { ...world, unions: [...world.unions, union] } };
}

function variantOf(choices: Choices, i: number): Variant {
  const own = fields.filter(() => choices.upTo(3) === 0);
  const nested = i === 0 ? "none" : choices.pick(["none", "none", "pair", "list"] as const);
  return { tag: ["leaf", "one", "two", "many"][i] ?? "more", fields: own, nested };
}

function variantType({ name }: Union, { tag, fields: own, nested }: Variant): string {
  const typed = own.map((each) => `${each.name}: ${types[each.kind]}`);
  const parts = { none: [], pair: [`left: ${name}`, `right: ${name}`], list: [`items: ${name}[]`] }[nested];
  return `{ kind: "${tag}"; ${[...typed, ...parts].map((each) => `${each};`).join(" ")} }`;
}

function literal(choices: Choices, scope: Scope, variant: Variant, part: () => string): string {
  const given = variant.fields.map(({ name, kind }) => `${name}: ${valueOf(choices, scope, kind)}`);
  const parts = {
    none: () => [],
    pair: () => [`left: ${part()}`, `right: ${part()}`],
    list: () => [`items: [${part()}, ${part()}]`],
  }[variant.nested]();
  return `{ ${[`kind: "${variant.tag}"`, ...given, ...parts].join(", ")} }`;
}

function maker(choices: Choices, world: World, union: Union): readonly string[] {
  const scope = bodyScope(world, [variable("v", "real"), variable("xs", "list"), variable("k", "int")], true);
  const part = (): string =>
    `${union.make}(k + ${choices.upTo(3)}, ${bounded(choices, scope, 1)}, xs, depth - 1)`;
  const lines = union.variants.map((each, i) => {
    const text = literal(choices, scope, each, part);
    return i === 0
      ? `return ${text};`
      : `if (depth > 0 && k % ${union.variants.length} === ${i}) return ${text};`;
  });
  return [
    `function ${union.make}(k: number, v: number, xs: number[], depth = 2): ${union.name} {`,
    ...lines.slice(1),
    ...lines.slice(0, 1),
    "}",
  ];
}

/** What is seen of a value where its variant is known. */
function narrowed(name: string, variant: Variant): readonly Variable[] {
  return variant.fields.map((each) => variable(`${name}.${each.name}`, each.kind, { mutable: each.mutable }));
}

function evaluator(choices: Choices, world: World, union: Union): readonly string[] {
  const seen = [variable("v", "real", { mutable: true }), variable("h", "real", { mutable: true })];
  const scope = { ...bodyScope(world, seen, true), depth: 3 };
  const arms = union.variants.map((variant, i) => {
    const made = block(choices, extend(scope, narrowed("u", variant)), 0, 2);
    const own = bounded(choices, made.scope, 1);
    const parts = {
      none: own,
      pair: `0.4 * ${union.evaluate}(u.left, v) * ${own} + 0.3 * ${union.evaluate}(u.right, 0.5 * v)`,
      list: `u.items.reduce((s, item) => 0.5 * s + ${union.evaluate}(item, v), 0) + ${own}`,
    }[variant.nested];
    const head =
      i + 1 === union.variants.length && choices.upTo(2) === 0 ? "default:" : `case "${variant.tag}":`;
    const { tag } = variant;
    return { tag, lines: [head.replace(/:$/, ": {"), ...made.lines, `return ${parts} + 0.1 * h;`, "}"] };
  });
  return [
    `function ${union.evaluate}(u: ${union.name}, v: number): number {`,
    "let h = 0.2;",
    "switch (u.kind) {",
    ...arms.flatMap(({ lines }) => lines),
    "}",
    "}",
  ];
}

function changer(choices: Choices, world: World, union: Union): readonly string[] {
  const scope = { ...bodyScope(world, [variable("v", "real")], false), depth: 3 };
  const lines = union.variants.map((variant, i) => {
    const seen = extend(scope, narrowed("u", variant));
    const made = block(choices, seen, 1, 2);
    const parts = {
      none: [],
      pair: [
        `${union.change}(u.left, v);`,
        ...(choices.upTo(3) === 0 ? ["[u.left, u.right] = [u.right, u.left];"] : []),
      ],
      list: [
        choices.upTo(2) === 0
          ? `u.items.forEach((item) => ${union.change}(item, v));`
          : `for (const item of u.items) ${union.change}(item, 0.5 * v);`,
      ],
    }[variant.nested];
    return [`${i === 0 ? "" : "} else "}if (u.kind === "${variant.tag}") {`, ...made.lines, ...parts];
  });
  return [`function ${union.change}(u: ${union.name}, v: number): void {`, ...lines.flat(), "}", "}"];
}

function mapper(choices: Choices, world: World, union: Union): readonly string[] {
  const scope = bodyScope(world, [variable("v", "real")], true);
  const lines = union.variants.map((variant) => {
    const seen = extend(scope, narrowed("u", variant));
    const [first] = variant.fields;
    const copied = `{ ...u${first === undefined ? "" : `, ${first.name}: ${valueOf(choices, seen, first.kind)}`} }`;
    const parts = {
      none: choices.pick([copied, "u", literal(choices, seen, variant, () => "u")]),
      pair: `{ ...u, left: ${union.map}(u.right, v), right: ${choices.pick(["u.left", `${union.map}(u.left, v)`])} }`,
      list: `{ ...u, items: u.items.map((item) => ${union.map}(item, 0.5 * v)) }`,
    }[variant.nested];
    return `if (u.kind === "${variant.tag}") return ${parts};`;
  });
  return [`function ${union.map}(u: ${union.name}, v: number): ${union.name} {`, ...lines, "return u;", "}"];
}

/** A value of the union, or several. */
export function unionValue(choices: Choices, scope: Scope, union: Union, many: boolean): string {
  const found = choices.any(ofKind(scope, many ? "unions" : "union").filter((each) => each.union === union));
  if (found !== undefined && choices.upTo(3) > 0) return found.name;
  if (many) return `[${newValue(choices, scope, union)}, ${newValue(choices, scope, union)}]`;
  return newValue(choices, scope, union);
}

function newValue(choices: Choices, scope: Scope, union: Union): string {
  const made = `${union.make}(${whole(choices, scope)}, ${bounded(choices, scope, 1)}, ${valueOf(choices, scope, "list")})`;
  if (choices.upTo(2) === 0) return made;
  const [leaf] = union.variants;
  const variant = choices.any(union.variants) ?? leaf;
  if (variant === undefined) return made;
  // As the union, which TypeScript would narrow where it is assigned.
  return `(${literal(choices, scope, variant, () => made)} as ${union.name})`;
}

/** A number of a union. */
export function unionNumber(choices: Choices, scope: Scope): string | null {
  const union = choices.any(scope.world.unions);
  if (union === undefined) return null;
  return `Math.tanh(${union.evaluate}(${unionValue(choices, scope, union, false)}, ${bounded(choices, scope, 1)}))`;
}

/** A statement on a union. */
export function united(choices: Choices, scope: Scope): Made {
  const found = choices.any(ofKind(scope, "union", "unions"));
  if (found?.union == null || choices.upTo(3) === 0) return declareUnion(choices, scope);
  return {
    lines: found.kind === "union" ? one(choices, scope, found) : several(choices, scope, found),
    scope,
  };
}

function declareUnion(choices: Choices, scope: Scope): Made {
  const union = choices.any(scope.world.unions);
  if (union === undefined) return { lines: [], scope };
  const name = choices.fresh("u");
  const mutable = choices.rarely(3);
  const head = mutable ? "let" : "const";
  if (choices.upTo(2) === 0) {
    const many = variable(name, "unions", { union });
    return {
      lines: [`const ${name}: ${union.name}[] = ${unionValue(choices, scope, union, true)};`],
      scope: extend(scope, [many]),
    };
  }
  const from = choices.any(ofKind(scope, "unions").filter((each) => each.union === union));
  const text =
    from !== undefined && choices.upTo(2) === 0
      ? `${from.name}[${index(choices, scope, from.name, 1)}]`
      : unionValue(choices, scope, union, false);
  return {
    lines: [`${head} ${name}: ${union.name} = ${text};`],
    scope: extend(scope, [variable(name, "union", { union, mutable })]),
  };
}

function one(choices: Choices, scope: Scope, { name, union, mutable }: Variable): readonly string[] {
  const target = choices.any(assignable(scope, "real"));
  const variant = choices.any(union?.variants ?? []);
  if (union === null || target === undefined || variant === undefined) return [];
  switch (choices.upTo(5)) {
    case 0:
      return [`${union.change}(${name}, ${bounded(choices, scope, 1)});`];
    case 1: {
      const seen = mutable ? scope : extend(scope, narrowed(name, variant));
      if (scope.depth >= 4) return [];
      const other = choices.upTo(2) === 0 ? ["} else {", ...inner(choices, scope, 2)] : [];
      return [`if (${name}.kind === "${variant.tag}") {`, ...inner(choices, seen, 3), ...other, "}"];
    }
    case 2:
      return mutable
        ? [`if (${test(choices, scope)}) ${name} = ${unionValue(choices, scope, union, false)};`]
        : [`${union.change}(${name}, ${bounded(choices, scope, 1)});`];
    case 3: {
      const field = variant.fields.find(({ kind }) => kind === "real");
      if (field === undefined) return [];
      return [
        `${target.name} += ${name}.kind === "${variant.tag}" ? Math.sin(${name}.${field.name}) : ${real(choices, scope, 1)};`,
      ];
    }
    default:
      return [`${target.name} += 0.5 * Math.sin(${union.evaluate}(${name}, ${real(choices, scope, 1)}));`];
  }
}

function several(choices: Choices, scope: Scope, { name, union }: Variable): readonly string[] {
  const target = choices.any(assignable(scope, "real"));
  const variant = choices.any(union?.variants ?? []);
  if (union === null || target === undefined || variant === undefined) return [];
  const at = `${name}[${index(choices, scope, name, 1)}]`;
  const e = choices.fresh("e");
  switch (choices.upTo(7)) {
    case 0:
      return [`if (${name}.length < 5) ${name}.push(${unionValue(choices, scope, union, false)});`];
    case 1:
      return [`${at} = ${unionValue(choices, scope, union, false)};`];
    case 2:
      return [`${at} = ${union.map}(${at}, ${real(choices, scope, 1)});`];
    case 3: {
      const field = variant.fields.find(({ kind }) => kind === "real");
      const value = field === undefined ? real(choices, scope, 1) : `${e}.${field.name}`;
      return [
        `for (const ${e} of ${name}) if (${e}.kind === "${variant.tag}") ${target.name} += Math.sin(${value});`,
      ];
    }
    case 4:
      return [`${name}.forEach((${e}) => ${union.change}(${e}, ${bounded(choices, scope, 1)}));`];
    case 5:
      return [
        `${target.name} += Math.sin(${name}.map((${e}) => ${union.map}(${e}, 0.3)).reduce((s, ${e}) => s + ${union.evaluate}(${e}, 0.4), 0));`,
      ];
    default: {
      if (scope.depth >= 4 || scope.loops >= 3) return [];
      const seen = extend(scope, [variable(e, "union", { union }), ...narrowed(e, variant)]);
      const body = inner(choices, { ...seen, inLoop: true, loops: scope.loops + 1 }, 2);
      return [`for (const ${e} of ${name}) {`, `if (${e}.kind !== "${variant.tag}") continue;`, ...body, "}"];
    }
  }
}
