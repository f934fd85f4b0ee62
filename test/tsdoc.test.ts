/** `tsad/tsdoc.json`: tools that read TSDoc know the tag. */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { TSDocParser, TSDocConfiguration } from "@microsoft/tsdoc";
import { TSDocConfigFile } from "@microsoft/tsdoc-config";
import { expect, it, onTestFinished } from "vitest";
import { makeSandbox } from "./support/command-line.js";
import { root } from "./support/corpus.js";

it("is extended by a project's own, and knows the tag", () => {
  const box = makeSandbox({
    "package.json": "{}",
    "tsdoc.json":
      '{ "$schema": "https://developer.microsoft.com/json-schemas/tsdoc/v0/tsdoc.schema.json", "extends": ["tsad/tsdoc.json"] }',
  });
  onTestFinished(box.remove);
  mkdirSync(box.path("node_modules/tsad"), { recursive: true });
  for (const name of ["package.json", "tsdoc.json"])
    cpSync(join(root, name), box.path(`node_modules/tsad/${name}`));
  const file = TSDocConfigFile.loadForFolder(box.root);
  expect(file.getErrorSummary()).toBe("No errors.");
  const comment = "/**\n * The energy of a spring.\n * @grad wrt p, q\n * @gradOf solve\n */";
  const messagesOf = (configuration: TSDocConfiguration) =>
    new TSDocParser(configuration).parseString(comment).log.messages.map(({ messageId }) => messageId);
  expect(messagesOf(new TSDocConfiguration())).toEqual(["tsdoc-undefined-tag", "tsdoc-undefined-tag"]);
  const configuration = new TSDocConfiguration();
  file.configureParser(configuration);
  expect(messagesOf(configuration)).toEqual([]);
});
