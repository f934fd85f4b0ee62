/** The emitted file below its header: imports of types, declarations of types that are not exported, the functions. */
import { type Line, plainLines } from "./line.js";

export interface FileParts {
  readonly imports: readonly {
    readonly from: string;
    readonly name: string;
    readonly alias: string | null;
  }[];
  readonly declarations: readonly { readonly name: string; readonly text: string }[];
  /** Functions that the others call. */
  readonly helpers: readonly { readonly name: string; readonly text: string }[];
  readonly functions: readonly (readonly Line[])[];
}

export function writeFile({ imports, declarations, helpers, functions }: FileParts): readonly Line[] {
  const types = new Map([...declarations, ...helpers].map(({ name, text }) => [name, text]));
  const heads = [writeImports(imports), ...types.values()].filter((part) => part !== "");
  const parts = [...heads.map((part) => plainLines(part)), ...functions];
  return parts.flatMap((lines) => [...lines, ...plainLines("")]);
}

function writeImports(imports: FileParts["imports"]): string {
  const modules = new Map<string, Set<string>>();
  for (const { from, name, alias } of imports) {
    const names = modules.get(from) ?? new Set<string>();
    names.add(alias === null || alias === name ? name : `${name} as ${alias}`);
    modules.set(from, names);
  }
  return [...modules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, names]) => `import type { ${[...names].sort().join(", ")} } from ${JSON.stringify(from)};`)
    .join("\n");
}
