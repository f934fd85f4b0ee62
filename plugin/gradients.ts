/** The gradients of sources: in the file beside each, or in memory, always as its source is now. */
import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeAtomically } from "../cli/output.js";
import { cannotWrite, foreignFile, outsideRoot } from "../cli/problems.js";
import { emittedPath } from "../src/config/naming.js";
import { checkFreshness } from "../src/fresh.js";
import { readHeader } from "../src/header.js";
import type { Diagnostic, EmittedFile } from "../src/index.js";
import type { Compilers } from "./compilers.js";

export interface Gradient {
  /** Where it is, or would be. */
  readonly path: string;
  /** TypeScript; null if the source has no targets, or errors. */
  readonly text: string | null;
  /** The source map of the text, as JSON, where the configuration asks for one. */
  readonly map: string | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Files whose change may change it, its source among them. */
  readonly watch: readonly string[];
}

export class Gradients {
  readonly #compilers: Compilers;
  readonly #files: boolean;
  readonly #running = new Map<string, Promise<Gradient>>();
  readonly #known = new Map<string, Gradient>();

  /** `files` says whether they are written. */
  constructor(compilers: Compilers, files: boolean) {
    this.#compilers = compilers;
    this.#files = files;
  }

  /** The gradients of a source as it is now. */
  of(source: string): Promise<Gradient> {
    // One at a time for each source: two would write the same file.
    const running = this.#running.get(source) ?? Promise.resolve();
    const next = running.then(() => this.#make(source));
    const settled = next.finally(() => {
      if (this.#running.get(source) === next) this.#running.delete(source);
    });
    settled.catch(() => undefined);
    this.#running.set(source, next);
    return next;
  }

  /** The sources met so far whose gradients depend on a file. */
  dependentsOf(file: string): readonly string[] {
    return [...this.#known].filter(([, { watch }]) => watch.includes(file)).map(([source]) => source);
  }

  /** True if a file is, on disk, the gradient that was handed out last. */
  isSettled(path: string): boolean {
    const gradient = [...this.#known.values()].find((each) => each.path === path);
    return gradient?.text != null && readText(path) === gradient.text;
  }

  async #make(source: string): Promise<Gradient> {
    const gradient = await this.#compile(source);
    this.#known.set(source, gradient);
    return gradient;
  }

  async #compile(source: string): Promise<Gradient> {
    const none: Gradient = { path: source, text: null, map: null, diagnostics: [], watch: [source] };
    const configured = await this.#compilers.for(source);
    if (configured === null) return { ...none, diagnostics: this.#compilers.problems };
    const { options, compiler } = configured;
    const path = emittedPath(source, options);
    if (path === null)
      return { ...none, diagnostics: [outsideRoot(source, options.rootDir ?? process.cwd())] };
    const text = readText(source);
    if (text?.includes("@grad") !== true) return { ...none, path };
    if (this.#files) {
      const freshness = await checkFreshness({ path: source, text }, path, options);
      if (freshness.kind === "foreign") return { ...none, path, diagnostics: [foreignFile(path)] };
      if (freshness.kind === "fresh") return this.#fromDisk(source, { ...none, path });
    }
    const result = await compiler.compile([{ path: source }]);
    const { diagnostics } = result;
    const watch = [source, ...(result.inputs[0]?.dependencies ?? [])];
    const [file] = result.files;
    if (file === undefined) return { ...none, path, diagnostics, watch };
    const compiled: Gradient = { path, text: file.text, map: file.map, diagnostics, watch };
    if (!this.#files || readText(path) === file.text) return compiled;
    try {
      write(file);
      return compiled;
    } catch (error) {
      return { ...compiled, text: null, diagnostics: [...diagnostics, cannotWrite(path, error)] };
    }
  }

  /** What was written before and still holds, with the warnings that there were if it was in this process. */
  #fromDisk(source: string, none: Gradient): Gradient {
    const text = readText(none.path);
    const known = this.#known.get(source);
    if (known !== undefined && known.text === text) return known;
    const dependencies = text === null ? [] : (readHeader(text, none.path)?.dependencies ?? []);
    return { ...none, text, map: readText(`${none.path}.map`), watch: [...none.watch, ...dependencies] };
  }
}

function write({ path, text, map }: EmittedFile): void {
  mkdirSync(dirname(path), { recursive: true });
  if (map !== null) writeAtomically(`${path}.map`, map);
  writeAtomically(path, text);
}

export function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
