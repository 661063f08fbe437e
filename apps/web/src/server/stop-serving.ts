import type { Server } from "node:http";
import type { Logger } from "pino";
import type { Lethe } from "./boot.ts";
import type { Pages } from "./prepare-pages.ts";
import { within } from "./within.ts";

/** What has been started so far; a stop can come at any point of the start. */
export type Serving = { lethe: Lethe | null; pages: Pages | null; server: Server | null };

/** How long answers under way may take; milliseconds. */
const drainPatience = 3_000;
/** The sockets and their rows have limits of their own, and this is more; milliseconds. */
const gatewayPatience = 8_000;
const closePatience = 3_000;

/**
 * Stops serving: takes no more requests, says goodbye to the sockets, lets the answers under way finish,
 * and then stops the rest, the embedded database last. Never rejects; troubles are logged.
 *
 * @param hurry once it is aborted nothing is waited for
 */
export async function stopServing(
  { lethe, pages, server }: Serving,
  log: Logger,
  hurry: AbortSignal,
): Promise<void> {
  const trouble = (what: string) => (error: unknown) => log.warn({ err: error }, what);
  lethe?.announceShutdown();
  const drained = server?.listening ? drain(server) : Promise.resolve();
  pages?.cutSockets();
  if (lethe?.gateway)
    await within(
      gatewayPatience,
      lethe.gateway.close(),
      trouble("The sockets could not be closed in order"),
      hurry,
    );
  await within(drainPatience, drained, trouble("Answers under way were cut off"), hurry);
  server?.closeAllConnections();
  if (pages) await within(closePatience, pages.close(), trouble("Next could not be closed in order"), hurry);
  if (lethe)
    await within(closePatience, lethe.close(), trouble("The services could not be stopped in order"), hurry);
}

/** Takes no more connections; settles when the last one is gone, each as soon as its answer is sent. */
function drain(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  server.close(() => {
    clearInterval(sweep);
    resolve();
  });
  return promise;
}
