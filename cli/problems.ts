/** What can go wrong before and after compiling: files that are not as they should be. */
import { catalog } from "../src/diagnostics/catalog.js";
import type { ConfigProblem, Diagnostic } from "../src/index.js";

export function fileNotFound(path: string): Diagnostic {
  return withoutPosition(catalog.fileNotFound, { path });
}

export function notTypeScript(path: string): Diagnostic {
  return withoutPosition(catalog.notTypeScript, { path });
}

/** A file that is in the way of an emitted one. */
export function foreignFile(path: string): Diagnostic {
  return withoutPosition(catalog.foreignFile, { path });
}

export function configurationInvalid(file: string, { problem, advice }: ConfigProblem): Diagnostic {
  return withoutPosition(catalog.configurationInvalid, { where: `\`${file}\``, problem, advice });
}

export function outsideRoot(path: string, rootDir: string): Diagnostic {
  return withoutPosition(catalog.outsideRoot, { path, rootDir });
}

export function cannotWrite(path: string, error: unknown): Diagnostic {
  const problem = error instanceof Error ? error.message.replace(/,.*$/s, "") : String(error);
  return withoutPosition(catalog.cannotWrite, { path, problem });
}

interface Entry<Args> {
  readonly code: string;
  readonly message: (args: Args) => string;
  readonly help: (args: Args) => string;
}

function withoutPosition<Args>(entry: Entry<Args>, args: Args): Diagnostic {
  const nowhere = { file: null, start: 0, length: 0, line: 0, column: 0, notes: [] };
  return {
    code: entry.code,
    severity: "error",
    message: entry.message(args),
    help: entry.help(args),
    ...nowhere,
  };
}
