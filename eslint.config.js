import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Folders of `src/` in the direction in which data flows; each imports only from itself and those before it. */
const layers = [
  ["support", "config", "options", "version", "macros"],
  ["ir"],
  ["ops"],
  ["diagnostics"],
  ["frontend"],
  ["analysis"],
  ["transform"],
  ["passes"],
  ["emit"],
  ["header", "settings", "fresh", "report", "result"],
  ["compile"],
  ["macro-modules"],
  ["session"],
  ["index"],
];

/** Packages that only one place may import, and that place. */
const homes = {
  "ts-morph": ["src/support/**", "src/diagnostics/**", "src/frontend/**"],
  prettier: ["src/emit/**", "src/settings.ts"],
  jiti: ["src/config/load.ts"],
  unplugin: ["plugin/**"],
  "magic-string": ["plugin/**"],
};

const syntax = [
  { selector: "ExportDefaultDeclaration", message: "No default exports: one name for a thing, everywhere." },
  { selector: "TSEnumDeclaration", message: "No enums: use a union of literals." },
  {
    selector: ":matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration[kind!='const']",
    message: "No mutable state in a module: pass it in.",
  },
  {
    selector: ":matches(ClassDeclaration, ClassExpression)[superClass]:not([superClass.name=/Error$/])",
    message: "No inheritance, except from Error: use functions over a union.",
  },
];

/**
 * What the files of one layer may not import.
 * @param {readonly string[]} own
 * @param {number} index
 * @returns {import("eslint").Linter.Config}
 */
function layerRule(own, index) {
  const later = layers.slice(index + 1).flat();
  const outside = {
    regex: "^(\\.\\./)+(cli|eslint|plugin|test|fixtures|scripts)/",
    message: "src/ stands on its own.",
  };
  // `./x` counts only for the files that lie directly in src/.
  const prefix = own.some((name) =>
    ["header", "compile", "macro-modules", "session", "index", "options"].includes(name),
  )
    ? "^(\\./|(\\.\\./)+)"
    : "^(\\.\\./)+";
  const patterns =
    later.length === 0
      ? [outside]
      : [
          outside,
          {
            regex: `${prefix}(${later.join("|")})(/|\\.js$)`,
            message: `${own[0]} comes before it: a layer imports only from layers before it.`,
          },
        ];
  return {
    files: own.flatMap((name) => [`src/${name}/**/*.ts`, `src/${name}.ts`]),
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
}

/**
 * Forbids all packages of `homes` but those allowed, and TypeScript itself: users may have a version without an API.
 * @param {string[]} files
 * @param {readonly string[]} allowed
 * @returns {import("eslint").Linter.Config}
 */
function packageRule(files, allowed) {
  const names = ["typescript", ...Object.keys(homes)].filter((name) => !allowed.includes(name));
  const paths = names.map((name) => ({
    name,
    message: "Only one place uses this package; see eslint.config.js.",
  }));
  return { files, rules: { "@typescript-eslint/no-restricted-imports": ["error", { paths }] } };
}

export default defineConfig(
  { ignores: ["dist/", "coverage/", "fixtures/", "examples/", "playground/dist/"] },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-restricted-syntax": ["error", ...syntax],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // TypeScript's own flags are made for arithmetic, and a walk up a chain starts at `this`.
      "@typescript-eslint/no-this-alias": "off",
      "@typescript-eslint/no-unsafe-enum-assignment": "off",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        // A `default` is a deliberate "and all others"; without one, every member has its case.
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ["src/**/*.ts", "cli/**/*.ts", "plugin/**/*.ts", "eslint/**/*.ts"],
    rules: { "max-lines": ["error", 400], "no-console": "error" },
  },
  {
    // Tests run what they have compiled, and share what `beforeAll` made.
    files: ["test/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...syntax.filter((rule) => !rule.message.startsWith("No mutable state")),
      ],
      "@typescript-eslint/no-implied-eval": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  // The op `==` is itself.
  { files: ["src/ops/logic.ts"], rules: { eqeqeq: "off" } },
  layers.map(layerRule),
  packageRule(["src/**/*.ts", "cli/**/*.ts"], []),
  Object.entries(homes).map(([name, files]) => packageRule(files, [name])),
  packageRule(["plugin/**/*.ts"], ["unplugin", "magic-string"]),
  {
    files: ["cli/**/*.ts", "plugin/**/*.ts", "eslint/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex:
                "^(\\.\\./)+src/(?!(index|options|version|session|fresh|header)\\.js$|config/|diagnostics/(catalog|collector|lines|render)\\.js$)",
              message: "A front door uses the public API.",
            },
          ],
        },
      ],
    },
  },
  // Bundlers take a default export as well.
  {
    files: ["plugin/{vite,rollup,rolldown,webpack,rspack,esbuild,farm,bun}.ts", "*.config.{js,ts}"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.js"],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { "@typescript-eslint/explicit-module-boundary-types": "off" },
  },
);
