import cluster from "node:cluster";
import { Console } from "node:console";
import { readEnvironment, unusedVariables } from "@lethe/environment";
import { createLogger } from "./logger.ts";
import type { PagesOptions } from "./prepare-pages.ts";
import { runAlone } from "./run-alone.ts";
import { runPrimary } from "./workers/run-primary.ts";
import { runWorker } from "./workers/run-worker.ts";

/**
 * Serves until a signal comes, its launcher is gone, or something fails that nobody foresaw. Then it ends
 * the process: with code 1 after a failure, else 0. stdout gets one line, the URL, when all is ready.
 *
 * @throws EnvironmentError, DatabaseSetupError or StartError if it cannot start; then all is stopped
 */
export async function run(options: PagesOptions): Promise<void> {
  // Next speaks to the console, and stdout belongs to the one line.
  globalThis.console = new Console(process.stderr);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  if (cluster.isWorker) return runWorker(options);
  const environment = readEnvironment();
  const log = createLogger(environment.logLevel);
  for (const { variable, nearest } of unusedVariables())
    log.warn(`${variable} is not used by this version.${nearest ? ` Is ${nearest} meant?` : ""}`);
  // Pages under development are compiled by one process, which tells the browser of it.
  if (environment.workers === 1 || options.dev) return runAlone(environment, options);
  return runPrimary(environment);
}
