import { enableCompileCache, flushCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { inspect, parseArgs } from "node:util";
import { isExplained } from "./src/server/start-error.ts";

// A start is faster when what was compiled at the last one is kept. The folder is the project's own: what lies in a
// folder that everybody can write could be anybody's code.
enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/lethe", import.meta.url)));
const { run } = await import("./src/server/run.ts");
// Node keeps what it has read of it until it is flushed, some 10 MB, of which half is free again for what is loaded next.
flushCompileCache();

const { values } = parseArgs({
  options: {
    dev: { type: "boolean", default: false },
    // The API and its sockets from the same boot, for where no pages are wanted or built.
    "api-only": { type: "boolean", default: false },
  },
});

try {
  await run({ dev: values.dev, pages: !values["api-only"] });
} catch (error) {
  const explained = isExplained(error);
  if (process.stderr.isTTY)
    process.stderr.write(`Lethe cannot start. ${explained ? error.message : inspect(error)}\n`);
  else {
    // What collects the log takes lines of JSON and nothing else, this one above all.
    const { createLogger } = await import("./src/server/logger.ts");
    const log = createLogger("fatal");
    if (explained) log.fatal(`Lethe cannot start. ${error.message}`);
    else log.fatal({ err: error }, "Lethe cannot start");
  }
  process.exit(1);
}
