/** The reference of all diagnostics, as Markdown. */
import { type EntryName, catalog } from "./catalog.js";
import type { Args, Entry, Kind } from "./entries/entry.js";

/** The text of `docs/diagnostics.md`. */
export function renderDiagnosticsDoc(): string {
  const names = Object.keys(catalog) as EntryName[];
  const sections = kinds.map(({ kind, heading, about }) => {
    const entries = names
      .filter((name) => catalog[name].kind === kind)
      .map((name) => entryText(catalog[name] as Entry<Args>));
    return `## ${heading}\n\n${about}\n\n${entries.join("\n")}`;
  });
  return `${intro}\n${sections.join("\n")}`;
}

const intro = `# Diagnostics

<!-- Generated from src/diagnostics/catalog.ts. Do not edit. -->

What tsad reports, by code. Errors of TypeScript itself keep TypeScript's codes (\`TS2322\`) and are not listed. A function
with an error is not written; the other functions of the run are.
`;

const kinds: readonly { readonly kind: Kind; readonly heading: string; readonly about: string }[] = [
  {
    kind: "unsupported",
    heading: "Not supported",
    about: "Valid TypeScript that tsad does not differentiate, or not yet.",
  },
  {
    kind: "invalid",
    heading: "No derivative",
    about: "The function has no gradient, or the `@grad` tag says something impossible.",
  },
  { kind: "config", heading: "Files and configuration", about: "Files, options and the tsconfig." },
  {
    kind: "warning",
    heading: "Warnings",
    about: "The gradient is written and right, but probably not what is wanted.",
  },
];

function entryText({ code, title, example, message, help }: Entry<Args>): string {
  return `### ${code}: ${title}\n\n> ${message(example)}\n\n${help(example)}\n`;
}
