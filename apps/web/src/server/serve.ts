import { getRequestListener } from "@hono/node-server";
import type { Environment } from "@lethe/environment";
import type { Logger } from "pino";
import { boot } from "./boot.ts";
import { createHttpServer } from "./create-http-server.ts";
import { listen } from "./listen.ts";
import { preparePages } from "./prepare-pages.ts";
import { publicUrl } from "./public-url.ts";
import { announce } from "./running.ts";
import type { Serving } from "./stop-serving.ts";

export type ServeOptions = {
  /** Compile pages as they are asked for, instead of taking them from the build. */
  dev: boolean;
  /** Without pages the same process serves the API and its sockets only, and needs no build. */
  pages: boolean;
};

/**
 * Starts everything, and listens when all of it is ready. Answers the URL; each part is put into
 * `serving` as soon as it runs.
 *
 * @throws DatabaseSetupError or StartError with what to do about it
 */
export async function serve(
  environment: Environment,
  log: Logger,
  serving: Serving,
  { dev, pages }: ServeOptions,
): Promise<string> {
  const lethe = await boot(environment, log, { live: true });
  serving.lethe = lethe;
  announce(lethe);
  serving.pages = pages ? await preparePages(dev) : null;
  const server = createHttpServer({
    api: getRequestListener(lethe.api, { overrideGlobalObjects: false, hostname: environment.host }),
    pages: serving.pages,
    live: (request, socket, head) => lethe.gateway?.handleUpgrade(request, socket, head) ?? false,
  });
  serving.server = server;
  const port = await listen(server, environment.host, environment.port);
  return publicUrl(environment.host, port);
}
