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
