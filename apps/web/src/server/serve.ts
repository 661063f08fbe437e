import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import { type BootOptions, boot } from "./boot.ts";
import { createHttpServer } from "./create-http-server.ts";
import { listen } from "./listen.ts";
import type { Pages } from "./prepare-pages.ts";
import { announce } from "./running.ts";
import type { Serving } from "./stop-serving.ts";

/** Where to serve, and what. */
export type Site = Omit<BootOptions, "live"> & { host: string; port: number };

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
  announce(lethe);
  serving.pages = await pages;
  const server = createHttpServer({
    api: getRequestListener(lethe.api, { hostname: host }),
    pages: serving.pages,
    log,
    live: (request, socket, head) => lethe.gateway?.handleUpgrade(request, socket, head) ?? false,
    leaving: () => lethe.services.leaving.aborted,
  });
  serving.server = server;
  return listen(server, host, port, (err) => log.error({ err }, "A connection could not be taken"));
}
