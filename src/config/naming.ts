/** Names of what is emitted. */
import { dirname, join, relative, resolve } from "node:path";
import type { Config } from "./config.js";

/** Names with the defaults filled in. */
export interface Naming {
  readonly functionSuffix: string;
  readonly fileSuffix: string;
}

export const defaultNaming: Naming = { functionSuffix: "_grad", fileSuffix: ".grad" };

export function namingOf({ naming }: Config): Naming {
  return {
    functionSuffix: naming?.functionSuffix ?? defaultNaming.functionSuffix,
    fileSuffix: naming?.fileSuffix ?? defaultNaming.fileSuffix,
  };
}

/** Where the gradients of an absolute `source` go; null for a source outside of the root of an `outDir`. */
export function emittedPath(source: string, config: Config): string | null {
  const { fileSuffix } = namingOf(config);
  const sibling = source.replace(/\.([cm]?)tsx?$/, `${fileSuffix.replaceAll("$", "$$$$")}.$1ts`);
  if (config.outDir === undefined) return sibling;
  const path = relative(resolve(config.rootDir ?? "."), sibling);
  return /^\.\.(?:[\\/]|$)/.test(path) || resolve(path) === path ? null : join(resolve(config.outDir), path);
}

/** True for the path or module specifier of an emitted file, whether or not it says an extension. */
export function isEmittedName(path: string, config: Config): boolean {
  return withoutExtension(path).endsWith(namingOf(config).fileSuffix);
}

/** True where `specifier` in the file at `containingFile` stands for what is emitted from that very file. */
export function isOwnEmitted(specifier: string, containingFile: string, config: Config): boolean {
  // Of a package's JavaScript, nothing is emitted.
  const isSource = /\.[cm]?tsx?$/u.test(containingFile);
  const own = isSource && specifier.startsWith(".") ? emittedPath(resolve(containingFile), config) : null;
  return (
    own !== null &&
    resolve(dirname(containingFile), withoutExtension(specifier)) === resolve(withoutExtension(own))
  );
}

function withoutExtension(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/u, "");
}
