import type { Environment } from "@lethe/environment";
import { shareConnections } from "./connections.ts";
import { createLogger } from "./logger.ts";
import { type PreparedDatabase, prepareDatabase } from "./prepare-database.ts";
import { type PagesOptions, preparePages } from "./prepare-pages.ts";
import { publicUrl } from "./public-url.ts";
import { runProgram } from "./run-program.ts";
import { sayReady } from "./say-ready.ts";
import { serve } from "./serve.ts";
import { rateLimitOf } from "./start-rate-limiter.ts";
import { type Serving, stopServing } from "./stop-serving.ts";
import { watchLauncher } from "./watch-launcher.ts";

/** Serves by this process alone. */
export async function runAlone(environment: Environment, options: PagesOptions): Promise<void> {
  const { host, port, trustProxy, webhookPrivate, bounds, drainMs, logLevel } = environment;
  const { webPool } = shareConnections({ ...environment, workers: 1 });
  const log = createLogger(logLevel);
  const serving: Serving = { lethe: null, pages: null, server: null };
  let database: PreparedDatabase | null = null;
  await runProgram({
    log,
    patience: 10_000,
    start: async ({ stop, stopping }) => {
      watchLauncher(() => stop(0));
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
        webhookPrivate,
        poolSize: webPool,
        jobs: true,
        rateLimit,
        bounds,
      };
      const listening = await serve(site, log, serving, pages);
      if (!stopping.aborted) sayReady(publicUrl(host, listening));
    },
    leave: () => serving.lethe?.announceLeave(),
    drain: () => drainMs,
    stop: async (hurry) => {
      await stopServing(serving, log, hurry);
      await database
        ?.close(hurry)
        .catch((error: unknown) => log.warn({ err: error }, "Stopping the database"));
    },
  });
}
