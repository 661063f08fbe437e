import { Console } from "node:console";
import { readEnvironment } from "@lethe/environment";
import { createLogger } from "./logger.ts";
import { obeySignals } from "./obey-signals.ts";
import { type ServeOptions, serve } from "./serve.ts";
import { type Serving, stopServing } from "./stop-serving.ts";

/** How long a stop may take in all; milliseconds. */
const stopPatience = 10_000;

/**
 * Serves until a signal comes, or something fails that nobody foresaw, and then ends the process: with
 * code 0 after a signal, 1 after a failure. stdout gets one line, the URL, when everything is ready.
 *
 * @throws EnvironmentError, DatabaseSetupError or StartError if it cannot start; then all is stopped
 */
export async function run(options: ServeOptions): Promise<void> {
  // Next speaks to the console, and stdout belongs to the one line.
  globalThis.console = new Console(process.stderr);
  const environment = readEnvironment();
  const log = createLogger(environment.logLevel);
  const serving: Serving = { lethe: null, pages: null, server: null };
  let asked = false;
  let starting = true;

  async function end(code: number) {
    setTimeout(() => {
      log.error(`Stopping took longer than ${stopPatience / 1_000} s; the rest was cut off`);
      process.exit(1);
    }, stopPatience).unref();
    // What is starting cannot be interrupted; it is stopped as soon as it runs.
    if (!starting) {
      await stopServing(serving, log);
      process.exit(code);
    }
  }

  const crash = (error: unknown) => {
    log.fatal({ err: error }, "A failure that nobody foresaw; stopping");
    starting = false;
    void end(1);
  };
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  obeySignals(() => {
    asked = true;
    void end(0);
  });

  try {
    const url = await serve(environment, log, serving, options);
    if (!asked) process.stdout.write(`Lethe is ready: ${url}\n`);
  } catch (error) {
    await stopServing(serving, log);
    throw error;
  } finally {
    starting = false;
  }
  if (asked) await end(0);
}
