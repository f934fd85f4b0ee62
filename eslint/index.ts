/**
 * `tsad/eslint`: what tsad has to say about a file, in the editor and in CI. It reads the text that ESLint has, saved or
 * not.
 */
import type { ESLint, Linter } from "eslint";
import { version } from "../src/version.js";
import { makeCheckers } from "./checkers.js";
import { gradientRule } from "./rule.js";

const check = makeCheckers();

const rules = {
  /** What keeps a `@grad` function from being differentiated. */
  differentiable: gradientRule("error", "Functions tagged @grad can be differentiated", check),
  /** What compiles, but probably not to what is wanted. */
  suspicious: gradientRule("warning", "Gradients of functions tagged @grad are what is wanted", check),
};

const plugin: ESLint.Plugin = { meta: { name: "tsad", version }, rules };

const recommended: Linter.Config = {
  name: "tsad/recommended",
  files: ["**/*.{ts,mts,cts,tsx}"],
  plugins: { tsad: plugin },
  rules: { "tsad/differentiable": "error", "tsad/suspicious": "warn" },
};

/** The plugin; `tsad.configs.recommended` turns on both of its rules for TypeScript files. */
const tsad: ESLint.Plugin & { readonly configs: { readonly recommended: Linter.Config } } = {
  ...plugin,
  configs: { recommended },
};

export { tsad, tsad as default };
