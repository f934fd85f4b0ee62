/** Checks what a configuration file or a caller gives, before anything believes its types. */
import { nearest } from "../support/nearest.js";

export interface ConfigProblem {
  /** The key and what is wrong with it, a full clause. */
  readonly problem: string;
  /** What to do instead. */
  readonly advice: string;
}

/** What a value has to be: null where it is that. */
type Check = (value: unknown, key: string) => readonly ConfigProblem[];

const configChecks: Readonly<Record<string, Check>> = {
  outDir: path,
  rootDir: path,
  naming: (value, key) =>
    isRecord(value)
      ? checkKeys(value, namingChecks, `${key}.`)
      : [wrong(key, "an object", value, 'such as `{ functionSuffix: "_grad" }`')],
  header,
  format: flag,
  sourceMap: flag,
  project: path,
  rules,
};

const namingChecks: Readonly<Record<string, Check>> = {
  functionSuffix: matching(/^[\p{ID_Continue}$]+$/u, "letters, digits, `_` or `$`", '"_grad"'),
  fileSuffix: matching(/^(?!\.d$)[\w.$-]*[\w$-]$/u, "letters, digits, `.`, `_`, `-` or `$`", '".grad"'),
};

/** What is wrong with the configuration; `others` are keys that are known and checked elsewhere. */
export function findConfigProblems(
  config: unknown,
  others: Readonly<Record<string, Check>> = {},
): readonly ConfigProblem[] {
  if (isRecord(config)) return checkKeys(config, { ...configChecks, ...others }, "");
  const problem = `the configuration is ${nameOf(config)}, not an object`;
  return [{ problem, advice: "Export `defineConfig({ … })` as the default." }];
}

/** Options that only a program can give. */
export const compileChecks: Readonly<Record<string, Check>> = {
  optimize: flag,
  observe: (value, key) =>
    typeof value === "function" ? [] : [wrong(key, "a function", value, "called after each stage")],
};

function checkKeys(
  value: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check>>,
  prefix: string,
): readonly ConfigProblem[] {
  return Object.entries(value).flatMap(([key, each]) => {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) return [unknownKey(key, Object.keys(checks), prefix)];
    return each === undefined ? [] : check(each, `${prefix}${key}`);
  });
}

function unknownKey(key: string, known: readonly string[], prefix: string): ConfigProblem {
  const guess = nearest(key, known);
  const list = known.map((each) => `\`${prefix}${each}\``).join(", ");
  return {
    problem: `\`${prefix}${key}\` is not an option`,
    advice: guess === null ? `The options are ${list}.` : `The nearest option is \`${prefix}${guess}\`.`,
  };
}

function path(value: unknown, key: string): readonly ConfigProblem[] {
  return typeof value === "string" && value !== "" ? [] : [wrong(key, "a path", value, 'such as `"src"`')];
}

function flag(value: unknown, key: string): readonly ConfigProblem[] {
  return typeof value === "boolean" ? [] : [wrong(key, "`true` or `false`", value, "without quotes")];
}

function header(value: unknown, key: string): readonly ConfigProblem[] {
  if (typeof value !== "string") return [wrong(key, "a text", value, 'such as `"Licence: MIT"`')];
  return isCommentOrText(value) ? [] : [wrong(key, "a comment", value, "and nothing behind its `*/`")];
}

/** Plain text becomes a comment; what looks like one already has to be one to its end. */
function isCommentOrText(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed.startsWith("/*")) return true;
  return /^(?:\/\*(?:(?!\*\/)[^])*\*\/\s*|\/\/[^\n]*(?:\n\s*|$))*$/.test(trimmed);
}

function rules(value: unknown, key: string): readonly ConfigProblem[] {
  if (!Array.isArray(value)) return [wrong(key, "an array", value, "of the paths of modules")];
  const wrongOne: unknown = value.find((each) => typeof each !== "string" || each === "");
  return wrongOne === undefined
    ? []
    : [wrong(`${key}[${String(value.indexOf(wrongOne))}]`, "a path", wrongOne, 'such as `"src/rules.ts"`')];
}

function matching(pattern: RegExp, allowed: string, example: string): Check {
  return (value, key) =>
    typeof value === "string" && pattern.test(value)
      ? []
      : [wrong(key, `a text of ${allowed}`, value, `such as \`${example}\``)];
}

function wrong(key: string, wanted: string, value: unknown, example: string): ConfigProblem {
  return {
    problem: `\`${key}\` is ${nameOf(value)}, not ${wanted}`,
    advice: `Give ${wanted}, ${example}.`,
  };
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return `\`${String(value)}\``;
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return typeof value === "function" ? "a function" : `\`${JSON.stringify(value)}\``;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
