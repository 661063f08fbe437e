/// <reference path="./web-assembly.d.ts" />

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";

const MODULE = "@prisma/schema-engine-wasm/schema_engine_bg";
const FILE = "schema_engine_bg.wasm";

/** Runs the text of a script against the database, all of it in one transaction. */
export type RunScript = (script: string) => Promise<void>;

/**
 * Prisma's own schema engine, as WebAssembly: nothing is downloaded. It is loaded anew for each call
 * (some 50 ms), because a failure inside may leave it unusable.
 *
 * `runScript` replaces the adapter's way to run scripts, which splits them at every semicolon and so
 * breaks the bodies of functions.
 */
export const loadSchemaEngine = async (url: string, runScript: RunScript): Promise<SchemaEngine> => {
  const engine = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const folder = dirname(createRequire(import.meta.url).resolve(MODULE));
  const { instance } = await WebAssembly.instantiate(await readFile(join(folder, FILE)), {
    "./schema_engine_bg.js": engine,
  });
  engine.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === "function") start();

  class MigrationAdapter extends PrismaPg {
    override async connect() {
      const adapter = await super.connect();
      adapter.executeScript = runScript;
      return adapter;
    }
  }
  // One connection, because the engine takes session locks.
  const adapter = new MigrationAdapter({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: 5_000,
    application_name: "lethe migrate",
  });
  return engine.SchemaEngine.new(
    { datamodels: undefined },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
};
