import { createApi, createGateway, createMetrics, type Gateway, type Services } from "@lethe/api";
import { createAuthenticator, createEventFeed, seedDemo, startJobs } from "@lethe/core";
import { createClient, listen, migrate, openDatabase } from "@lethe/db";
import type { Environment } from "@lethe/environment";
import type { Logger } from "pino";
import { version } from "./version.ts";
import { within } from "./within.ts";

/** The running services of a process. */
export type Lethe = {
  api: (request: Request) => Promise<Response>;
  services: Services;
  /** Null where the host cannot hand over upgrades, as under plain Next. */
  gateway: Gateway | null;
  /** From now on `/readyz` says no and subscriptions end. */
  announceShutdown: () => void;
  /** Stops, in the right order, everything that `boot` started. Rejects only after all of it was tried. */
  close: () => Promise<void>;
};

/** A renewal is worth nothing when it is late; milliseconds. */
const leaseStatementTimeout = 2_000;
/** How long a batch of a job that is under way may take when all is stopped; milliseconds. */
const jobsPatience = 2_000;

/**
 * Starts or reaches the database, brings it up to date and makes the services over it.
 *
 * @param options `live`: whether to register a gateway, for hosts that hand over WebSocket upgrades
 * @throws DatabaseSetupError with what to do about it; then nothing is left running
 */
export async function boot(
  environment: Environment,
  log: Logger,
  options: { live: boolean },
): Promise<Lethe> {
  const started: (() => Promise<unknown>)[] = [];
  const close = async () => {
    const failures: unknown[] = [];
    for (const stop of started.splice(0).reverse())
      await stop().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, "Not everything could be stopped in order");
  };
  try {
    return await assemble(environment, log, options, started, close);
  } catch (error) {
    await close().catch((failure: unknown) => log.error({ err: failure }, "Stopping after a failed start"));
    throw error;
  }
}

async function assemble(
  { databaseUrl, dataDir, demo }: Environment,
  log: Logger,
  { live }: { live: boolean },
  started: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Lethe> {
  const say = (message: string) => log.info(message);
  const trouble = (what: string) => (err: unknown) => log.warn({ err }, what);
  const database = await openDatabase({ databaseUrl, dataDir, log: say });
  started.push(() => database.close());
  await migrate({ url: database.url, log: say });
  const db = createClient({ url: database.url });
  started.push(() => db.$disconnect());
  const offered = demo && (await seedDemo(db)) !== "in_use";
  const feed = createEventFeed({ db, listen: (options) => listen({ url: database.url, ...options }), log });
  started.push(() => feed.close());
  await feed.start();
  const authenticator = createAuthenticator({ db, log });
  started.push(() => authenticator.close());
  const stopping = new AbortController();
  const services: Services = {
    db,
    feed,
    authenticator,
    metrics: createMetrics(),
    log,
    version,
    startedAt: new Date(),
    demo: offered,
    stopping: stopping.signal,
  };
  let gateway: Gateway | null = null;
  if (live) {
    const leaseDb = createClient({
      url: database.url,
      poolSize: 1,
      statementTimeoutMs: leaseStatementTimeout,
      applicationName: "lethe lease",
    });
    started.push(() => leaseDb.$disconnect());
    gateway = await createGateway(services, leaseDb);
    started.push(gateway.close);
  }
  const jobs = await startJobs({
    url: database.url,
    db,
    log,
    onErased: (messages) => services.metrics.erasedMessages.inc(messages),
    onBacklog: ({ pending, oldestMs }) => {
      services.metrics.pendingErasures.set(pending);
      services.metrics.oldestPendingErasure.set((oldestMs ?? 0) / 1_000);
    },
  });
  started.push(() => within(jobsPatience, jobs.close(), trouble("Jobs under way were left to others")));
  return {
    api: createApi(services),
    services,
    gateway,
    announceShutdown: () => stopping.abort(),
    close,
  };
}
