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
 * Connects to Redis, now and for as long as it takes. Every wait is bounded: a command fails at once while
 * there is no connection, and in time when Redis is silent. Call `disconnect()` when done.
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
  return client;
};
