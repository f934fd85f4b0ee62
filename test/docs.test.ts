/** Generated documentation is up to date. `npm run docs` writes it. */
import { format, resolveConfig } from "prettier";
import { expect, it } from "vitest";
import { renderDiagnosticsDoc } from "../src/diagnostics/docs.js";
import { renderOpsDoc } from "../src/ops/docs.js";
import { renderLanguageDoc } from "./support/language/page.js";

it.each([
  ["ops.md", renderOpsDoc],
  ["diagnostics.md", renderDiagnosticsDoc],
  ["language.md", renderLanguageDoc],
])("docs/%s is what the tables say", async (name, render) => {
  const path = `${import.meta.dirname}/../docs/${name}`;
  const text = await format(render(), { ...(await resolveConfig(path)), parser: "markdown" });
  await expect(text).toMatchFileSnapshot(path);
});
