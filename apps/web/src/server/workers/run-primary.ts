import { countForWorkers, createMetrics } from "@lethe/api";
import { createClient, type Database } from "@lethe/db";
import type { Environment } from "@lethe/environment";
import { announceSetUp } from "../announce-set-up.ts";
import { shareConnections } from "../connections.ts";
import { logReady, publicUrl, tryAddress } from "../listen.ts";
import { createLogger } from "../logger.ts";
import { measureProcess } from "../measure-process.ts";
import { type PreparedDatabase, prepareDatabase } from "../prepare-database.ts";
import { runProgram, within } from "../run-program.ts";
import { metricsAccessOf, serveMetrics } from "../serve-metrics.ts";
import { watchParent } from "../shutdown-signals.ts";
import { startMeasuredBackground } from "../start-background.ts";
import { rateLimitOf } from "../start-rate-limiter.ts";
import { createWorkerPool, type WorkerPool } from "./worker-pool.ts";

/** How long a stop may take in all, and what of it the web processes get; milliseconds. */
const stopTimeoutMs = 10_000;
const poolTimeoutMs = 8_500;

/** Keeps the database, the background work, and the web processes that share the port; serves nothing itself. */
export async function runPrimary(environment: Environment): Promise<void> {
  const { host, port, workers, trustProxy, allowedOrigins, webhookPrivate, signIn, bounds } = environment;
  const { drainMs, logLevel, traceEndpoint } = environment;
  const { webPool, backgroundPool } = shareConnections(environment);
  const log = createLogger(logLevel);
  let database: PreparedDatabase | null = null;
  let background: { close: () => Promise<void> } | null = null;
  let pool: WorkerPool | null = null;
  let figures: { close: () => void } | null = null;
  await runProgram({
    log,
    timeoutMs: stopTimeoutMs,
    start: async ({ stop, stopping }) => {
      watchParent(() => stop(0));
      await tryAddress(host, port);
      database = await prepareDatabase(environment, log, stopping);
      const { address, demo } = database;
      const metrics = createMetrics();
      let working = true;
      const onWorking = (now: boolean) => {
        working = now;
        pool?.tellJobs(working);
      };
      const db = createClient({ ...address, poolSize: backgroundPool, applicationName: "lethe jobs" });
      measureProcess(metrics, { pools: [db], isRedisUp: null });
      background = startOwnBackground(db, { log, metrics, webhookPrivate, onWorking });
      const rateLimit = rateLimitOf(environment, workers);
      countForWorkers();
      const shared = { host, port, database: address, demo, trustProxy, allowedOrigins };
      const site = { ...shared, webhookPrivate, signIn, bounds };
      const config = {
        ...site,
        metricsAccess: metricsAccessOf(environment),
        traceEndpoint,
        poolSize: webPool,
        rateLimit,
        drainMs,
        logLevel,
      };
      const aborted = new Promise<null>((resolve) => stopping.addEventListener("abort", () => resolve(null)));
      pool = createWorkerPool({ size: workers, config, log, metrics, onGiveUp: () => stop(1) });
      pool.tellJobs(working);
      const listening = await Promise.race([pool.start(), aborted]);
      if (listening === null || stopping.aborted) return;
      figures = await serveMetrics(pool.showMetrics, environment, log);
      // Whoever reads that it is ready may stop it: then nothing of the start is to be under way.
      await announceSetUp(db, log);
      if (!stopping.aborted) logReady(publicUrl(host, listening));
    },
    leave: () => pool?.leave(),
    drain: () => drainMs,
    stop: async (hurry) => {
      const closed = background?.close() ?? Promise.resolve();
      const trouble = (error: unknown) =>
        log.warn({ err: error }, "The background could not be stopped in order");
      await Promise.all([pool?.stop(poolTimeoutMs, hurry), within(poolTimeoutMs, closed, trouble, hurry)]);
      figures?.close();
      await database
        ?.close(hurry)
        .catch((error: unknown) => log.warn({ err: error }, "Stopping the database"));
    },
  });
}

/** The background belongs here: its pace must not grow with the number of processes, nor wait for requests. */
function startOwnBackground(
  db: Database,
  options: Omit<Parameters<typeof startMeasuredBackground>[0], "db">,
): { close: () => Promise<void> } {
  const background = startMeasuredBackground({ ...options, db });
  return {
    close: async () => {
      await background.close();
      await db.$disconnect();
    },
  };
}
