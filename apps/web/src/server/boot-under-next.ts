import { subscribe } from "node:diagnostics_channel";
import { IncomingMessage } from "node:http";
import { readEnvironment } from "@lethe/environment";
import { z } from "zod";
import { announceSetUp } from "./announce-set-up.ts";
import { boot } from "./boot.ts";
import { shareConnections } from "./connections.ts";
import { createLogger } from "./logger.ts";
import { prepareDatabase } from "./prepare-database.ts";
import { readTarget } from "./read-target.ts";
import { metricsAccessOf, serveMetrics } from "./serve-metrics.ts";
import { registerServices } from "./service-registry.ts";
import { StartError } from "./start-error.ts";
import { rateLimitOf } from "./start-rate-limiter.ts";

/**
 * Boots the services in a process that Next runs by itself: everything but the WebSockets, which Next
 * cannot hand over, and the embedded database, because Next ends its process without waiting for anyone.
 *
 * @throws EnvironmentError, DatabaseSetupError or StartError with what to do about it
 */
export async function bootUnderNext(): Promise<void> {
  const environment = readEnvironment();
  if (environment.databaseUrl === undefined)
    throw new StartError("Plain `next start` needs DATABASE_URL. `pnpm start` brings its own database.");
  const log = createLogger(environment.logLevel);
  const { webPool } = shareConnections({ ...environment, workers: 1 });
  const { address, demo } = await prepareDatabase(environment, log, new AbortController().signal);
  const lethe = await boot(
    {
      database: address,
      demo,
      trustProxy: environment.trustProxy,
      allowedOrigins: environment.allowedOrigins,
      webhookPrivate: environment.webhookPrivate,
      signIn: environment.signIn,
      poolSize: webPool,
      live: false,
      jobs: true,
      rateLimit: rateLimitOf(environment, 1),
      bounds: environment.bounds,
      metricsAccess: metricsAccessOf(environment),
      traceEndpoint: environment.traceEndpoint,
    },
    log,
  );
  registerServices(lethe);
  await announceSetUp(lethe.services.db, log);
  refuseUnclearTargets();
  const figures = await serveMetrics(lethe.services.metrics.show, environment, log);
  const stop = () => {
    figures?.close();
    lethe.announceShutdown();
    lethe.close().catch((error: unknown) => log.error({ err: error }, "Stopping"));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

const started = z.object({ request: z.instanceof(IncomingMessage) });
/** Nothing is found there, by any method. */
const nowhere = "/api/unclear-target";

/**
 * Sends requests whose target is at fault to where nothing is. Next tidies addresses up, and its route handlers only
 * see what comes of that; this looks at a request when its head has been read (`http.server.request.start` of Node).
 */
function refuseUnclearTargets(): void {
  subscribe("http.server.request.start", (message) => {
    // An error would end the process.
    const { request } = started.safeParse(message).data ?? {};
    if (request && "fault" in readTarget(request)) request.url = nowhere;
  });
}
