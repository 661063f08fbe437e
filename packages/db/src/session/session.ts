import pg from "pg";
import { DatabaseSetupError } from "../setup-error.ts";

declare module "pg" {
  // pg has this method and calls it for the start-up message; its types leave it out.
  interface Client {
    getStartupConf(): Record<string, string | undefined>;
  }
}

export type SessionOptions = {
  url: string;
  /** The name shown in `pg_stat_activity`. */
  applicationName: string;
  /** How long a connection may take to come about; milliseconds, default 5000. */
  connectTimeoutMs?: number | undefined;
  /** The server cancels a statement that runs longer; milliseconds, default 15000, 0 for never. */
  statementTimeoutMs?: number | undefined;
  /** The server gives up waiting for a row or table lock; milliseconds, default 5000, 0 for never. */
  lockTimeoutMs?: number | undefined;
};

export const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 5_000;
/** How long a transaction may be left open without a statement, at least. */
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000;
/** How much longer than the server the client waits, so that the server's own error wins. */
const GRACE_MS = 5_000;

/**
 * What goes with the start-up message, in the spelling in which the server reports it back. It outranks what the
 * server, the database and the role are configured to, and a PgBouncer of any version and mode keeps it.
 */
const REPORTED = {
  client_encoding: "UTF8",
  DateStyle: "ISO, MDY",
  TimeZone: "UTC",
  standard_conforming_strings: "on",
} as const;

/**
 * One session of PostgreSQL, and the only way to open one. It is what Lethe needs it to be, whatever the server,
 * its databases and roles and the environment say: times are UTC with ISO spelling, names are found in the schema
 * `public`, and every wait is bounded. A session that reports anything else is ended before a row is read.
 *
 * An error between two statements ends the session, never the process: the next statement rejects.
 */
export class Session extends pg.Client {
  readonly #options: SessionOptions;
  readonly #reported = new Map<string, string>();
  #open = false;

  constructor(options: SessionOptions) {
    const { url, connectTimeoutMs = CONNECT_TIMEOUT_MS, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
    super({
      // What the URL leaves out of these would come from PGSSLNEGOTIATION and PGCLIENT_ENCODING.
      sslnegotiation: "postgres",
      client_encoding: "utf8",
      connectionString: url,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      ...(statementTimeoutMs > 0 && { query_timeout: statementTimeoutMs + GRACE_MS }),
    });
    this.#options = options;
    this.on("error", () => {});
    this.connection.on("parameterStatus", (status: { parameterName: string; parameterValue: string }) => {
      this.#reported.set(status.parameterName, status.parameterValue);
      const deviation = this.#open && this.#deviation();
      if (!deviation) return;
      // Emitted, not handed to the stream: the statement under way must fail before its answer is complete.
      this.connection.emit("error", deviation);
      this.connection.stream.destroy();
    });
  }

  override getStartupConf(): Record<string, string | undefined> {
    // PGOPTIONS is meant for others; Neon and its like need what the URL itself says.
    const options = URL.parse(this.#options.url)?.searchParams.get("options");
    return {
      user: this.user,
      database: this.database,
      application_name: this.#options.applicationName,
      ...(options && { options }),
      ...REPORTED,
    };
  }

  override connect(): Promise<this>;
  override connect(callback: (error: Error | null) => void): void;
  override connect(callback?: (error: Error | null) => void): Promise<this> | undefined {
    const opened = this.#connect();
    if (callback === undefined) return opened;
    opened.then(() => callback(null), callback);
    return undefined;
  }

  async #connect(): Promise<this> {
    await super.connect().catch((error: unknown) => {
      throw notEstablished(error);
    });
    try {
      await this.query(settings(this.#options, this.#major()));
      const deviation = this.#deviation();
      if (deviation) throw deviation;
      this.#open = true;
      return this;
    } catch (error) {
      await this.end().catch(() => {});
      throw error;
    }
  }

  /** Why the session cannot be used, if the server says that it is not what was asked for. */
  #deviation(): DatabaseSetupError | undefined {
    for (const [name, asked] of Object.entries(REPORTED)) {
      const reported = this.#reported.get(name);
      if (reported === asked) continue;
      return new DatabaseSetupError(
        "refused",
        `The database answers with ${name} ${reported ?? "unknown"} although ${asked} was asked for. ` +
          "Connect to PostgreSQL itself, or through a pooler that keeps what its clients ask for.",
      );
    }
    return undefined;
  }

  #major(): number {
    return Number.parseInt(this.#reported.get("server_version") ?? "", 10);
  }
}

/** SQLSTATEs that say of themselves that no session came about: connection, login, database, resources, shutdown. */
const saysSo = /^(?:08|28|3D|53|57)/;

/** Why there is no session. What PostgreSQL refused one for in terms of a statement has the SQLSTATE of a connection. */
function notEstablished(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError) || saysSo.test(error.code ?? "")) return error;
  return Object.assign(new Error(error.message, { cause: error }), {
    code: "08001",
    severity: error.severity,
  });
}

/** The rest of what a session must be; a pooler takes these from a statement only. */
const settings = (
  { statementTimeoutMs = STATEMENT_TIMEOUT_MS, lockTimeoutMs = LOCK_TIMEOUT_MS }: SessionOptions,
  major: number,
): string =>
  Object.entries({
    search_path: "public",
    IntervalStyle: "postgres",
    default_transaction_isolation: "'read committed'",
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: Math.max(IDLE_IN_TRANSACTION_TIMEOUT_MS, statementTimeoutMs),
    idle_session_timeout: 0,
    ...(major >= 17 && { transaction_timeout: 0 }),
  })
    .map(([name, value]) => `SET ${name} = ${value}`)
    .join("; ");
