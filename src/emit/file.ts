/** The emitted file below its header: imports of types, declarations of types that are not exported, the functions. */

export interface FileParts {
  readonly imports: readonly {
    readonly from: string;
    readonly name: string;
    readonly alias: string | null;
  }[];
  readonly declarations: readonly { readonly name: string; readonly text: string }[];
  readonly functions: readonly string[];
}

export function writeFile({ imports, declarations, functions }: FileParts): string {
  const types = new Map(declarations.map(({ name, text }) => [name, text]));
  return (
    [writeImports(imports), ...types.values(), ...functions].filter((part) => part !== "").join("\n\n") + "\n"
  );
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
