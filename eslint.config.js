// @ts-check
// The rules that neither the compiler nor prettier holds; `make lint` runs them.
import compat from "eslint-plugin-compat";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      ...["**/dist/", "**/wasm/", "**/.medusa/", "**/*.d.ts"],
      "integrations/medusa/src/loading.ts",
    ],
  },
  {
    files: [
      "pkg/src/**/*.{ts,tsx}",
      "www/src/**/*.{ts,tsx}",
      // The rules of the plugin for Medusa; the rest needs Medusa's types, which are not installed.
      "integrations/medusa/src/*.ts",
      "integrations/medusa/src/{mapping,outbox}/**/*.ts",
      "integrations/medusa/src/**/{calls,store-events}.ts",
      "{bench,scripts,tests,integrations/medusa/tests}/**/*.mjs",
    ],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          "pkg/tsconfig.json",
          "pkg/tsconfig.node.json",
          "www/tsconfig.json",
          "tests/tsconfig.json",
          "integrations/medusa/tsconfig.rules.json",
        ],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // Segment's own types have `any` where a page may put anything.
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-function-type": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      // Methods of Segment's client may take arguments that Waymark's do not need.
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      // The test runner itself waits for its tests.
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            {
              from: "package",
              name: ["test", "suite", "describe", "it"],
              package: "node:test",
            },
          ],
        },
      ],
      // `Promise<unknown> | unknown` tells the reader that a promise is awaited.
      "@typescript-eslint/no-redundant-type-constituents": "off",
      // `async` turns what is thrown into a rejection.
      "@typescript-eslint/require-await": "off",
      // A plugin stops an event by a `ContextCancelation`, which is no `Error`.
      "@typescript-eslint/only-throw-error": "off",
      "@typescript-eslint/prefer-promise-reject-errors": [
        "error",
        { allowThrowingUnknown: true },
      ],
    },
  },
  {
    // What the oldest browsers have not, as package.json lists them.
    files: ["pkg/src/**/*.{ts,tsx}"],
    plugins: { compat },
    rules: { "compat/compat": "error" },
    settings: {
      lintAllEsApis: true,
      // The code does without them.
      polyfills: [
        "DecompressionStream",
        "Intl.supportedValuesOf",
        "navigator.locks",
      ],
    },
  },
  {
    // What a page loads: elements and old libraries stand in for much of the platform.
    files: [
      "pkg/src/snippet.ts",
      "pkg/src/{automatic,base,call,client,core,front,journal,model,page}/**/*.ts",
      "pkg/src/consent/{channel,gate,stored-denial}.ts",
    ],
    ignores: [
      "pkg/src/base/platform.ts",
      // What it imports it would take from a chunk of every page.
      "pkg/src/automatic/identity-renewal.ts",
    ],
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "queueMicrotask", message: "Use inMicrotask." },
        { name: "addEventListener", message: "Use listen." },
        { name: "BroadcastChannel", message: "Use openChannel." },
        ...["Map", "Set", "Reflect"].map((name) => ({
          name,
          message: "A page may have its own: use lists and plain objects.",
        })),
      ],
      "no-restricted-properties": [
        "error",
        ...["from", "of"].map((property) => ({
          object: "Array",
          property,
          message: "Prototype.js and MooTools replace it: write a loop.",
        })),
        ...["assign", "entries", "fromEntries", "hasOwn"].map((property) => ({
          object: "Object",
          property,
          message: "A page may lack it: spread, or loop over Object.keys.",
        })),
        ...["allSettled", "any", "race"].map((property) => ({
          object: "Promise",
          property,
          message: "The promises of a library may lack it.",
        })),
        ...["bind", "find", "flat", "matches", "closest", "replaceAll"].map(
          (property) => ({
            property,
            message: "Old libraries give it another meaning.",
          }),
        ),
        ...["endsWith", "fill", "flatMap", "includes", "startsWith"].map(
          (property) => ({
            property,
            message: "A page may lack it: indexOf or a pattern do the same.",
          }),
        ),
        {
          object: "Date",
          property: "now",
          message: "A page may lack it: use +new Date().",
        },
        { property: "toISOString", message: "Libraries give it quotes." },
        { object: "JSON", property: "stringify", message: "Use snapshot." },
        {
          object: "crypto",
          property: "randomUUID",
          message: "Use randomId.",
        },
      ],
      "no-restricted-syntax": [
        "error",
        {
          // Setting passes elements by: only reading finds them.
          selector:
            ":not(AssignmentExpression) > MemberExpression[object.name='document']",
          message: "An element may stand in: use ofDocument or listen.",
        },
      ],
    },
  },
  {
    files: ["{bench,scripts,tests,integrations/medusa/tests}/**/*.mjs"],
    rules: {
      // A listener's rejection ends the process or fails the test.
      "@typescript-eslint/no-misused-promises": [
        "error",
        { checksVoidReturn: { arguments: false } },
      ],
      // esbuild's plugins take its hooks apart.
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    files: ["pkg/src/react/**/*.{ts,tsx}", "www/src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      "react-hooks/exhaustive-deps": "error",
      "react-hooks/rules-of-hooks": "error",
    },
  },
);
