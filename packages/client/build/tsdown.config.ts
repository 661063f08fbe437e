import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";
import { nameTypes } from "./name-types.ts";

const wire = fileURLToPath(new URL("../src/generated/wire.ts", import.meta.url));

/** `dist` of packages/client: four entries, with what is Lethe's and what is tRPC's inside. */
export default defineConfig({
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  entry: {
    index: "src/index.ts",
    react: "src/react/index.ts",
    rest: "src/rest.ts",
    receipts: "src/receipts.ts",
  },
  platform: "neutral",
  target: "es2022",
  fixedExtension: false,
  tsconfig: "build/tsconfig.package.json",
  // Where the server's types are named, what is published of them.
  alias: { "@lethe/api": wire, "@lethe/api/schemas": wire },
  // Nothing is imported for what it does by being there.
  treeshake: { moduleSideEffects: [{ external: true, sideEffects: false }] },
  // What would clash with that of an application if it were shared: tRPC's parts fit each other by the exact version.
  deps: { onlyBundle: ["@trpc/client", "@trpc/server", "@trpc/tanstack-react-query"] },
  // Types that entries share lie in one file, of which every name can be written down: \`@lethe/client/types\`.
  outputOptions: {
    minifyInternalExports: false,
    chunkFileNames: ({ name }) => (name === "types.d" ? "[name].js" : "[name]-[hash].js"),
    codeSplitting: { groups: [{ name: "types.d", test: /\.d\.[cm]?ts$/, minShareCount: 2 }] },
  },
  plugins: [nameTypes],
  // Its licence asks for it.
  copy: [{ from: "node_modules/@trpc/server/LICENSE", to: "dist", rename: "LICENSE.trpc" }],
  banner: ({ fileName }) => (fileName === "react.js" ? '"use client";' : ""),
  checks: { moduleLevelDirective: false, pluginTimings: false },
});
