/** `docs/language.md`, made from its rows. */
import { catalog } from "../../../src/diagnostics/catalog.js";
import { controlSections } from "./control.js";
import { dataSections } from "./data.js";
import { refused, warned } from "./refused.js";
import type { Refused, Section, Supported } from "./row.js";

export const sections: readonly Section[] = [...dataSections, ...controlSections];

/** The text, not yet formatted. */
export function renderLanguageDoc(): string {
  return [
    intro,
    ...sections.map(
      ({ heading, about, rows }) =>
        `### ${heading}\n\n${about}\n\n${table(["Construct", "How it is differentiated", "Shown in"], rows.map(supportedCells))}`,
    ),
    "## Refused",
    "At file, line and column, with what to do instead. Valid TypeScript that is not on this page is refused too, not guessed.",
    table(["Construct", "Why", "Diagnostic", "Shown in"], refused.map(refusedCells)),
    "## Warned of",
    "The gradient is written and right, but probably not what is wanted.",
    table(["Construct", "Why", "Diagnostic", "Shown in"], warned.map(refusedCells)),
  ].join("\n\n");
}

/** Where an error fixture lies. */
export function errorFixture(entry: Refused["entry"]): string {
  return `errors/${entry.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
}

const intro = `# The language

<!-- Generated from test/support/language. Do not edit. -->

What tsad does with each construct of TypeScript. Each row links a fixture: its source and, beside it, the gradient that
is emitted for it (\`x.grad.ts\`; none in \`fixtures/programs\`) or what the user is told (\`x.txt\`).

## Supported`;

function supportedCells({ construct, how, shown }: Supported): readonly string[] {
  return [construct, how, [...new Set(shown.map(([fixture]) => shownLinks(fixture)))].join("<br>")];
}

/** Programs have no gradient beside them: tests make it. */
function shownLinks(fixture: string): string {
  return fixture.startsWith("programs/")
    ? link(fixture)
    : `${link(fixture)} (${link(fixture, "gradient", ".grad.ts")})`;
}

function refusedCells({ entry, construct, why }: Refused): readonly string[] {
  const { code, title } = catalog[entry];
  const anchor = `${code}: ${title}`
    .toLowerCase()
    .replace(/[^\w\s-]/gu, "")
    .replace(/\s/gu, "-");
  const fixture = errorFixture(entry);
  return [
    construct,
    why,
    `[${code}](diagnostics.md#${anchor})`,
    `${link(fixture)} (${link(fixture, "message", ".txt")})`,
  ];
}

function link(fixture: string, text = fixture, ending = ".ts"): string {
  return `[${text}](../fixtures/${fixture}${ending})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\|/gu, "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
