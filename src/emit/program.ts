/** A gradient with the functions that it calls. What another gradient of the file has brought along is not written again. */
import type { Func, Instr, Span } from "../ir/types.js";
import { calledBy, mapBlocks, withCallees } from "../ir/visit.js";
import { writeConstants } from "./constants.js";
import { type Head, type OwnHead, type Written, type WrittenFunction, writeFunction } from "./function.js";
import { type Line, textOf } from "./line.js";
import { nextName } from "./names.js";
import type { Needs } from "./named.js";
import type { LiteralType, WordKind } from "./callees.js";
import { wordsOfResult } from "./result-words.js";

/** What is said of a function that is called, by the name that the user gave it. */
export interface CalleeHead {
  readonly parameters: readonly (string | null)[];
  /** The types of parameters that may be one of some numbers or words; null for others. */
  readonly literals: readonly (LiteralType | null)[];
  readonly result: string | null;
  /** The result may be one of some numbers or words only, or nothing; null where it may be anything. */
  readonly resultWords: WordKind | null;
  readonly span: Span;
}

export interface WrittenProgram {
  /** The gradient, and then what it calls and the file does not have yet. */
  readonly functions: readonly (readonly Line[])[];
  readonly needs: Needs;
}

export function writeProgram(
  gradient: Func,
  head: OwnHead,
  heads: ReadonlyMap<string, CalleeHead>,
  written: Written,
): WrittenProgram {
  const called = reached(gradient);
  const constants = writeConstants(withCallees(gradient), head, written);
  for (let names: ReadonlyMap<string, string> = new Map(); ;) {
    const functions = [gradient, ...called].map((func) => constants.named(renamed(func, names)));
    const outer = functions.map(({ name }) => name);
    const literals = new Map(
      called.map(({ name }, index) => [outer[index + 1] ?? name, heads.get(ownName(name))?.literals ?? []]),
    );
    const results = new Map(
      called.map(({ name }, index) => [outer[index + 1] ?? name, heads.get(ownName(name))?.result ?? null]),
    );
    const shared = { functions, literals, constants: constants.names };
    const texts = functions.map((func, index) => {
      const before = called[index - 1];
      const own: Head =
        before === undefined
          ? { ...head, role: "gradient", result: null, words: null, ...shared }
          : headOf(before, head, heads, shared, results);
      return writeFunction(func, own);
    });
    const clashing = [...outer.keys()].filter((index) => {
      const name = outer[index] ?? "";
      const known = written.get(name);
      // Another one may have been renamed to what this one is called.
      const isTaken = outer.indexOf(name) < index;
      return index > 0 && (isTaken || (known !== undefined && known !== textOf(texts[index]?.lines ?? [])));
    });
    if (clashing.length === 0) return newOnes(texts, outer, written, constants.needs);
    names = new Map(
      called.map(({ name }, index) => {
        const now = outer[index + 1] ?? name;
        return [name, clashing.includes(index + 1) ? nextName(now) : now] as const;
      }),
    );
  }
}

function newOnes(
  texts: readonly WrittenFunction[],
  names: readonly string[],
  written: Written,
  outside: readonly Needs[],
): WrittenProgram {
  const functions = texts.flatMap(({ lines }, index) => {
    const name = names[index] ?? "";
    const isNew = index === 0 || !written.has(name);
    written.set(name, textOf(lines));
    return isNew ? [lines] : [];
  });
  const all = [...outside, ...texts.map((each) => each.needs)];
  const needs: Needs = {
    imports: all.flatMap(({ imports }) => imports),
    declarations: all.flatMap(({ declarations }) => declarations),
    values: all.flatMap(({ values }) => values),
    helpers: all.flatMap(({ helpers }) => helpers),
    constants: all.flatMap(({ constants }) => constants),
  };
  return { functions, needs };
}

function headOf(
  { name, results }: Func,
  { uncheckedIndexedAccess, types, typeNames }: OwnHead,
  heads: ReadonlyMap<string, CalleeHead>,
  shared: Pick<Head, "functions" | "literals" | "constants">,
  resultTexts: ReadonlyMap<string, string | null>,
): Head {
  const isForward = results.some((result) => result.name === "backward");
  const own = isForward ? ownName(name) : name;
  const head = heads.get(own);
  return {
    name: own,
    parameters: head?.parameters ?? [],
    result: head?.result ?? null,
    words: head === undefined ? null : wordsOfResult(head, resultTexts),
    span: head?.span ?? { file: "", start: 0, end: 0 },
    role: isForward ? "companion" : "plain",
    ...{ uncheckedIndexedAccess, types, typeNames, ...shared },
  };
}

/** The user's name of a function that comes with its reverse sweep. */
function ownName(name: string): string {
  return name.replace(/_forward$/u, "");
}

/** Those that are still called when all passes have run. */
function reached(gradient: Func): readonly Func[] {
  const byName = new Map(withCallees(gradient).map((func) => [func.name, func] as const));
  const found = new Set<Func>([gradient]);
  for (const func of found) {
    for (const name of calledBy(func)) {
      const callee = byName.get(name);
      if (callee !== undefined) found.add(callee);
    }
  }
  found.delete(gradient);
  return [...found];
}

/** The function, and what it calls, under other names. */
function renamed(func: Func, names: ReadonlyMap<string, string>): Func {
  if (names.size === 0) return func;
  const rename = (instr: Instr): Instr => {
    const mapped = mapBlocks(instr, (block) => ({ ...block, instrs: block.instrs.map(rename) }));
    if (mapped.kind !== "call" || mapped.callee.kind !== "function") return mapped;
    const { name } = mapped.callee;
    return { ...mapped, callee: { kind: "function", name: names.get(name) ?? name } };
  };
  const { body, name } = func;
  return { ...func, name: names.get(name) ?? name, body: { ...body, instrs: body.instrs.map(rename) } };
}
