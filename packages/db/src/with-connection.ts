import pg from "pg";

/**
 * Opens one connection, hands it to `use`, and closes it again whatever happens.
 *
 * `timeoutMs` (default 5000) bounds connecting and each single query. Errors are those of `pg`.
 */
export const withConnection = async <T>(
  url: string,
  use: (client: pg.Client) => Promise<T>,
  { timeoutMs = 5_000 }: { timeoutMs?: number } = {},
): Promise<T> => {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    application_name: "lethe",
  });
  // Without a listener, a connection that breaks between two queries would end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
};
