/** One gradient function as TypeScript text, not yet formatted. */
import { forEachInstr } from "../ir/visit.js";
import type { Func, Param, Span, Value, ValueId } from "../ir/types.js";
import { findForeignMemory } from "./foreign-memory.js";
import { type LiteralTypes, calleesOf } from "./callees.js";
import { findCompared } from "./compared.js";
import { type Line, plainLines } from "./line.js";
import { namedOf } from "./narrowing.js";
import { ambientOf, valuesOf } from "./file.js";
import { planFolding } from "./fold.js";
import { findLiteralElements, findLiteralHolders } from "./given.js";
import { type Body, writeBody } from "./statements.js";
import { findKeyWords } from "./key-words.js";
import { keyText } from "./keys.js";
import { NamedWriter, type Needs, type SpelledType } from "./named.js";
import type { ResultWords } from "./result-words.js";
import type { TypeTexts } from "./types.js";
import { type Variables, assignVariables } from "./variables.js";

/** What the function's head says; the frontend's signature has these. */
export interface Head {
  /** Name of the primal function. */
  readonly name: string;
  readonly parameters: readonly (string | null)[];
  /** The declaration of the primal function. */
  readonly span: Span;
  readonly uncheckedIndexedAccess: boolean;
  /** A gradient is exported; a companion, or a function that is only called, serves the file's own functions. */
  readonly role: "gradient" | "companion" | "plain";
  /** The type of the user's own result, as text, where it has to be written. */
  readonly result: string | null;
  /** Where that may be some words or numbers only. */
  readonly words: ResultWords | null;
  /** The gradient, and the functions that are called. */
  readonly functions: readonly Func[];
  /** The names of the file's constants. */
  readonly constants: readonly string[];
  readonly literals: LiteralTypes;
  /** Types of the user's that the body may have to name. */
  readonly types: ReadonlyMap<string, SpelledType>;
  /** Names that types which the file declares may not have. */
  readonly typeNames: ReadonlySet<string>;
}

/** What all functions of a program have in common. */
export type OwnHead = Pick<
  Head,
  "name" | "parameters" | "span" | "uncheckedIndexedAccess" | "types" | "typeNames"
>;

/** The text of each function and constant of the file, by its name; null where the name may not be used. Grows. */
export type Written = Map<string, string | null>;

export interface WrittenFunction {
  readonly lines: readonly Line[];
  /** What the file has to import and declare for it, besides what its parameters need. */
  readonly needs: Needs;
}

export function writeFunction(func: Func, head: Head): WrittenFunction {
  const { body, named } = bodyOf(func, head);
  const parameters = func.params.flatMap((param, index) => {
    const { name, isLeftOut } = param;
    if (isLeftOut === true) return [];
    const text = head.parameters[index] ?? `${name}: ${parameterType(param, named.types)}`;
    const after = body.parameters[index] ?? name;
    const dots = text.startsWith("...") ? "..." : "";
    return [text.startsWith(dots + name) ? `${dots}${after}${text.slice(dots.length + name.length)}` : text];
  });
  // Behind the parameters that the user has written come their shadows.
  const shadows = func.params.flatMap(({ name, isLeftOut }, index) =>
    index < head.parameters.length || isLeftOut === true ? [] : [body.parameters[index] ?? name],
  );
  const opening = `${docOf(func, head, shadows)}\n${exportOf(head)}function ${func.name}(${parameters.join(", ")}): ${resultText(func, head, named.types)} {`;
  const lines = [...plainLines(opening, head.span), ...body.lines, ...plainLines("}")];
  const needs = named.needs();
  const ambient = ambientOf([func]).flatMap(({ name, declaration }) =>
    declaration === null ? [] : [{ name, text: declaration }],
  );
  return { lines, needs: { ...needs, declarations: [...needs.declarations, ...ambient] } };
}

/** The declaration of a constant, which is all that `func` does; its parameters are constants as well. */
export function writeConstant(func: Func, head: OwnHead & Pick<Head, "constants">): WrittenFunction {
  const own: Head = { ...head, role: "plain", result: null, words: null, functions: [], literals: new Map() };
  const { body, named } = bodyOf(func, own);
  return { lines: body.lines, needs: named.needs() };
}

