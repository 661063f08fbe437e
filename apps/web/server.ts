import { inspect, parseArgs } from "node:util";
import { run } from "./src/server/run.ts";

const { values } = parseArgs({
  options: {
    dev: { type: "boolean", default: false },
    // The API and its sockets from the same boot, for where no pages are wanted or built.
    "api-only": { type: "boolean", default: false },
  },
});

/** Failures whose message tells the person at the terminal what to do; a stack would only hide it. */
const explained = new Set(["EnvironmentError", "DatabaseSetupError", "StartError"]);

try {
  await run({ dev: values.dev, pages: !values["api-only"] });
} catch (error) {
  const plain = error instanceof Error && explained.has(error.name);
  process.stderr.write(`Lethe cannot start. ${plain ? error.message : inspect(error)}\n`);
  process.exit(1);
}
