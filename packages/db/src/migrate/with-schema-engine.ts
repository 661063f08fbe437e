/// <reference path="../web-assembly.d.ts" />

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import { connectionError } from "../connection-error.ts";
import { createPool } from "../session/pool.ts";

const MODULE = "@prisma/schema-engine-wasm/schema_engine_bg";
const FILE = "schema_engine_bg.wasm";

/** Runs the text of a script against the database, all of it in one transaction. */
export type RunScript = (script: string) => Promise<void>;

/**
 * Hands Prisma's own schema engine to `use` and disposes of its connection afterwards. It comes as
 * WebAssembly, so nothing is downloaded, and is loaded at the first call (some 50 ms): only a start
 * that has something to migrate pays for it. It connects when it needs the database.
 *
 * `runScript` replaces the adapter's way to run scripts, which splits them at every semicolon and so
 * breaks the bodies of functions.
 *
 * Throws DatabaseSetupError (`unreachable`, `refused`) where there is no connection, and what `use` throws.
 */
export const withSchemaEngine = async <T>(
  url: string,
  runScript: RunScript,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> => {
  loaded ??= loadEngine();
  const engines = await loaded;
  class ScriptAdapter extends PrismaPg {
    override async connect() {
      const adapter = await super.connect();
      adapter.executeScript = runScript;
      return adapter;
    }
  }
  // One connection, because the engine takes session locks.
  const pool = createPool({ url, size: 1, applicationName: "lethe migrate", plans: "any" });
  try {
    // The engine would say in words of its own why there is no connection, and nobody would try again.
    const connection = await pool.connect().catch((error: unknown) => {
      throw connectionError(url, error);
    });
    connection.release();
    const engine = await engines.new(
      { datamodels: undefined },
      () => {},
      bindMigrationAwareSqlAdapterFactory(new ScriptAdapter(pool)),
    );
    return await use(engine);
  } finally {
    await pool.end();
  }
};

/** Once for each process: the module keeps the instance in a variable of its own. */
let loaded: Promise<typeof SchemaEngine> | undefined;

const loadEngine = async (): Promise<typeof SchemaEngine> => {
  const module = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const folder = dirname(createRequire(import.meta.url).resolve(MODULE));
  const { instance } = await WebAssembly.instantiate(await readFile(join(folder, FILE)), {
    "./schema_engine_bg.js": { ...module, ...lenientTimers(module) },
  });
  module.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === "function") start();
  return module.SchemaEngine;
};

/**
 * The engine never clears the timer (10 s) by which it bounds its wait for a lock. It must not keep
 * alive a process that has nothing else to do.
 */
const lenientTimers = (imports: object) => {
  const setLenient = (wake: () => void, ms: number) => setTimeout(wake, ms).unref();
  const names = Object.keys(imports).filter((name) => name.startsWith("__wbg_setTimeout"));
  return Object.fromEntries(names.map((name) => [name, setLenient]));
};
