import { inspect, parseArgs } from "node:util";
import { isExplained } from "./src/server/is-explained.ts";
import { run } from "./src/server/run.ts";

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
  process.stderr.write(`Lethe cannot start. ${isExplained(error) ? error.message : inspect(error)}\n`);
  process.exit(1);
}
