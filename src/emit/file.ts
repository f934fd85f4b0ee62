/** The emitted file below its header: imports of types, declarations of types that are not exported, the functions. */
import { forEachBlock, forEachInstr, withCallees } from "../ir/visit.js";
import type { AmbientName } from "../ir/op.js";
import type { Func, ImportedName } from "../ir/types.js";
import { type Line, plainLines } from "./line.js";

export interface FileParts {
  /** Types. */
  readonly imports: readonly ImportedName[];
  /** Functions and objects. */
  readonly values: readonly ImportedName[];
  readonly declarations: readonly { readonly name: string; readonly text: string }[];
  /** Functions that the others call. */
  readonly helpers: readonly { readonly name: string; readonly text: string }[];
  readonly constants: readonly { readonly name: string; readonly text: string }[];
  readonly functions: readonly (readonly Line[])[];
}

export function writeFile(file: FileParts): readonly Line[] {
  const { imports, values, declarations, helpers, constants, functions } = file;
  const block = [...textsByName(constants)].join("\n");
  const types = textsByName([...declarations, ...helpers]);
  const heads = [writeImports(imports, values), ...types, block].filter((part) => part !== "");
  const parts = [...heads.map((part) => plainLines(part)), ...functions];
  return parts.flatMap((lines) => [...lines, ...plainLines("")]);
}

/** Each once. */
function textsByName(parts: readonly { readonly name: string; readonly text: string }[]): Iterable<string> {
  return new Map(parts.map(({ name, text }) => [name, text])).values();
}

/** What the functions name. */
export function valuesOf(funcs: readonly Func[]): readonly ImportedName[] {
  const values: ImportedName[] = [];
  for (const { body } of funcs.flatMap(withCallees)) {
    forEachBlock(body, ({ end }) => {
      if (end.kind === "throw") values.push(...(end.imports ?? []));
    });
    forEachInstr(body, (instr) => {
      if (instr.kind === "foreign") values.push(...instr.callee.imports);
      if (instr.kind === "apply") values.push(...(instr.op.imports ?? []));
      if (instr.kind === "alloc" && instr.init.kind === "object")
        values.push(...(instr.init.instance?.imports ?? []));
    });
  }
  return values;
}

/** What the functions name that the source itself has declared to be there. */
export function ambientOf(funcs: readonly Func[]): readonly AmbientName[] {
  const names: AmbientName[] = [];
  for (const { body } of funcs.flatMap(withCallees)) {
    forEachInstr(body, (instr) => {
      if (instr.kind === "apply" && instr.op.ambient !== undefined) names.push(...instr.op.ambient);
    });
  }
  return names;
}

function writeImports(types: readonly ImportedName[], values: readonly ImportedName[]): string {
  // What is imported as a value is there as a type as well; what two specifiers lead to is imported once.
  const names = new Set<string>();
  const isNew = ({ name, alias }: ImportedName): boolean => {
    const before = names.size;
    return names.add(alias ?? name).size > before;
  };
  const lines = [
    ...byModule(values.filter(isNew)).map(([from, line]) => [from, `import ${line}`] as const),
    ...byModule(types.filter(isNew)).map(([from, line]) => [from, `import type ${line}`] as const),
  ];
  return lines
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, line]) => line)
    .join("\n");
}

/** For each module, what is imported from it. */
function byModule(imports: readonly ImportedName[]): readonly (readonly [string, string])[] {
  const modules = new Map<string, Set<string>>();
  for (const { from, name, alias } of imports) {
    const names = modules.get(from) ?? new Set<string>();
    names.add(alias === null || alias === name ? name : `${name} as ${alias}`);
    modules.set(from, names);
  }
  return [...modules].map(([from, names]) => {
    const line = `{ ${[...names].sort().join(", ")} } from ${JSON.stringify(from)};`;
    return [from, line] as const;
  });
}
