/** The gradients of sources: in the file beside each, or in memory, always as its source is now. */
import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeAtomically } from "../cli/output.js";
import { cannotWrite, foreignFile } from "../cli/problems.js";
import { checkFreshness } from "../src/fresh.js";
import { emittedPath } from "../src/config/naming.js";
import { readHeader } from "../src/header.js";
import type { CompileOptions, Compiler, Diagnostic } from "../src/index.js";

export interface Gradient {
  /** Where it is, or would be. */
  readonly path: string;
  /** TypeScript; null if the source has no targets, or errors. */
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Files whose change may change it, its source among them. */
  readonly watch: readonly string[];
}

export interface GradientSettings {
  readonly options: CompileOptions;
  /** Whether files are written. */
  readonly files: boolean;
}

export class Gradients {
  readonly #compiler: Compiler;
  readonly #settings: GradientSettings;
  readonly #running = new Map<string, Promise<Gradient>>();
  readonly #known = new Map<string, Gradient>();

  constructor(compiler: Compiler, settings: GradientSettings) {
    this.#compiler = compiler;
    this.#settings = settings;
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

  /** Where the gradients of a source are; its own path if it has no place in the folder for them. */
  pathOf(source: string): string {
    return emittedPath(source, this.#settings.options) ?? source;
  }

  /** The sources met so far whose gradients depend on a file. */
  dependentsOf(file: string): readonly string[] {
    return [...this.#known].filter(([, { watch }]) => watch.includes(file)).map(([source]) => source);
  }

  /** True if the gradient of a source at `path` is, on disk, what was handed out last. */
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
    const path = this.pathOf(source);
    const text = readText(source);
    const none: Gradient = { path, text: null, diagnostics: [], watch: [source] };
    if (text?.includes("@grad") !== true) return none;
    const { files, options } = this.#settings;
    if (files && path !== source) {
      const freshness = await checkFreshness({ path: source, text }, path, options);
      if (freshness.kind === "foreign") return { ...none, diagnostics: [foreignFile(path)] };
      if (freshness.kind === "fresh") return this.#fromDisk(source, none);
    }
    const result = await this.#compiler.compile([{ path: source }]);
    const [input] = result.inputs;
    const { diagnostics } = result;
    const watch = [source, ...(input?.dependencies ?? [])];
    const [file] = result.files;
    if (file === undefined) return { ...none, diagnostics, watch };
    const compiled: Gradient = { path, text: file.text, diagnostics, watch };
    if (!files) return compiled;
    try {
      if (options.outDir !== undefined) mkdirSync(dirname(path), { recursive: true });
      if (file.map !== null) writeIfChanged(`${path}.map`, file.map);
      writeIfChanged(path, file.text);
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
    return { ...none, text, watch: [...none.watch, ...dependencies] };
  }
}

function writeIfChanged(path: string, text: string): void {
  if (readText(path) !== text) writeAtomically(path, text);
}

export function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
