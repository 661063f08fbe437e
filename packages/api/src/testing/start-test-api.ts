import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { createAuthenticator, createEventFeed, createReceiptSigner } from "@lethe/core";
import { createTestDatabase } from "@lethe/db/testing";
import pino from "pino";
import { z } from "zod";
import { createApi } from "../create-api.ts";
import { createGateway } from "../live/gateway.ts";
import { keepLease } from "../live/keep-lease.ts";
import { createMetrics } from "../ops/metrics.ts";
import { createReadiness } from "../ops/readiness.ts";
import { type BoundSizes, createBounds } from "../rate/bounds.ts";
import { createRateLimiter } from "../rate/rate-limiter.ts";
import type { Services } from "../services.ts";
import { holdToDocument } from "./hold-to-document.ts";

export type TestApi = {
  /** Where the server listens, without a slash at the end. */
  baseUrl: string;
  services: Services;
  db: Services["db"];
  /** The address of its database. */
  databaseUrl: string;
  /** Everything that was logged, a JSON document each. */
  logs: string[];
  /** What the process does first when it is told to end. */
  beginStopping(): void;
  stop(): Promise<void>;
};

type StartTestApi = {
  perMinute?: number;
  wrongKeys?: number;
  trustProxy?: number;
  allowedOrigins?: string[];
  tablespace?: string;
  bounds?: Partial<BoundSizes>;
  areJobsTaken?: () => boolean;
  keySignIn?: Services["signIn"]["byKey"];
  provider?: Services["signIn"]["provider"];
  mailer?: Services["mailer"];
  metricsToken?: string;
};

/**
 * A whole API on a free port of the loopback, over a new database of its own (of the server at `serverUrl`).
 *
 * @param options `perMinute`: the rate limit; default: none. `wrongKeys`: those of an address in a minute; default: as
 *   many as come. `trustProxy`: proxies that are believed. `allowedOrigins`: whose pages
 *   may read answers. `tablespace`: where the files of its database lie. `bounds`:
 *   what a tenant may have under way. `areJobsTaken`: whether the process that does the background work can do it.
 *   `metricsToken`: what opens `/metrics`
 */
export async function startTestApi(
  serverUrl?: string,
  {
    perMinute = 0,
    wrongKeys = 0,
    trustProxy = 0,
    allowedOrigins = [],
    tablespace,
    bounds = {},
    areJobsTaken = () => true,
    keySignIn = "on",
    mailer = null,
    provider,
    metricsToken,
  }: StartTestApi = {},
): Promise<TestApi> {
  const { db, url, drop } = await createTestDatabase(serverUrl, { tablespace });
  const logs: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void logs.push(line) });
  const feed = createEventFeed({ db, log, pollMs: 100 });
  await feed.start();
  const metrics = createMetrics();
  const counting = (of: "wrong" | "guess", most: number) =>
    createRateLimiter({ of, most, processes: 1, shared: null, log }).consume;
  const onRefused = () => metrics.refused.inc({ reason: "too_many_wrong_keys", whose: "address" });
  const authenticator = createAuthenticator({
    db,
    log,
    wrongKeys: wrongKeys === 0 ? null : { consume: counting("wrong", wrongKeys), onRefused },
    wrongGuesses: wrongKeys === 0 ? null : { consume: counting("guess", wrongKeys), onRefused },
  });
  const lease = await keepLease(db, log);
  const stopping = new AbortController();
  const services: Services = {
    db,
    feed,
    authenticator,
    lease,
    readiness: createReadiness({ db, lease, feed, metrics, log, areJobsTaken }),
    rateLimiter:
      perMinute === 0 ? null : createRateLimiter({ most: perMinute, processes: 1, shared: null, log }),
    bounds: createBounds({ sockets: 100, streams: 100, exports: 100, searches: 100, ...bounds }, metrics),
    receipts: createReceiptSigner({ db, log }),
    metrics,
    metricsAccess: { apart: false, token: metricsToken },
    log,
    tracing: null,
    version: "0.0.0-test",
    startedAt: new Date(),
    demo: false,
    trustProxy,
    allowedOrigins: new Set(allowedOrigins),
    signIn: { byKey: keySignIn, provider },
    mailer,
    webhookPolicy: { allowPrivate: true },
    leaving: stopping.signal,
    stopping: stopping.signal,
  };
  const { api, faults } = holdToDocument(createApi(services));
  const server = createAdaptorServer({ fetch: api });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${portOf(server.address())}`,
    services,
    db,
    databaseUrl: url,
    logs,
    beginStopping: () => stopping.abort(),
    stop: async () => {
      stopping.abort();
      if ("closeAllConnections" in server) server.closeAllConnections();
      server.close();
      await feed.close();
      await authenticator.close();
      await lease.stop().catch(() => {});
      await drop();
      const undescribed = await faults();
      if (undescribed.length > 0)
        throw new Error(
          `What was answered is not what the OpenAPI document says:\n${undescribed.join("\n")}`,
        );
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new TypeError("the server has no port");
  return address.port;
}

/** The gateway of an API's sockets, on a port of its own. */
export async function startTestGateway({ services }: Pick<TestApi, "services">) {
  const gateway = createGateway(services, services.lease);
  const server = createServer().on("upgrade", gateway.handleUpgrade).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    /** The address of a chat's socket. */
    liveUrl: (chatId: string) => `ws://127.0.0.1:${port}/api/v1/chats/${chatId}/live`,
    stop: async () => {
      await gateway.close();
      server.close();
    },
  };
}
