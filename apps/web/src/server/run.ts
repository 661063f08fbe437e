import { Console } from "node:console";
import { readEnvironment } from "@lethe/environment";
import { createLogger } from "./logger.ts";
import { obeySignals } from "./obey-signals.ts";
import { type ServeOptions, serve } from "./serve.ts";
import { type Serving, stopServing } from "./stop-serving.ts";
import { watchLauncher } from "./watch-launcher.ts";

/** How long a stop may take in all; milliseconds. */
const stopPatience = 10_000;

/**
 * Serves until a signal comes, its launcher is gone, or something fails that nobody foresaw. Then it ends
 * the process: with code 1 after a failure, else 0. stdout gets one line, the URL, when all is ready.
 *
 * @throws EnvironmentError, DatabaseSetupError or StartError if it cannot start; then all is stopped
 */
export async function run(options: ServeOptions): Promise<void> {
  // Next speaks to the console, and stdout belongs to the one line.
  globalThis.console = new Console(process.stderr);
  const environment = readEnvironment();
  const log = createLogger(environment.logLevel);
  const serving: Serving = { lethe: null, pages: null, server: null };
  let exitCode: number | null = null;
  let starting = true;

  async function finish() {
    await stopServing(serving, log);
    process.exit(exitCode ?? 0);
  }

  function stop(code: number) {
    if (exitCode !== null) return;
    exitCode = code;
    setTimeout(() => {
      log.error(`Stopping took longer than ${stopPatience / 1_000} s; the rest was cut off`);
      process.exit(1);
    }, stopPatience).unref();
    // A start cannot be interrupted; what it started is stopped as soon as it is done.
    if (!starting) void finish();
  }

  function crash(error: unknown) {
    log.fatal({ err: error }, "A failure that nobody foresaw; stopping");
    starting = false;
    stop(1);
  }

  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  obeySignals(() => stop(0));
  watchLauncher(() => stop(0));

  try {
    const url = await serve(environment, log, serving, options);
    if (exitCode === null) process.stdout.write(`Lethe is ready: ${url}\n`);
  } catch (error) {
    await stopServing(serving, log);
    throw error;
  }
  starting = false;
  if (exitCode !== null) await finish();
}
