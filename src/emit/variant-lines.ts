/** Functions that do something else for each kind of objects of a type: how they tell which kind they have been given. */
import { tagsOf } from "../ir/gradient-shapes.js";
import type { NamedType, Variant } from "../ir/types.js";
import { accessText } from "./keys.js";

/** What is returned for the kind. */
export interface VariantLine {
  readonly variant: Variant;
  readonly text: string;
  /** A statement that comes first. */
  readonly before?: string;
}

/** The body of a function whose parameter is called `of`. */
export function linesByVariant(
  named: NamedType,
  lines: readonly VariantLine[],
  of: string,
): readonly string[] {
  if (tagsOf(named).size > 0 && !isOfEnum(named)) return switchLines(lines, of);
  if (lines.some(({ variant }) => variant.test.kind === "instance"))
    return instanceLines(lines, of, named.name);
  return testLines(lines, of);
}

function switchLines(lines: readonly VariantLine[], of: string): readonly string[] {
  const [first] = lines;
  const field = first?.variant.test.kind === "tag" ? first.variant.test.field : "";
  const cases = lines.flatMap(({ variant: { test }, text, before }) => [
    ...(test.kind === "tag" ? test.values.map((value) => `case ${JSON.stringify(value)}:`) : []),
    ...(before === undefined ? [`return ${text};`] : ["{", before, `return ${text};`, "}"]),
  ]);
  return [`switch (${accessText(of, field)}) {`, ...cases, "}"];
}

function testLines(lines: readonly VariantLine[], of: string): readonly string[] {
  const isLast = ({ variant }: VariantLine): boolean => variant.test.kind === "rest";
  const tested = lines.filter((line) => !isLast(line));
  const last = lines.find(isLast) ?? tested.pop();
  return [
    ...tested.map((line) => testLine(line, of)),
    ...(last === undefined
      ? []
      : [...(last.before === undefined ? [] : [last.before]), `return ${last.text};`]),
  ];
}

/** Others may extend the class as well. */
function instanceLines(lines: readonly VariantLine[], of: string, name: string): readonly string[] {
  return [
    ...lines.map((line) => testLine(line, of)),
    `throw new TypeError("a ${name} is of a class that is not known");`,
  ];
}

function testLine({ variant, text, before }: VariantLine, of: string): string {
  const body = before === undefined ? `return ${text};` : `{ ${before} return ${text}; }`;
  return `if (${testText(variant.test, of)}) ${body}`;
}

function isOfEnum({ variants }: NamedType): boolean {
  return variants.some(({ test }) => test.kind === "tag" && test.isEnum);
}

function testText(test: Variant["test"], of: string): string {
  switch (test.kind) {
    case "tag":
      return test.values
        .map((value) => `${accessText(of, test.field)} === ${JSON.stringify(value)}`)
        .join(" || ");
    case "own":
      return `${JSON.stringify(test.field)} in ${of}`;
    case "instance":
      return `${of} instanceof ${test.text}`;
    case "rest":
      return "true";
  }
}
