import type { Server } from "node:http";
import { flushCompileCache } from "node:module";
import { Server as NetServer } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import { type BootOptions, boot, type Lethe } from "./boot.ts";
import { createHttpServer, hasBody } from "./create-http-server.ts";
import { listen } from "./listen.ts";
import type { Pages } from "./prepare-pages.ts";
import { within } from "./run-program.ts";
import { registerServices } from "./service-registry.ts";

/** Where to serve, and what. */
type Site = Omit<BootOptions, "live"> & { host: string; port: number };

/**
 * Starts everything else, and listens when all of it is ready. Answers the port; each part is put into
 * `serving` as soon as it runs.
 *
 * @throws DatabaseSetupError or StartError with what to do about it
 */
export async function serve(
  { host, port, ...site }: Site,
  log: Logger,
  serving: Serving,
  pages: Promise<Pages | null>,
): Promise<number> {
  const lethe = await boot({ ...site, live: true }, log);
  serving.lethe = lethe;
  registerServices(lethe);
  serving.pages = await pages;
  // As in server.ts: the pages are loaded now.
  flushCompileCache();
  const listener = (autoCleanupIncoming: boolean) =>
    getRequestListener(lethe.api, { hostname: host, autoCleanupIncoming });
  // What a caller still sends of its body is looked for by a timer after each answer, which a request without one can spare.
  const [withBody, withoutBody] = [listener(true), listener(false)];
  const server = createHttpServer({
    api: (request, response) => (hasBody(request) ? withBody : withoutBody)(request, response),
    pages: serving.pages,
    log,
    live: (request, socket, head) => lethe.gateway?.handleUpgrade(request, socket, head) ?? false,
    allowedOrigins: lethe.services.allowedOrigins,
  });
  serving.server = server;
  return listen(server, host, port, {
    onError: (err) => log.error({ err }, "A connection could not be taken"),
  });
}

/** What has been started so far; a stop can come at any point of the start. */
export type Serving = { lethe: Lethe | null; pages: Pages | null; server: Server | null };

/** How long connections are kept, after a drain, for one more call each. The usual proxies use them or close them. */
const farewellMs = 3_000;
/** How long answers under way may take; milliseconds. */
const drainTimeoutMs = 3_000;
/** The sockets and their rows have limits of their own, and this is more; milliseconds. */
const gatewayTimeoutMs = 8_000;
const closeTimeoutMs = 3_000;

/**
 * Stops serving: takes no more requests, says goodbye to the sockets, lets the answers under way finish,
 * and then stops the rest, the embedded database last. Never rejects; troubles are logged.
 *
 * After a drain, first only new connections are refused, which a proxy takes elsewhere whatever the call, and each of
 * the others ends with its next answer: a call that meets a connection's end would be lost.
 *
 * @param hurry once it is aborted nothing is waited for
 */
export async function stopServing(
  { lethe, pages, server }: Serving,
  log: Logger,
  hurry: AbortSignal,
): Promise<void> {
  const trouble = (what: string) => (error: unknown) => log.warn({ err: error }, what);
  const leaving = lethe?.services.leaving.aborted;
  if (leaving) await quietMoment();
  const closed = server?.listening ? stopListening(server) : Promise.resolve();
  if (leaving) await within(farewellMs, closed, () => {}, hurry);
  lethe?.announceShutdown();
  const drained = server ? closeWhenIdle(server, closed) : closed;
  pages?.cutSockets();
  if (lethe?.gateway)
    await within(
      gatewayTimeoutMs,
      lethe.gateway.close(),
      trouble("The sockets could not be closed in order"),
      hurry,
    );
  await within(drainTimeoutMs, drained, trouble("Answers under way were cut off"), hurry);
  server?.closeAllConnections();
  if (pages) await within(closeTimeoutMs, pages.close(), trouble("Next could not be closed in order"), hurry);
  if (lethe)
    await within(closeTimeoutMs, lethe.close(), trouble("The services could not be stopped in order"), hurry);
}

/** A turn of the event loop that takes less had nothing to do; milliseconds. */
const emptyTurnMs = 0.3;
const mostTurns = 1_000;

/**
 * Waits for a turn of the event loop in which nothing was to be done. Then every connection that has come is accepted:
 * the system resets those that are not when their listener is closed.
 */
async function quietMoment(): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const began = performance.now();
    await nextTurn();
    if (performance.now() - began < emptyTurnMs) return;
  }
}

/** Takes no more connections, and leaves those that there are, unlike the server's own `close`; settles when all are gone. */
function stopListening(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  NetServer.prototype.close.call(server, () => resolve());
  return promise;
}

/** Closes every connection as soon as its answer is sent; settles as `closed` does, when the last one is gone. */
async function closeWhenIdle(server: Server, closed: Promise<void>): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  await closed;
  clearInterval(sweep);
}
