/** What was emitted from a source that is there no more. */
import { existsSync, rmSync } from "node:fs";
import { hashBody, readHeader } from "../src/header.js";
import type { Report } from "./compile.js";
import { readText } from "./read.js";
import { shortPath } from "./report.js";

/**
 * Removes the emitted file and its map, unless someone has edited it, and gives the line that says so; null where the
 * source is still there and only no longer asked for.
 */
export function removeEmitted({ source, path }: Report, cwd: string): string | null {
  if (existsSync(source)) return null;
  const from = `${shortPath(source, cwd)}  deleted`;
  const header = readHeader(readText(path) ?? "", path);
  if (header === null || header.source !== source) return from;
  if (hashBody(header.body) !== header.bodyHash)
    return `${from}; ${shortPath(path, cwd)} is left, it was edited by hand`;
  rmSync(path, { force: true });
  rmSync(`${path}.map`, { force: true });
  return `${from}, and ${shortPath(path, cwd)} with it`;
}
