/** The plugin, once for all bundlers. What differs between them is unplugin's matter, or in `fail` and `vite-update`. */
import { existsSync } from "node:fs";
import { createUnplugin, type SourceMapCompact, type UnpluginFactory, type UnpluginOptions } from "unplugin";
import { namingOf } from "../src/config/naming.js";
import { readHeader } from "../src/header.js";
import type { Diagnostic, ScriptText } from "../src/index.js";
import { Compilers } from "./compilers.js";
import { Gradients } from "./gradients.js";
import { Macros } from "./macros.js";
import { type Context, fail, hasErrors, warn } from "./messages.js";
import { type PluginOptions, splitOptions } from "./options.js";
import { resolveFiles } from "./esbuild-files.js";
import {
  aliasedSource,
  folderOf,
  gradientPattern,
  macroId,
  macroPattern,
  macroSource,
  sourceOf,
  specifierOfId,
} from "./paths.js";
import { macroInComponent, noGradient } from "./problems.js";
import { viteUpdate } from "./vite-update.js";

/** Frameworks in which `\0` in front of an id keeps other plugins off. */
const rollupLike: ReadonlySet<string> = new Set(["rollup", "rolldown", "vite"]);

/** Modules that may call a macro: TypeScript, JavaScript, and components that hold either. */
const modulePattern = /^[^?]+\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;

const factory: UnpluginFactory<PluginOptions | undefined, false> = (given = {}, { framework }) => {
  const { compiler: options, files } = splitOptions(given);
  const compilers = new Compilers(options);
  const gradients = new Gradients(compilers, files);
  const macros = new Macros(compilers);
  const pattern = gradientPattern(namingOf(options).fileSuffix);
  const resolvePattern = new RegExp(`${pattern.source}|${macroPattern.source}`);
  const told = new Set<string>();
  let root = process.cwd();

  /** Fails with errors, and gives each warning once in a build. */
  const report = (context: Context, id: string, diagnostics: readonly Diagnostic[]): void => {
    const untold = diagnostics.filter(({ code, file, start }) => {
      const key = JSON.stringify([code, file, start]);
      return !told.has(key) && told.add(key);
    });
    warn(context, untold);
    if (hasErrors(diagnostics)) fail(context, framework, id, diagnostics);
  };

  const watch = (context: Context, id: string, paths: readonly string[]): void => {
    for (const path of paths) if (path !== id) context.addWatchFile(path);
  };

  const plugin: UnpluginOptions = {
    name: "tsad",
    enforce: "pre",

    buildStart() {
      told.clear();
      compilers.reload();
    },

    resolveId: {
      filter: { id: resolvePattern },
      async handler(id, importer) {
        if (macroPattern.test(id)) {
          return (rollupLike.has(framework) ? "\0" : "") + macroId(specifierOfId(id, root), root);
        }
        const source =
          sourceOf(id, folderOf(importer, root), pattern) ??
          (await aliasedSource(id, importer, pattern, options.project));
        if (source === null) return null;
        // Written before it is looked for; what is wrong with it is told when it is loaded.
        const { path } = await gradients.of(source);
        // Under another name or in another folder it is a file like any other.
        if (sourceOf(path, root, pattern) !== source) return null;
        // Its own path needs no resolving, and webpack would come back here with it; for esbuild see `resolveFiles`.
        const isFound = existsSync(path) && (path === id || framework === "esbuild");
        return isFound ? null : path;
      },
    },

    load: {
      filter: { id: [pattern, macroPattern] },
      async handler(id) {
        if (macroPattern.test(id)) {
          const specifier = specifierOfId(id, root);
          const module = await macros.load(specifier);
          if (module === null) throw new Error(`tsad: ${macroSource(specifier)} has changed, build again`);
          watch(this, id, module.watch);
          return toLoaded(module);
        }
        const source = sourceOf(id, root, pattern);
        if (source === null) return null;
        const { text, map, path, diagnostics, watch: paths } = await gradients.of(source);
        if (path !== id) return null;
        watch(this, id, paths);
        const isMissing = text === null && !hasErrors(diagnostics);
        report(this, id, isMissing ? [noGradient(source, path)] : diagnostics);
        // Where errors are collected, there has to be something that they are of.
        if (text === null) return "";
        if (files) return map === null ? text : toLoaded({ code: text, map });
        const { stripTypes } = await import("../src/index.js");
        return toLoaded(stripTypes(text, path));
      },
    },

    transform: {
      filter: {
        id: { include: modulePattern, exclude: /[/\\]node_modules[/\\]/ },
        code: /@grad|["']tsad["']|^\/\/ @tsad /m,
      },
      async handler(code, id) {
        const header = files ? readHeader(code, id) : null;
        const emittedFrom = header !== null && existsSync(header.source) ? header.source : null;
        // A source keeps its file up to date even where nothing imports that, and an emitted file is as its source is.
        const isSource = files && /\.[cm]?tsx?$/.test(id) && code.includes("@grad");
        if (emittedFrom !== null || isSource) {
          const gradient = await gradients.of(emittedFrom ?? id);
          watch(this, id, gradient.watch);
          report(this, id, gradient.diagnostics);
          if (emittedFrom !== null)
            return gradient.path === id && gradient.text !== code ? gradient.text : null;
        }
        if (!/\b(?:from|import|require)\b\s*\(?\s*["']tsad["']/.test(code)) return null;
        if (!/\.[cm]?tsx?$/.test(id)) {
          report(this, id, [macroInComponent(id, code)]);
          return null;
        }
        const replaced = await macros.replace(id, code);
        watch(this, id, replaced.watch);
        report(this, id, replaced.result.diagnostics);
        return replaced.code === null ? null : { code: replaced.code, map: replaced.map };
      },
    },

    vite: {
      configResolved: (config) => {
        root = config.root;
      },
      hotUpdate: viteUpdate(gradients, macros),
    },

    esbuild: {
      onResolveFilter: resolvePattern,
      onLoadFilter: modulePattern,
      setup: (build) => {
        if (files) resolveFiles(build, gradients, pattern, options.project);
      },
    },
  };
  return plugin;
};

/** Some bundlers read a map only as an object. */
function toLoaded({ code, map }: ScriptText): { code: string; map: SourceMapCompact } {
  return { code, map: JSON.parse(map) as SourceMapCompact };
}

/** The plugin as each bundler wants it. */
export const unplugin = createUnplugin(factory);
