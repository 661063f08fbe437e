import cluster from "node:cluster";
import { Console } from "node:console";
import { type Environment, readEnvironment, unusedVariables } from "@lethe/environment";
import { announceSetUp } from "./announce-set-up.ts";
import { shareConnections } from "./connections.ts";
import { logReady, publicUrl } from "./listen.ts";
import { captureConsole, createLogger } from "./logger.ts";
import { type PreparedDatabase, prepareDatabase } from "./prepare-database.ts";
import { type PagesOptions, preparePages } from "./prepare-pages.ts";
import { runProgram } from "./run-program.ts";
import { type Serving, serve, stopServing } from "./serve.ts";
import { metricsAccessOf, serveMetrics } from "./serve-metrics.ts";
import { watchParent } from "./shutdown-signals.ts";
import { rateLimitOf } from "./start-rate-limiter.ts";
import { runPrimary } from "./workers/run-primary.ts";
import { runWorker } from "./workers/run-worker.ts";

/**
 * Serves until a signal comes, its launcher is gone, or something fails that nobody foresaw. Then it ends
 * the process: with code 1 after a failure, else 0. stdout gets one line, the URL, when all is ready.
 *
 * @throws EnvironmentError, DatabaseSetupError or StartError if it cannot start; then all is stopped
 */
export async function run(options: PagesOptions): Promise<void> {
  // Next speaks to the console, and stdout belongs to the one line. Who develops reads what it says as it is.
  globalThis.console = new Console(process.stderr);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  if (cluster.isWorker) return runWorker(options);
  const environment = readEnvironment();
  const log = createLogger(environment.logLevel);
  if (!options.dev) captureConsole(log);
  for (const { variable, nearest } of unusedVariables())
    log.warn(`${variable} is not used by this version.${nearest ? ` Is ${nearest} meant?` : ""}`);
  // Pages under development are compiled by one process, which tells the browser of it.
  if (environment.workers === 1 || options.dev) return runSingleProcess(environment, options);
  return runPrimary(environment);
}

/** Serves by this process alone. */
export async function runSingleProcess(environment: Environment, options: PagesOptions): Promise<void> {
  const { host, port, trustProxy, allowedOrigins, webhookPrivate, signIn, bounds } = environment;
  const { drainMs, logLevel, traceEndpoint } = environment;
  const { webPool } = shareConnections({ ...environment, workers: 1 });
  const log = createLogger(logLevel);
  const serving: Serving = { lethe: null, pages: null, server: null };
  let database: PreparedDatabase | null = null;
  let figures: { close: () => void } | null = null;
  await runProgram({
    log,
    timeoutMs: 10_000,
    start: async ({ stop, stopping }) => {
      watchParent(() => stop(0));
      const pages = preparePages(options);
      database = await prepareDatabase(environment, log, stopping);
      const { address, demo } = database;
      const rateLimit = rateLimitOf(environment, 1);
      const site = {
        host,
        port,
        database: address,
        demo,
        trustProxy,
        allowedOrigins,
        webhookPrivate,
        signIn,
        poolSize: webPool,
        jobs: true,
        rateLimit,
        bounds,
        metricsAccess: metricsAccessOf(environment),
        traceEndpoint,
      };
      const listening = await serve(site, log, serving, pages);
      const { lethe } = serving;
      if (lethe) figures = await serveMetrics(lethe.services.metrics.show, environment, log);
      // Whoever reads that it is ready may stop it: then nothing of the start is to be under way.
      if (lethe) await announceSetUp(lethe.services.db, log);
      if (!stopping.aborted) logReady(publicUrl(host, listening));
    },
    leave: () => serving.lethe?.announceLeave(),
    drain: () => drainMs,
    stop: async (hurry) => {
      await stopServing(serving, log, hurry);
      figures?.close();
      await database
        ?.close(hurry)
        .catch((error: unknown) => log.warn({ err: error }, "Stopping the database"));
    },
  });
}
