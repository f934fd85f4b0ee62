/** `docs/language.md` and the fixtures keep in step: what is linked shows what the row says, and nothing is left out. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalog, type EntryName } from "../src/diagnostics/catalog.js";
import { root } from "./support/corpus.js";
import { errorFixture, sections } from "./support/language/page.js";
import { refused, warned } from "./support/language/refused.js";

const fixtures = join(root, "fixtures");
const told = [...refused, ...warned];
const shown = sections.flatMap(({ rows }) => rows.flatMap((row) => row.shown));

/** Of the plugin only: no function is refused. */
const elsewhere: readonly EntryName[] = ["macroMoved"];

describe("each row's fixture shows the construct", () => {
  test.each(shown)("%s: %s", (fixture, text) => {
    expect(existsSync(join(fixtures, `${fixture}.samples.ts`))).toBe(true);
    expect(contains(`${fixture}.ts`, text)).toBe(true);
  });

  test.each(told.map(({ entry, text }) => [entry, text] as const))("%s: %s", (entry, text) => {
    expect(contains(`${errorFixture(entry)}.ts`, text)).toBe(true);
    expect(contains(`${errorFixture(entry)}.txt`, catalog[entry].code)).toBe(true);
  });
});

describe("nothing is left out", () => {
  const areas = readdirSync(fixtures, { withFileTypes: true }).filter((each) => each.isDirectory());

  test.each(areas.map(({ name }) => name))("the area %s", (area) => {
    const linked = [...shown.map(([fixture]) => fixture), ...told.map(({ entry }) => errorFixture(entry))];
    expect(linked.filter((fixture) => fixture.startsWith(`${area}/`))).not.toEqual([]);
  });

  const codes = (Object.keys(catalog) as EntryName[]).filter(
    (name) => catalog[name].kind !== "config" && !elsewhere.includes(name),
  );

  test.each(codes)("the diagnostic %s, once", (name) => {
    expect(told.filter(({ entry }) => entry === name)).toHaveLength(1);
  });
});

function contains(fixture: string, text: string): boolean {
  return readFileSync(join(fixtures, fixture), "utf8").includes(text);
}
