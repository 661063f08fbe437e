import { z } from "zod";
import { connectionError } from "./connection-error.ts";
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

/**
 * Asks the server at `url` for its version, within `timeoutMs` (default 3000) for each of connecting
 * and asking. Returns the version as PostgreSQL writes it, such as "18.4", and the time it took.
 *
 * Throws DatabaseSetupError `unreachable` or `refused` with what to do about it.
 */
export const ping = async ({
  url,
  timeoutMs = 3_000,
}: {
  url: string;
  timeoutMs?: number;
}): Promise<{ serverVersion: string; latencyMs: number }> => {
  const begun = performance.now();
  try {
    const serverVersion = await withConnection(
      url,
      async (client) => {
        const { rows } = await client.query("SHOW server_version");
        return z.tuple([z.object({ server_version: z.string() })]).parse(rows)[0].server_version;
      },
      { timeoutMs },
    );
    return { serverVersion, latencyMs: performance.now() - begun };
  } catch (error) {
    throw connectionError(url, error);
  }
};
