import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/client.ts";
import { createStatementNamer } from "./name-statement.ts";

/** A pool of connections with Prisma's typed queries over it. Call `$disconnect()` when done. */
export type Database = PrismaClient;

export type ClientOptions = {
  url: string;
  /** Connections kept at most; default 10. */
  poolSize?: number;
  /** The server cancels a statement that runs longer; milliseconds, default 15000, 0 for never. */
  statementTimeoutMs?: number;
  /** The server gives up waiting for a row or table lock; milliseconds, default 5000, 0 for never. */
  lockTimeoutMs?: number;
  /** The name shown in `pg_stat_activity`; default "lethe". */
  applicationName?: string;
};

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000;
/** How much longer than the server the client waits, so that the server's own error wins. */
const GRACE_MS = 5_000;

/**
 * A Prisma client over a `pg` pool in which every wait is bounded: for a connection, for a lock, for
 * a statement, for a reply from a server that went silent, and for a transaction left open.
 *
 * Connects on first use. The timeouts travel as start-up parameters; a PgBouncer in between needs
 * them in `ignore_startup_parameters`. Statements are prepared once for each connection, so it has to keep
 * sessions together.
 */
export const createClient = ({
  url,
  poolSize = 10,
  statementTimeoutMs = 15_000,
  lockTimeoutMs = 5_000,
  applicationName = "lethe",
}: ClientOptions): Database => {
  const nameOf = createStatementNamer();
  const pool = {
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: applicationName,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    ...(statementTimeoutMs > 0 && { query_timeout: statementTimeoutMs + GRACE_MS }),
  };
  return new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: ({ sql }) => nameOf(sql) }),
    transactionOptions: { maxWait: CONNECT_TIMEOUT_MS, timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS },
  });
};