function bodyOf(func: Func, head: Head): { readonly body: Body; readonly named: NamedWriter } {
  const named = new NamedWriter(head.types, head.typeNames, head.uncheckedIndexedAccess);
  const folding = planFolding(func);
  const paramNames = new Map(func.params.map((param) => [param.value.id, param.name]));
  const ownName = (value: Value): string | null =>
    paramNames.get(value.id) ??
    (value.hint?.declared === true ? null : folding.resultNames.get(value.id)) ??
    value.hint?.text ??
    null;
  const loopNames = nameLoopOuts(func, ownName);
  const wantedName = (value: Value): string | null => loopNames.get(value.id) ?? ownName(value);
  const variables = assignVariables(func, folding, wantedName);
  const body = writeBody({
    func,
    folding,
    variables,
    wantedName,
    outerNames: [
      func.name,
      ...head.functions.map((each) => each.name),
      ...head.constants,
      ...valuesOf([func]).map(({ name, alias }) => alias ?? name),
      ...ambientOf([func]).map(({ name }) => name),
    ],
    role: head.role,
    callees: calleesOf(head.functions, head.literals),
    types: named.types,
    uncheckedIndexedAccess: head.uncheckedIndexedAccess,
    hasOneStack: countStacks(func) === 1,
    compared: findCompared(func, variables),
    resultWords: head.words,
    words: findKeyWords(func, folding, variables),
    literalHolders: findLiteralHolders(func, folding, variables),
    literalElements: findLiteralElements(func, folding),
    foreign: findForeignMemory(func, folding, variables),
    declaredAs: findDeclared(func, head, variables, named.types),
  });
  return { body, named };
}

/** Parameters of a class that is declared to be another than that of all that may be meant: copies are of the latter. */
function findDeclared(
  { params }: Func,
  head: Head,
  variables: Variables,
  types: TypeTexts,
): ReadonlyMap<ValueId, string> {
  const found = new Map<ValueId, string>();
  params.forEach(({ name, value }, index) => {
    if (!isOfClasses(value)) return;
    const text = head.parameters[index] ?? "";
    const type = text.startsWith(`${name}: `) ? text.slice(name.length + 2) : "";
    if (/^[\w.]+$/u.test(type) && type !== types.value(value.type)) found.set(variables.of(value.id), type);
  });
  return found;
}

function isOfClasses(value: Value): boolean {
  const variants = namedOf(value)?.variants ?? [];
  return variants.some(({ isInstance, test }) => isInstance === true || test.kind === "instance");
}

function parameterType({ value, variants }: Param, types: TypeTexts): string {
  const named = namedOf(value);
  if (named === null || variants === undefined) return types.value(value.type);
  return types.variants(
    named,
    named.variants.filter(({ name }) => variants.includes(name)),
  );
}

function docOf(func: Func, { name, role }: Head, shadows: readonly string[]): string {
  const wrt = func.params.filter((param) => param.wrt).map((param) => param.name);
  switch (role) {
    case "gradient":
      return `/** Gradient of \`${name}\` with respect to ${wrt.join(", ")}. */`;
    case "companion":
      return `/** \`${name}\` with its reverse sweep: ${sweepText(func, shadows)}. */`;
    case "plain":
      return `/** As the source has it. */`;
  }
}

/** What the reverse sweep of a companion takes and gives. */
function sweepText({ params, results }: Func, shadows: readonly string[]): string {
  const shape = results.at(-1)?.shape;
  const text = shape?.kind === "object" ? (shape.spelling ?? "") : "";
  const numbers = params.flatMap(({ name }) => (new RegExp(`\\bd${name}: number`).test(text) ? [name] : []));
  const wrt = params.filter((param) => param.wrt && param.value.type.kind === "real").map(({ name }) => name);
  const given = numbers.length > 0 || !text.endsWith("number") ? numbers : wrt.slice(0, 1);
  const gives = given.length === 0 ? null : `gives the cotangent of ${given.join(", ")}`;
  const adds = shadows.length === 0 ? null : `adds to ${shadows.join(", ")}`;
  const does = [gives, adds].filter((part) => part !== null);
  return `\`backward\` ${does.length === 0 ? "has nothing to do" : does.join(" and ")}`;
}

function exportOf({ role }: Head): string {
  return role === "gradient" ? "export " : "";
}

function resultText({ results }: Func, { role, result }: Head, types: TypeTexts): string {
  if (role === "plain") return result ?? (results[0] === undefined ? "void" : types.shape(results[0].shape));
  const fields = results.map(
    ({ name, shape }) => `${keyText(name)}: ${(name === "value" ? result : null) ?? types.shape(shape)}`,
  );
  return `{ ${fields.join("; ")} }`;
}

function countStacks(func: Func): number {
  let count = 0;
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "alloc" || instr.init.kind !== "tape") return;
    if (instr.init.access === "stack" && instr.init.capacity !== null) count++;
  });
  return count;
}

/** What leaves a loop has the name that it has inside. */
function nameLoopOuts(func: Func, nameOf: (value: Value) => string | null): ReadonlyMap<ValueId, string> {
  const names = new Map<ValueId, string>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "loop") return;
    for (const { param, out } of instr.carried) {
      const name = nameOf(param) ?? nameOf(out);
      if (name === null) continue;
      names.set(param.id, name);
      names.set(out.id, name);
    }
  });
  return names;
}
