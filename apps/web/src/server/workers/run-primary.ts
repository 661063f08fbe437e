import { countForWorkers, createMetrics } from "@lethe/api";
import { createClient } from "@lethe/db";
import type { Environment } from "@lethe/environment";
import { shareConnections } from "../connections.ts";
import { logReady, publicUrl, tryAddress } from "../listen.ts";
import { createLogger } from "../logger.ts";
import { type PreparedDatabase, prepareDatabase } from "../prepare-database.ts";
import { runProgram, within } from "../run-program.ts";
import { watchParent } from "../shutdown-signals.ts";
import { startJobsMeasured } from "../start-jobs-measured.ts";
import { rateLimitOf } from "../start-rate-limiter.ts";
import { createWorkerPool, type WorkerPool } from "./worker-pool.ts";

/** How long a stop may take in all, and what of it the web processes get; milliseconds. */
const stopTimeoutMs = 10_000;
const poolTimeoutMs = 8_500;

/** Keeps the database, the jobs, and the web processes that share the port; serves nothing itself. */
export async function runPrimary(environment: Environment): Promise<void> {
  const { host, port, workers, trustProxy, webhookPrivate, bounds, drainMs, logLevel } = environment;
  const { webPool, jobsPool } = shareConnections(environment);
  const log = createLogger(logLevel);
  let database: PreparedDatabase | null = null;
  let jobs: { close: () => Promise<void> } | null = null;
  let pool: WorkerPool | null = null;
  await runProgram({
    log,
    timeoutMs: stopTimeoutMs,
    start: async ({ stop, stopping }) => {
      watchParent(() => stop(0));
      await tryAddress(host, port);
      database = await prepareDatabase(environment, log, stopping);
      const { address, demo } = database;
      const metrics = createMetrics();
      let taking = true;
      const onTaking = (now: boolean) => {
        taking = now;
        pool?.tellJobs(taking);
      };
      jobs = await startOwnJobs(jobsPool, { database: address, log, metrics, webhookPrivate, onTaking });
      const rateLimit = rateLimitOf(environment, workers);
      countForWorkers();
      const site = { host, port, database: address, demo, trustProxy, webhookPrivate, bounds };
      const config = { ...site, poolSize: webPool, rateLimit, drainMs, logLevel };
      const aborted = new Promise<null>((resolve) => stopping.addEventListener("abort", () => resolve(null)));
      pool = createWorkerPool({ size: workers, config, log, metrics, onGiveUp: () => stop(1) });
      pool.tellJobs(taking);
      const listening = await Promise.race([pool.start(), aborted]);
      if (listening !== null && !stopping.aborted) logReady(publicUrl(host, listening));
    },
    leave: () => pool?.leave(),
    drain: () => drainMs,
    stop: async (hurry) => {
      const closed = jobs?.close() ?? Promise.resolve();
      const trouble = (error: unknown) => log.warn({ err: error }, "The jobs could not be stopped in order");
      await Promise.all([pool?.stop(poolTimeoutMs, hurry), within(poolTimeoutMs, closed, trouble, hurry)]);
      await database
        ?.close(hurry)
        .catch((error: unknown) => log.warn({ err: error }, "Stopping the database"));
    },
  });
}

/** Jobs belong here: their pace must not grow with the number of processes, nor wait for requests. */
async function startOwnJobs(poolSize: number, options: Omit<Parameters<typeof startJobsMeasured>[0], "db">) {
  const db = createClient({ ...options.database, poolSize, applicationName: "lethe jobs" });
  const jobs = await startJobsMeasured({ ...options, db }).catch(async (error: unknown) => {
    await db.$disconnect();
    throw error;
  });
  return {
    close: async () => {
      await jobs.close();
      await db.$disconnect();
    },
  };
}
