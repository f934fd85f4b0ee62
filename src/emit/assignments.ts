/** Several assignments at once: in an order in which none overwrites what a later one reads. */
import { type Origin, unknownOrigin } from "./line.js";

export interface Assignment {
  /** The variable. */
  readonly target: string;
  /** The line without its semicolon. */
  readonly text: string;
  readonly value: string;
  /** Behind the name of a temporary: TypeScript would look for the types of conditions in each other. */
  readonly annotation: string;
  readonly origin: Origin;
  /** Variables that the value reads. */
  readonly reads: ReadonlySet<string>;
}

/** The lines, with a temporary where the assignments go round in a circle. */
export function sequence(
  assignments: readonly Assignment[],
  temporary: (name: string) => string,
): readonly (readonly [text: string, origin: Origin])[] {
  const lines: [string, Origin][] = [];
  let open = [...assignments];
  while (open.length > 0) {
    const free = open.find(({ target }, i) => !open.some((other, j) => j !== i && other.reads.has(target)));
    if (free !== undefined) {
      lines.push([`${free.text};`, free.origin]);
      open = open.filter((one) => one !== free);
      continue;
    }
    const [first, ...rest] = open;
    if (first === undefined) break;
    const name = temporary(first.target);
    lines.push([`const ${name}${first.annotation} = ${first.value};`, first.origin]);
    open = [
      ...rest,
      {
        ...first,
        text: `${first.target} = ${name}`,
        value: name,
        reads: new Set([name]),
        origin: unknownOrigin,
      },
    ];
  }
  return lines;
}
