/** The reference page of all operations, made from the table. */
import type { FormulaArg } from "../ir/op.js";
import type { Kink, LiteralCase, OpEntry } from "./entry.js";
import { arg, lit, literalValue, result } from "./formula.js";
import { mathPow } from "./power.js";
import { renderCall, renderFormula } from "./render.js";
import { table } from "./table.js";

/** The text of `docs/ops.md`. */
export function renderOpsDoc(): string {
  const smooth = table.filter(hasDerivative);
  const others = table.filter((entry) => !hasDerivative(entry));
  return [
    "# Operations",
    "",
    "Every scalar operation that tsad differentiates, with the formula that it writes. In a formula, `f` is the value of",
    "the operation itself, which the forward sweep has already computed. This page is generated from `src/ops`.",
    "",
    ...markdownTable(["Operation", "Derivative", "Special points"], smooth.map(smoothRow)),
    "",
    "A derivative that may be infinite is so where the value is finite; others are infinite at most where the value is.",
    "Either way a cotangent that is exactly 0 stays 0: it is never multiplied into `NaN`.",
    "",
    "## With literal arguments",
    "",
    "A literal argument makes the formula simpler. `Math.pow` is as `**`.",
    "",
    ...markdownTable(
      ["Operation", "Derivative"],
      smooth.filter((entry) => entry !== mathPow).flatMap(literalRows),
    ),
    "",
    "## Without derivative",
    "",
    "Nothing flows back through these.",
    "",
    ...markdownTable(["Operation", "Remarks"], others.map(otherRow)),
    "",
  ].join("\n");
}

/** Whether anything flows back through the operation. */
function hasDerivative(entry: OpEntry): boolean {
  const partials =
    entry.partials?.(
      entry.argNames.map((_, i) => arg(i)),
      result(false),
    ) ?? [];
  return partials.some((partial) => literalValue(partial) !== 0);
}

type Row = readonly string[];

function smoothRow(entry: OpEntry): Row {
  const args = entry.argNames;
  return [
    code(spelled(entry, args)),
    derivatives(
      entry,
      args.map((_, i) => arg(i)),
      args,
    ),
    remarks(entry, args),
  ];
}

function literalRows(entry: OpEntry): readonly Row[] {
  const rows = entry.literalCases.map((pattern): Row => {
    const args = entry.argNames;
    const given = pattern.map((part, i) => (typeof part === "number" ? literal(part) : arg(i)));
    const names = given.map((part, i) =>
      part.kind === "literal" ? (part.spelling ?? String(part.value)) : (args[i] ?? ""),
    );
    return [code(renderCall(entry, names)), derivatives(entry, given, names, pattern)];
  });
  // Several ranges of one pattern make the same row.
  return [...new Map(rows.map((row) => [row.join("|"), row])).values()];
}

function otherRow(entry: OpEntry): Row {
  const args = entry.argNames;
  const lost = entry.losesDerivative ? ["warns where it loses the derivative of an active number"] : [];
  const note = entry.note === "" ? [] : [entry.note];
  return [code(spelled(entry, args)), [...note, ...lost].join("; ")];
}

function literal(value: number): FormulaArg {
  if (value === Math.E) return lit(value, "Math.E");
  return value === 1 / 3 ? lit(value, "(1 / 3)") : lit(value);
}

/** One formula per argument that is not a literal. */
function derivatives(
  entry: OpEntry,
  given: readonly FormulaArg[],
  names: readonly string[],
  pattern: LiteralCase = [],
): string {
  const partials = entry.partials?.(given, result(false)) ?? [];
  const shown = partials.flatMap((partial, i) => {
    if (typeof pattern[i] === "number" || isTest(entry, i)) return [];
    const text = code(renderFormula(partial, names, "f"));
    return [partials.length === 1 ? text : `by ${code(names[i] ?? "")}: ${text}`];
  });
  return shown.join("<br>");
}

function isTest(entry: OpEntry, index: number): boolean {
  return entry.domain.some((ranges) => ranges[index] === "bool");
}

function remarks(entry: OpEntry, args: readonly string[]): string {
  const kinks = entry.kinks.filter((kink) => kink.literal === undefined).map((kink) => kinkText(kink, args));
  const points = entry.note === "" ? kinks : [entry.note];
  const finite = "may be infinite";
  return [...points, ...(entry.singular === "finite" ? [finite] : [])].join("; ");
}

function kinkText({ at, partials }: Kink, args: readonly string[]): string {
  const point = at.map((value, i) => `${args[i] ?? ""} = ${String(value)}`).join(", ");
  return `at ${code(point)}: ${partials.map((value) => code(String(value))).join(", ")}`;
}

function spelled(entry: OpEntry, args: readonly string[]): string {
  const text = renderCall(entry, args);
  return entry.arity === null ? text.replace(/\)$/, ", …)") : text;
}

/** A cell of a Markdown table cannot hold a bare bar. */
function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

/** Padded as Prettier does it. */
function markdownTable(head: Row, rows: readonly Row[]): readonly string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const rule = widths.map((width) => "-".repeat(width));
  return [head, rule, ...rows].map(
    (row) => `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`,
  );
}
