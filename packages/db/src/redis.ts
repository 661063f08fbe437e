import { once } from "node:events";
import type { Redis } from "ioredis";

/** A connection to Redis that is made again whenever it is lost. */
export type RedisClient = Redis;

export type ConnectRedis = {
  url: string;
  /** How long a command may take; milliseconds. */
  commandTimeoutMs: number;
  /** Told of every connection that could not be made or was lost. */
  onError: (error: Error) => void;
};

const CONNECT_TIMEOUT_MS = 2_000;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Connects to Redis, and again whenever that is needed. It resolves as soon as Redis is ready, refuses, or has been
 * silent for 2 s. Every wait is bounded: a command fails at once while there is no connection, and in time when Redis
 * is silent. Call `disconnect()` when done.
 */
export const connectRedis = async ({
  url,
  commandTimeoutMs,
  onError,
}: ConnectRedis): Promise<RedisClient> => {
  const { Redis } = await import("ioredis");
  const client = new Redis(url, {
    connectionName: "lethe",
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: commandTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(times * 200, LONGEST_PAUSE_MS),
  });
  client.on("error", onError);
  // An error ends this wait, too: whoever connects goes on without Redis.
  await once(client, "ready", { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) }).catch(() => undefined);
  return client;
};

const TIMEOUT_MS = 3_000;

/**
 * Asks a Redis (or what speaks like one) for its version, by a connection of its own. Rejects with the reason
 * when it cannot be reached, refuses us or is silent; the reason holds no password.
 */
export const pingRedis = async ({
  url,
}: {
  url: string;
}): Promise<{ version: string; latencyMs: number }> => {
  const { Redis } = await import("ioredis");
  let reason: Error | undefined;
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    retryStrategy: () => null,
  });
  client.on("error", (error) => {
    reason = error;
  });
  try {
    await client.connect();
    const start = performance.now();
    const told = await client.info("server");
    const latencyMs = performance.now() - start;
    return { version: /^redis_version:(\S+)/m.exec(told)?.[1] ?? "of an unknown version", latencyMs };
  } catch (error) {
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
};
