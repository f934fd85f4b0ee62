/** Paths as TypeScript spells them. */
import { resolve, sep } from "node:path";

/** Absolute, with forward slashes. */
export function normalize(path: string): string {
  return resolve(path).split(sep).join("/");
}
