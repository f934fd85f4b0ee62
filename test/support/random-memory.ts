/** Statements of generated programs that make arrays and objects, name them again, and write to them. */
import type { Choices } from "./random-choices.js";
import { bounded, index, place, real, test } from "./random-expressions.js";
import {
  assignable,
  extend,
  ofKind,
  variable,
  type Kind,
  type Scope,
  type Variable,
} from "./random-scope.js";

/** Lines of code, and what can be seen after them. */
export interface Made {
  readonly lines: readonly string[];
  readonly scope: Scope;
}

const nothing = (scope: Scope): Made => ({ lines: [], scope });

/** A new array, row list or object. */
export function allocate(choices: Choices, scope: Scope): Made {
  const source = choices.any(ofKind(scope, "list", "floats"));
  const value = (): string => real(choices, scope, 1);
  const length = 2 + choices.upTo(3);
  switch (choices.upTo(14)) {
    case 0:
      return declare(choices, scope, "list", `[${value()}, ${value()}, ${value()}]`, 3);
    case 1:
      return declare(choices, scope, "list", `new Array<number>(${length}).fill(${value()})`, length);
    case 2:
      return declare(choices, scope, "floats", `new Float64Array(${length})`, length);
    case 3:
      if (!source) return nothing(scope);
      return declare(choices, scope, source.kind, `${source.name}.slice()`, source.minLength);
    case 4:
      if (!source) return nothing(scope);
      return declare(choices, scope, "list", `[...${source.name}, ${value()}]`, source.minLength + 1);
    case 5:
      if (!source) return nothing(scope);
      return declare(choices, scope, source.kind, mapped(choices, scope, source), source.minLength);
    case 6:
      if (!source) return nothing(scope);
      return declare(choices, scope, "floats", `new Float64Array(${source.name})`, source.minLength);
    case 7: {
      const k = choices.fresh("k");
      const inner = extend(scope, [variable(k, "int")]);
      const body = real(choices, inner, 2);
      const text = `Array.from({ length: ${length} }, (_, ${k}) => ${body})`;
      return declare(choices, scope, "list", text, length);
    }
    case 8:
    case 9:
      return declare(choices, scope, "object", `{ a: ${value()}, b: ${value()} }`, 1);
    case 10: {
      const object = choices.any(ofKind(scope, "object"));
      const elements = [`{ a: ${value()}, b: ${value()} }`, object?.name ?? `{ a: ${value()}, b: 0.5 }`];
      return declare(choices, scope, "objects", `[${elements.join(", ")}]`, 2);
    }
    default:
      return declare(choices, scope, "rows", `[${row(choices, scope)}, ${row(choices, scope)}]`, 2);
  }
}

/** Another name for what there is: a plain alias, a row, a view, one of two. */
export function alias(choices: Choices, scope: Scope): Made {
  const found = choices.any(ofKind(scope, "list", "floats", "rows", "object", "objects"));
  if (!found) return nothing(scope);
  const { kind, name, minLength } = found;
  const other = choices.any(ofKind(scope, kind)) ?? found;
  switch (choices.upTo(5)) {
    case 0:
      return declare(choices, scope, kind, name, minLength);
    case 1:
    case 2:
      return part(choices, scope, found);
    default: {
      const shortest = Math.min(minLength, other.minLength);
      const text = `${test(choices, scope, 0)} ? ${name} : ${other.name}`;
      return declare(choices, scope, kind, text, shortest);
    }
  }
}

/** A row, an element that is an object, a view of what follows the first. */
function part(choices: Choices, scope: Scope, { name, kind, minLength, mutable }: Variable): Made {
  switch (kind) {
    case "rows":
      return declare(choices, scope, "list", `${name}[${index(choices, scope, name, 1)}]`, 1);
    case "objects":
      return declare(choices, scope, "object", `${name}[${index(choices, scope, name, 1)}]`, 1);
    case "floats":
      if (minLength < 2 || mutable) return declare(choices, scope, kind, `${name}.subarray(0, 1)`, 1);
      return declare(choices, scope, kind, `${name}.subarray(1)`, minLength - 1);
    default:
      return declare(choices, scope, kind, name, minLength);
  }
}

