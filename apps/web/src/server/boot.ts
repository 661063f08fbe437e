import {
  createApi,
  createBounds,
  createGateway,
  createMailer,
  createMetrics,
  createReadiness,
  type Gateway,
  type Host,
  keepLease,
  type Metrics,
  type MetricsAccess,
  type Services,
} from "@lethe/api";
import {
  createAuthenticator,
  createEventFeed,
  createReceiptSigner,
  lease as leaseTerms,
  readClock,
} from "@lethe/core";
import { createClient, createSessionClient, type DatabaseAddress, retryConnecting } from "@lethe/db";
import type { Environment } from "@lethe/environment";
import type { Logger } from "pino";
import { createEntrants, type Entrants } from "./entrants.ts";
import { measureProcess } from "./measure-process.ts";
import { startMeasuredBackground } from "./start-background.ts";
import { type RateLimitOptions, startRateLimiters } from "./start-rate-limiter.ts";
import { startTracing } from "./start-tracing.ts";
import { version } from "./version.ts";

/** The running services of a process. */
export type Lethe = {
  api: (request: Request, host?: Host) => Promise<Response>;
  services: Services;
  /** What pages ask about those who come. */
  entrants: Entrants;
  /** Null where the host cannot hand over upgrades, as under plain Next. */
  gateway: Gateway | null;
  /** From now on `/readyz` says no. All else goes on. */
  announceLeave: () => void;
  /** From now on subscriptions end, too. */
  announceShutdown: () => void;
  /** Stops, in the right order, everything that `boot` started. Rejects only after all of it was tried. */
  close: () => Promise<void>;
};

/** What the services are made over and for. */
export type BootOptions = {
  /** A database that is up to date. */
  database: DatabaseAddress;
  /** Whether the demo tenant is offered. */
  demo: boolean;
  /** Proxies in front of the server that are believed. */
  trustProxy: number;
  /** Whose pages may call, besides our own. */
  allowedOrigins: readonly string[];
  /** Whether webhooks may go to private addresses. */
  webhookPrivate: boolean;
  /** How people sign in. */
  signIn: Environment["signIn"];
  /** Connections for queries; the services keep one more. */
  poolSize: number;
  /** Whether to take WebSockets, for hosts that hand over upgrades. */
  live: boolean;
  /** Whether to work on background jobs; else whether they can be taken by the process that does. */
  jobs: boolean | { areTaken: () => boolean };
  rateLimit: RateLimitOptions;
  bounds: Environment["bounds"];
  metricsAccess: MetricsAccess;
  /** The address of a collector of traces; undefined: none. */
  traceEndpoint?: string | undefined;
  /** The text of `/metrics`, where it is to tell of more than this process. */
  showMetrics?: ((own: Metrics) => Promise<string>) | undefined;
};

/**
 * Makes the services over a database that was prepared.
 *
 * @throws DatabaseSetupError with what to do about it; then nothing is left running
 */
export function boot(options: BootOptions, log: Logger): Promise<Lethe> {
  const { url } = options.database;
  return retryConnecting({ url, log: (message) => log.warn(message) }, () => attempt(options, log));
}

async function attempt(options: BootOptions, log: Logger): Promise<Lethe> {
  const started: (() => Promise<unknown>)[] = [];
  const close = async () => {
    const failures: unknown[] = [];
    for (const stop of started.splice(0).reverse())
      await stop().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, "Not everything could be stopped in order");
  };
  try {
    return await assemble(options, log, started, close);
  } catch (error) {
    await close().catch((failure: unknown) => log.error({ err: failure }, "Stopping after a failed start"));
    throw error;
  }
}

async function assemble(
  {
    database,
    demo,
    trustProxy,
    allowedOrigins,
    webhookPrivate,
    signIn,
    poolSize,
    live,
    jobs,
    rateLimit,
    bounds,
    metricsAccess,
    traceEndpoint,
    showMetrics,
  }: BootOptions,
  log: Logger,
  started: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Lethe> {
  const traces = traceEndpoint === undefined ? null : await startTracing(traceEndpoint, log);
  if (traces) started.push(traces.close);
  const db = createClient({ ...database, poolSize });
  started.push(() => db.$disconnect());
  // What must not wait behind queries has a session of its own.
  const session = createSessionClient({ url: database.directUrl, statementTimeoutMs: leaseTerms.answerMs });
  started.push(session.close);
  const feed = createEventFeed({ db, listen: session.listen, log });
  started.push(() => feed.close());
  await feed.start();
  const clock = await readClock(db);
  const metrics = createMetrics();
  const limiters = await startRateLimiters(rateLimit, log);
  started.push(limiters.close);
  measureProcess(metrics, { pools: [db], isRedisUp: limiters.isRedisUp });
  const authenticator = createAuthenticator({
    db,
    log,
    wrongKeys: limiters.wrongKeys && {
      consume: limiters.wrongKeys.consume,
      onRefused: () => metrics.refused.inc({ reason: "too_many_wrong_keys", whose: "address" }),
    },
    wrongGuesses: {
      consume: limiters.wrongGuesses.consume,
      onRefused: () => metrics.refused.inc({ reason: "too_many_wrong_keys", whose: "account" }),
    },
  });
  started.push(() => authenticator.close());
  const receipts = createReceiptSigner({ db, log });
  // A Lethe without it deletes all the same, and finds the key later.
  await receipts.open().catch((err: unknown) => log.warn({ err }, "the key of receipts could not be made"));
  const leaving = new AbortController();
  const lease = await keepLease(session.db, log);
  started.push(lease.stop);
  const stopping = new AbortController();
  let working = true;
  const services: Services = {
    db,
    feed,
    authenticator,
    lease,
    readiness: createReadiness({
      db,
      lease,
      feed,
      metrics,
      log,
      areJobsTaken: typeof jobs === "boolean" ? () => working : jobs.areTaken,
    }),
    rateLimiter: limiters.calls,
    bounds: createBounds(bounds, metrics),
    receipts,
    metrics: showMetrics ? { ...metrics, show: () => showMetrics(metrics) } : metrics,
    metricsAccess,
    log,
    tracing: traces?.tracing ?? null,
    version,
    startedAt: clock(),
    demo,
    trustProxy,
    allowedOrigins: new Set(allowedOrigins),
    signIn,
    mailer: signIn.mail ? createMailer(signIn.mail) : null,
    webhookPolicy: { allowPrivate: webhookPrivate },
    leaving: leaving.signal,
    stopping: stopping.signal,
  };
  const gateway = live ? createGateway(services, lease) : null;
  if (gateway) started.push(gateway.close);
  if (jobs === true) {
    const onWorking = (now: boolean) => {
      working = now;
    };
    started.push(startMeasuredBackground({ db, log, metrics, webhookPrivate, onWorking }).close);
  }
  return {
    api: createApi(services),
    services,
    entrants: createEntrants(db, { demo }),
    gateway,
    announceLeave: () => leaving.abort(),
    announceShutdown: () => {
      leaving.abort();
      stopping.abort();
    },
    close,
  };
}
