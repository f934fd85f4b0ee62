/** Which modules are gradients, of which sources, and what the modules of the macros are called. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";

/** Specifiers and paths of gradients, for `.grad` `./loss.grad`, `./loss.grad.js` and `/src/loss.grad.ts`. */
export function gradientPattern(fileSuffix: string): RegExp {
  return new RegExp(`${fileSuffix.replace(/[.$-]/g, "\\$&")}(?:\\.[cm]?[jt]s)?$`);
}

/** Specifiers and ids of the modules of macros. */
export const macroPattern = /\.tsad-[0-9a-f]{8}\.js$/;

const macroScheme = "tsad:";

/** The source whose gradients `specifier` means, seen from a module in `folder`; null if there is none. */
export function sourceOf(specifier: string, folder: string, pattern: RegExp): string | null {
  if (!isPath(specifier)) return null;
  const stem = specifier.replace(pattern, "");
  const kind = /\.([cm]?)[jt]s$/.exec(specifier)?.[1];
  const extensions = kind === undefined ? ["ts", "tsx", "mts", "cts"] : [`${kind}ts`, `${kind}tsx`];
  // To a development server `/src/loss.grad` is in its own folder.
  const bases = isAbsolute(specifier) ? [stem, join(folder, stem)] : [resolve(folder, stem)];
  const candidates = bases.flatMap((base) => extensions.map((extension) => `${base}.${extension}`));
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** The source whose gradients a specifier means that is no path: by `paths` of the tsconfig, or `imports` of a package. */
export async function aliasedSource(
  specifier: string,
  importer: string | undefined,
  pattern: RegExp,
  project: string | undefined,
): Promise<string | null> {
  if (isPath(specifier) || importer === undefined || !isAbsolute(importer)) return null;
  const { resolveImport } = await import("../src/index.js");
  const stem = specifier.replace(pattern, "");
  const source = resolveImport(stem, importer, project) ?? resolveImport(`${stem}.js`, importer, project);
  return source !== null && /\.[cm]?tsx?$/.test(source) && !/\.d\.[cm]?ts$/.test(source) ? source : null;
}

function isPath(specifier: string): boolean {
  return isAbsolute(specifier) || /^\.\.?[/\\]/.test(specifier);
}

/** The folder that an importer's relative specifiers start from. */
export function folderOf(importer: string | undefined, root: string): string {
  const path = importer?.replace(/[?#].*$/, "");
  return path === undefined || !isAbsolute(path) ? root : dirname(path);
}

/** The specifier of a module of macros of `path`: absolute, because that is resolved everywhere. */
export function macroSpecifier(path: string, code: string): string {
  const hash = createHash("sha256").update(code).digest("hex").slice(0, 8);
  return `${path.replaceAll("\\", "/")}.tsad-${hash}.js`;
}

/** Its id once resolved: the same on every machine. */
export function macroId(specifier: string, root: string): string {
  return macroScheme + relative(root, specifier).replaceAll("\\", "/");
}

/** The specifier of an id. */
export function specifierOfId(id: string, root: string): string {
  const path = id.replace(/^\0/, "");
  if (!path.startsWith(macroScheme)) return path;
  return resolve(root, path.slice(macroScheme.length)).replaceAll("\\", "/");
}

/** The module whose macros a specifier belongs to. */
export function macroSource(specifier: string): string {
  return specifier.replace(macroPattern, "");
}