/** Writes to memory, in one of many ways. */
export function write(choices: Choices, scope: Scope): readonly string[] {
  const found = choices.any(ofKind(scope, "list", "floats", "object", "rows", "objects"));
  if (!found) return [];
  const { name, kind } = found;
  const cell = place(choices, scope, found);
  switch (choices.upTo(10)) {
    case 0:
      return [`${cell} = ${real(choices, scope)};`];
    case 1:
      return [`${cell} += ${bounded(choices, scope)};`];
    case 2:
      return [`${cell} *= ${bounded(choices, scope)};`];
    case 3:
      return [`${cell} = 0.5 * ${cell} - ${bounded(choices, scope)};`];
    case 4:
      if (kind === "object") return [`[${name}.a, ${name}.b] = [${name}.b, ${name}.a];`];
      return swap(choices, scope, name);
    case 5:
      if (kind === "rows") return replaceRow(choices, scope, name);
      if (kind !== "list" && kind !== "floats") return [];
      return [`${name}.fill(${real(choices, scope, 1)});`];
    case 6:
      if (kind !== "list") return [];
      return [
        `mixInto(${name}, ${choices.any(ofKind(scope, "list"))?.name ?? name}, ${bounded(choices, scope, 0)});`,
      ];
    case 7:
      return reassign(choices, scope);
    default:
      return [`${cell} = ${bounded(choices, scope)};`];
  }
}

/** A reference that is a variable gets another value, or two change places. */
function reassign(choices: Choices, scope: Scope): readonly string[] {
  const target = choices.any(assignable(scope, "list", "floats", "rows", "object", "objects"));
  if (!target) return [];
  const others = ofKind(scope, target.kind);
  const other = choices.any(others.filter(({ name }) => name !== target.name));
  if (!other) return [];
  if (other.mutable && choices.upTo(2) === 0) {
    return [`[${target.name}, ${other.name}] = [${other.name}, ${target.name}];`];
  }
  return [`${target.name} = ${other.name};`];
}

function swap(choices: Choices, scope: Scope, name: string): readonly string[] {
  const [i, j] = [index(choices, scope, name, 1), index(choices, scope, name, 1)];
  return [`[${name}[${i}], ${name}[${j}]] = [${name}[${j}], ${name}[${i}]];`];
}

function replaceRow(choices: Choices, scope: Scope, name: string): readonly string[] {
  return [`${name}[${index(choices, scope, name, 1)}] = ${row(choices, scope)};`];
}

/** An array that is there already, or a new one. */
function row(choices: Choices, scope: Scope): string {
  const list = choices.any(ofKind(scope, "list"));
  if (list && choices.upTo(2) === 0) return list.name;
  return `[${real(choices, scope, 1)}, ${real(choices, scope, 1)}]`;
}

function mapped(choices: Choices, scope: Scope, source: Variable): string {
  const [v, k] = [choices.fresh("w"), choices.fresh("k")];
  const indexOf = source.mutable ? null : source.name;
  const inner = extend(scope, [variable(v, "real"), variable(k, "int", { indexOf })]);
  return `${source.name}.map((${v}, ${k}) => ${real(choices, inner, 2)})`;
}

const types: Readonly<Record<Kind, string>> = {
  real: "number",
  int: "number",
  list: "number[]",
  floats: "Float64Array",
  rows: "number[][]",
  object: "Pair",
  objects: "Pair[]",
  stack: "number[]",
};

/** A reassigned reference is only known to have one element. */
function declare(choices: Choices, scope: Scope, kind: Kind, text: string, minLength: number): Made {
  const mutable = choices.rarely(4);
  const name = choices.fresh(kind === "object" ? "o" : kind === "rows" ? "m" : "a");
  return {
    lines: [`${mutable ? "let" : "const"} ${name}: ${types[kind]} = ${text};`],
    scope: extend(scope, [variable(name, kind, { mutable, minLength: mutable ? 1 : minLength })]),
  };
}
