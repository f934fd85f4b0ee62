/** Abstract classes of generated programs: some methods are their own, which of the others runs is known at run time. */
import type { Choices } from "./choices.js";
import { bounded, real } from "./expressions.js";
import { bodyScope, type Declared } from "./helpers.js";
import { extend, variable, type Scope } from "./scope.js";
import { block } from "./statements.js";
import type { Class, Member, World } from "./world.js";

/** An abstract class, two or three that extend it, and a function that chooses among them. */
export function family(choices: Choices, world: World): Declared {
  const name = choices.fresh("Base");
  const [method, chain] = [choices.fresh("m"), choices.fresh("c")];
  const [own, chosenBy] = [choices.fresh("m"), choices.fresh("choose")];
  const base: Class = {
    name,
    members: [
      { name: "a", kind: "real", mutable: true },
      { name: "xs", kind: "list", mutable: true },
    ],
    methods: [method, own],
    chains: [chain],
    of: "",
    chosenBy,
    bases: [],
  };
  const seen = seenOf(base);
  const lines = [
    `abstract class ${name} {`,
    `constructor(public a: number, public xs: number[]) {}`,
    `abstract ${method}(v: number): number;`,
    ...methodLines(choices, world, `${own}(v: number): number {`, [
      ...seen,
      variable(`this.${method}`, "closure"),
    ]),
    ...chainLines(choices, world, chain, seen, "this"),
    "}",
  ];
  const kinds: Class[] = [];
  for (let left = 2 + choices.upTo(2); left > 0; left--) {
    const made = kindOf(choices, world, base, kinds);
    lines.push(...made.lines);
    kinds.push(made.of);
  }
  const made = kinds.map((kind) => `new ${kind.name}(v, xs)`);
  lines.push(
    `function ${chosenBy}(k: number, v: number, xs: number[]): ${name} {`,
    ...made.slice(1).map((text, i) => `if (k % ${made.length} === ${i}) return ${text};`),
    `return ${made[0] ?? ""};`,
    "}",
  );
  return { lines, world: { ...world, classes: [...world.classes, ...kinds, base] } };
}

function kindOf(
  choices: Choices,
  world: World,
  base: Class,
  earlier: readonly Class[],
): { readonly lines: readonly string[]; readonly of: Class } {
  const name = choices.fresh("Kind");
  const [method = ""] = base.methods;
  const [chain = ""] = base.chains;
  const member = choices.pick<Member>([
    { name: "z", kind: "real", mutable: true },
    { name: "p", kind: "object", mutable: true },
    { name: "w", kind: "tuple", mutable: true },
  ]);
  // Another instance of the family in a field: a composite.
  const part = choices.any(earlier);
  const isComposite = part !== undefined && choices.upTo(2) === 0;
  const made = { z: "0.3", p: "{ a: 0.4, b: -0.6 }", w: "[0.2, 0.7]" }[member.name] ?? "0";
  const declared = { z: "number", p: "Pair", w: "[number, number]" }[member.name] ?? "number";
  const of: Class = {
    ...base,
    name,
    members: [...base.members, member],
    of: "",
    chosenBy: null,
    bases: [base.name],
  };
  const seen = [...seenOf(of), ...(isComposite ? [variable(`this.inner.${method}`, "closure")] : [])];
  const overrides = choices.upTo(2) === 0;
  const lines = [
    `class ${name} extends ${base.name} {`,
    `${member.name}: ${declared} = ${made};`,
    ...(isComposite ? [`inner: ${base.name};`] : []),
    "constructor(a: number, xs: number[]) {",
    `super(${choices.pick(["a", "0.5 * a"])}, ${choices.pick(["xs", "xs.slice()", "[a, ...xs]"])});`,
    ...(isComposite ? [`this.inner = new ${part.name}(0.3 * a, xs);`] : []),
    "}",
    ...methodLines(choices, world, `${method}(v: number): number {`, seen),
    ...(overrides
      ? chainLines(
          choices,
          world,
          chain,
          seen,
          "this",
          choices.upTo(2) === 0 ? `super.${chain}(0.5 * v);` : "",
        )
      : []),
    "}",
  ];
  return { lines, of };
}

function seenOf(of: Class): Scope["variables"] {
  return of.members.map(({ name, kind, mutable }) => variable(`this.${name}`, kind, { mutable }));
}

function methodLines(
  choices: Choices,
  world: World,
  head: string,
  seen: Scope["variables"],
): readonly string[] {
  const scope = { ...bodyScope(world, [...seen, variable("v", "real", { mutable: true })], true), depth: 3 };
  const made = block(choices, scope, 0, 3);
  return [head, ...made.lines, `return ${bounded(choices, made.scope)};`, "}"];
}

function chainLines(
  choices: Choices,
  world: World,
  name: string,
  seen: Scope["variables"],
  returns: string,
  first = "",
): readonly string[] {
  const scope = { ...bodyScope(world, [...seen, variable("v", "real")], false), depth: 3 };
  const made = block(choices, extend(scope, []), 0, 2);
  return [
    `${name}(v: number): ${returns} {`,
    ...(first === "" ? [] : [first]),
    ...made.lines,
    `this.a = 0.4 * this.a + 0.3 * Math.sin(${real(choices, made.scope, 1)});`,
    "return this;",
    "}",
  ];
}
