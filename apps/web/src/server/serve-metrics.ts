import { createServer, type Server } from "node:http";
import { type MetricsAccess, mayScrape, scrapeRefusal } from "@lethe/api";
import type { Environment } from "@lethe/environment";
import type { Logger } from "pino";
import { listen } from "./listen.ts";

const contentType = "text/plain; version=0.0.4; charset=utf-8";
const variables = { host: "LETHE_METRICS_HOST", port: "LETHE_METRICS_PORT" };
/** How long a scraper may take to say what it wants; milliseconds. */
const requestTimeout = 10_000;

/** Where and to whom the environment wants `/metrics` answered. */
export const metricsAccessOf = ({ metricsPort, metricsToken }: Environment): MetricsAccess => ({
  apart: metricsPort !== undefined,
  token: metricsToken,
});

/**
 * Answers `/metrics`, and nothing else, on a port of its own, where the environment names one; else it answers null. What ends
 * it closes the connections too.
 *
 * @throws StartError when the address cannot be had; its message says what to do
 */
export async function serveMetrics(
  show: () => Promise<string>,
  { metricsHost, metricsPort, metricsToken: token }: Environment,
  log: Logger,
): Promise<{ close: () => void } | null> {
  if (metricsPort === undefined) return null;
  const server: Server = createServer(
    { headersTimeout: requestTimeout, requestTimeout },
    (request, response) => {
      response.on("error", () => {});
      if (request.url?.split("?")[0] !== "/metrics") return void response.writeHead(404).end();
      if (request.method !== "GET" && request.method !== "HEAD")
        return void response.writeHead(405, { Allow: "GET, HEAD" }).end();
      if (!mayScrape({ token }, request.headers.authorization))
        return void response.writeHead(401, scrapeRefusal.headers).end(scrapeRefusal.text);
      show().then(
        (text) =>
          response.writeHead(200, { "Content-Type": contentType, "Cache-Control": "no-store" }).end(text),
        (err: unknown) => {
          log.error({ err }, "The metrics could not be shown");
          response.writeHead(500).end();
        },
      );
    },
  );
  const onError = (err: Error) => log.error({ err }, "A connection to the metrics could not be taken");
  await listen(server, metricsHost, metricsPort, { onError, variables });
  return {
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
