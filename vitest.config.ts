import { defineConfig } from "vitest/config";

/** Where `.ci/run` wants the counts. */
const report = process.env["TSAD_TEST_REPORT"];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
