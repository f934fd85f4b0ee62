/** Strings, which steer what happens: none has a derivative. */
import type { Scalar } from "../ir/op.js";
import type { OpEntry } from "./entry.js";
import { predicate } from "./op.js";
import { execFrom, patternFrom } from "./patterns.js";

/** Text and values put together: `` `${a}:${b}` ``. What is a literal stands as it is. */
export const template: OpEntry = predicate("template", null, (...parts) => parts.map(String).join(""), {
  spelling: { kind: "template" },
  result: "string",
  losesDerivative: true,
});

export const toText: OpEntry = predicate("String", 1, String, { result: "string", losesDerivative: true });

export const toFixed: OpEntry = method("toFixed", (x, digits) => Number(x).toFixed(numberOf(digits)), {
  result: "string",
  losesDerivative: true,
});

/** In another base. */
export const toRadix: OpEntry = method("toString", (x, radix) => Number(x).toString(numberOf(radix)), {
  result: "string",
  losesDerivative: true,
});
export const toPrecision: OpEntry = method(
  "toPrecision",
  (x, digits) => Number(x).toPrecision(numberOf(digits)),
  {
    result: "string",
    losesDerivative: true,
  },
);
export const toExponential: OpEntry = method(
  "toExponential",
  (x, digits) => Number(x).toExponential(numberOf(digits)),
  { result: "string", losesDerivative: true },
);

/** All elements of an array, with something between them: its time matters. */
export const joined: OpEntry = method(
  "join",
  (xs, by) => (xs as unknown as readonly Scalar[]).join(textOf(by)),
  { result: "string", losesDerivative: true, impure: true, reads: true },
);

/** Reads a number from text. */
export const numberOfText: OpEntry = predicate("number of text", 1, (text) => Number(text), {
  spelling: { kind: "call", callee: "Number" },
  result: "real",
});

export const startsWith: OpEntry = method("startsWith", (x, part, at) =>
  String(x).startsWith(String(part), numberOf(at)),
);
export const endsWith: OpEntry = method("endsWith", (x, part, at) =>
  String(x).endsWith(String(part), numberOf(at)),
);
export const textIncludes: OpEntry = method("includes", (x, part, at) =>
  String(x).includes(String(part), numberOf(at)),
);
export const textIndexOf: OpEntry = method(
  "indexOf",
  (x, part, at) => String(x).indexOf(String(part), numberOf(at)),
  { result: "int" },
);
export const textLastIndexOf: OpEntry = method(
  "lastIndexOf",
  (x, part, at) => String(x).lastIndexOf(String(part), numberOf(at)),
  { result: "int" },
);
export const charCodeAt: OpEntry = method("charCodeAt", (x, at) => String(x).charCodeAt(numberOf(at) ?? 0), {
  result: "int",
});
/** Of a character that is certainly there. */
export const codePointAt: OpEntry = method(
  "codePointAt",
  (x, at) => String(x).codePointAt(numberOf(at) ?? 0) ?? NaN,
  { spelling: { kind: "method", name: "codePointAt", otherwise: "NaN" }, result: "int" },
);
export const fromCharCode: OpEntry = predicate(
  "String.fromCharCode",
  null,
  (...codes) => String.fromCharCode(...codes.map(Number)),
  { spelling: { kind: "call", callee: "String.fromCharCode" }, result: "string", cheap: false },
);
export const charAt: OpEntry = text("charAt", (x, at) => x.charAt(numberOf(at) ?? 0));
export const textSlice: OpEntry = text("slice", (x, from, to) => x.slice(numberOf(from), numberOf(to)));
export const substring: OpEntry = text("substring", (x, from, to) =>
  x.substring(numberOf(from) ?? 0, numberOf(to)),
);
export const toUpperCase: OpEntry = text("toUpperCase", (x) => x.toUpperCase());
export const toLowerCase: OpEntry = text("toLowerCase", (x) => x.toLowerCase());
export const trim: OpEntry = text("trim", (x) => x.trim());
export const trimStart: OpEntry = text("trimStart", (x) => x.trimStart());
export const trimEnd: OpEntry = text("trimEnd", (x) => x.trimEnd());
export const padStart: OpEntry = text("padStart", (x, length, by) => x.padStart(Number(length), textOf(by)));
export const padEnd: OpEntry = text("padEnd", (x, length, by) => x.padEnd(Number(length), textOf(by)));
export const repeat: OpEntry = text("repeat", (x, count) => x.repeat(Number(count)));
export const replaceText: OpEntry = text("replace", (x, part, by) =>
  x.replace(patternFrom(part), String(by)),
);
export const replaceAllText: OpEntry = text("replaceAll", (x, part, by) =>
  x.replaceAll(patternFrom(part), String(by)),
);
export const concat: OpEntry = text("concat", (x, ...more) => x.concat(...more.map(String)));
export const normalize: OpEntry = text("normalize", (x, form) => x.normalize(textOf(form)));
export const localeCompare: OpEntry = method(
  "localeCompare",
  (x, other) => String(x).localeCompare(String(other)),
  { result: "int" },
);

/** `/…/.test(text)`. */
export const patternTest: OpEntry = method("test", (pattern, x) =>
  new RegExp(patternFrom(pattern)).test(String(x)),
);
export const patternSearch: OpEntry = method(
  "search",
  (x, pattern) => String(x).search(patternFrom(pattern)),
  {
    result: "int",
  },
);

/** Where a pattern finds something, from there on; -1 where it finds nothing. */
export const matchIndex: OpEntry = predicate(
  "match index",
  3,
  (pattern, from, x) => execFrom(pattern, from, x)?.index ?? -1,
  { spelling: { kind: "exec", suffix: "?.index ?? -1" }, result: "int", cheap: false },
);

/** `text[i]`, which is certainly there. */
export const character: OpEntry = predicate("character", 2, (x, at) => String(x)[Number(at)], {
  spelling: { kind: "element" },
  result: "string",
});

/** A method of strings or numbers that gives a boolean, unless said otherwise. */
function method(
  name: string,
  evaluate: OpEntry["evaluate"],
  traits: Parameters<typeof predicate>[3] = {},
): OpEntry {
  return predicate(`text.${name}`, null, evaluate, {
    spelling: { kind: "method", name },
    cheap: false,
    ...traits,
  });
}

function text(name: string, evaluate: (text: string, ...args: readonly Scalar[]) => string): OpEntry {
  return method(name, (x, ...args) => evaluate(String(x), ...args), { result: "string" });
}

function numberOf(argument: Scalar): number | undefined {
  return argument === undefined ? undefined : Number(argument);
}

function textOf(argument: Scalar): string | undefined {
  return argument === undefined ? undefined : String(argument);
}
