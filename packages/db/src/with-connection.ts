import { Session } from "./session/session.ts";

/**
 * Opens one connection, hands it to `use`, and closes it again whatever happens.
 *
 * `timeoutMs` (default 5000) bounds connecting and each single query. Errors are those of `pg`.
 */
export const withConnection = async <T>(
  url: string,
  use: (client: Session) => Promise<T>,
  { timeoutMs = 5_000 }: { timeoutMs?: number } = {},
): Promise<T> => {
  const client = new Session({
    url,
    applicationName: "lethe",
    connectTimeoutMs: timeoutMs,
    statementTimeoutMs: timeoutMs,
    lockTimeoutMs: timeoutMs,
  });
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
};
