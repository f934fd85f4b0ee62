/** How a value leads to a constant of a module: by which steps one comes from it to that, or to a part of that. */
import type { ts } from "ts-morph";

export interface Lead {
  /** The field of the constant that the steps end in; null where they end in the constant itself. */
  readonly cell: string | null;
  readonly path: readonly string[];
  /** The call by which the code is reached that has the value; null for code as such. */
  readonly entered: Entered | null;
}

export interface Entered {
  readonly call: ts.Expression;
  readonly callee: ts.Node;
  readonly outer: Entered | null;
}

/** An element, or a field whose name is not known. */
export const anyStep = "*";
/** What a function returns. */
export const resultStep = "()";
/** A copy has the parts of the original. */
const copyStep = "…";

const longestPath = 5;
const deepest = 3;

/** What is read of it there; null where that leads elsewhere. */
export function stepInto(lead: Lead, key: string): Lead | null {
  const [first, ...rest] = lead.path;
  if (first === resultStep || key === resultStep) return first === key ? { ...lead, path: rest } : null;
  if (first === undefined) return { ...lead, cell: lead.cell ?? key };
  if (first.startsWith(copyStep))
    return isOwn(first, key) ? null : { ...lead, cell: lead.cell ?? key, path: rest };
  return first === key || first === anyStep || key === anyStep ? { ...lead, path: rest } : null;
}

/** Something new that has it there; null where one would have to go too far for it. */
export function wrapped(lead: Lead | null, key: string): Lead | null {
  return lead === null || lead.path.length >= longestPath ? null : { ...lead, path: [key, ...lead.path] };
}

/** A copy of it, which shares its parts, but for those that it has of its own; null where it shares none of these. */
export function copied(lead: Lead, own: readonly string[] = []): Lead | null {
  const [first, ...rest] = lead.path;
  if (first === undefined) return { ...lead, path: [copyOf([], own)] };
  if (own.includes(first)) return null;
  const [mark, ...before] = first.split(",");
  return mark === copyStep ? { ...lead, path: [copyOf(before, own), ...rest] } : lead;
}

/** A copy of a copy has the fields of its own that either has. */
function copyOf(before: readonly string[], own: readonly string[]): string {
  return [copyStep, ...[...new Set([...before, ...own])].sort()].join();
}

function isOwn(copy: string, key: string): boolean {
  return copy.split(",").includes(key);
}

/** In a function that is called with it. */
export function entering(lead: Lead, call: ts.Expression, callee: ts.Node): Lead {
  let depth = 0;
  for (let each = lead.entered; each !== null; each = each.outer) depth++;
  return { ...lead, entered: depth >= deepest ? null : { call, callee, outer: lead.entered } };
}

export function keyOf({ cell, path, entered }: Lead): string {
  const calls: string[] = [];
  for (let each = entered; each !== null; each = each.outer)
    calls.push(`${each.call.getSourceFile().fileName}:${String(each.call.pos)}-${String(each.call.end)}`);
  return [cell ?? "", ...path, ...calls].join("|");
}
