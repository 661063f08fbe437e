import type pg from "pg";
import { type Prisma, PrismaClient } from "./generated/client.ts";
import { leanly } from "./lean-config.ts";
import { createStatementNamer } from "./name-statement.ts";
import { noteDriver } from "./query-rows.ts";
import { SessionAdapter } from "./session/adapter.ts";
import { createPool } from "./session/pool.ts";
import { queryPool } from "./session/rows-query.ts";
import { CONNECT_TIMEOUT_MS, type Pooling } from "./session/session.ts";
import { IDLE_IN_TRANSACTION_TIMEOUT_MS } from "./session/settings.ts";

/** A pool of connections with Prisma's typed queries over it. Call `$disconnect()` when done. */
export type Database = PrismaClient;

export type ClientOptions = {
  url: string;
  /** How connections to `url` are lent out; default: in a way that leaves sessions to us. */
  pooling?: Pooling | undefined;
  /** Connections kept at most; default 10. */
  poolSize?: number;
  /** The server cancels a statement that runs longer; milliseconds, default 15000, 0 for never. */
  statementTimeoutMs?: number | undefined;
  /** The server gives up waiting for a row or table lock; milliseconds, default 5000, 0 for never. */
  lockTimeoutMs?: number | undefined;
  /** How long a connection may take to come about, or to be free; milliseconds, default 5000. */
  connectTimeoutMs?: number | undefined;
  /** After so long without use a connection is closed; milliseconds, default 15000, 0 for never. */
  idleTimeoutMs?: number | undefined;
  /** The name shown in `pg_stat_activity`; default "lethe". */
  applicationName?: string;
};

/**
 * A Prisma client over a pool of sessions in which every wait is bounded: for a connection, for a lock, for
 * a statement, for a reply from a server that went silent, and for a transaction left open.
 *
 * Connects on first use. Statements are prepared once for each connection.
 */
export const createClient = ({
  url,
  pooling,
  poolSize = 10,
  statementTimeoutMs,
  lockTimeoutMs,
  connectTimeoutMs,
  idleTimeoutMs,
  applicationName = "lethe",
}: ClientOptions): Database => {
  const pool = createPool({
    url,
    pooling,
    size: poolSize,
    applicationName,
    statementTimeoutMs,
    lockTimeoutMs,
    connectTimeoutMs,
    idleTimeoutMs,
  });
  return clientOver(pool, { pooling, statementTimeoutMs, connectTimeoutMs });
};

/**
 * Prisma's queries over a pool, which is ended when the client is disconnected after use. Without `models` it is for SQL, and
 * takes 2 MB less.
 */
export const clientOver = (
  pool: pg.Pool,
  {
    pooling,
    statementTimeoutMs = 0,
    connectTimeoutMs = CONNECT_TIMEOUT_MS,
    models = true,
  }: Pick<ClientOptions, "pooling" | "statementTimeoutMs" | "connectTimeoutMs"> & { models?: boolean } = {},
): Database => {
  const nameOf = createStatementNamer();
  // What one transaction has prepared is not there in the next where a pooler lends connections for each.
  const adapter = new SessionAdapter(pool, pooling === "transaction" ? () => "" : ({ sql }) => nameOf(sql));
  const options: Prisma.PrismaClientOptions = {
    adapter,
    transactionOptions: {
      maxWait: connectTimeoutMs,
      // As PostgreSQL is told: a transaction may take as long as one of its statements.
      timeout: Math.max(IDLE_IN_TRANSACTION_TIMEOUT_MS, statementTimeoutMs),
    },
    ...leanly({ models }),
  };
  const client = new PrismaClient(options);
  const nameOfRows = createStatementNamer("lethe_rows");
  noteDriver(client, {
    nameOf: pooling === "transaction" ? () => "" : nameOfRows,
    use: () => ({
      inUse: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      most: pool.options.max,
      waiting: pool.waitingCount,
    }),
    send: async (statement, values, meanwhile) => {
      // Prisma ends the pool only if it has connected.
      if (!adapter.isConnected) await client.$connect();
      return queryPool(pool, statement, values, meanwhile).catch((error: unknown) => {
        throw adapter.judge(error);
      });
    },
  });
  return client;
};
