import type { EventEmitter } from "node:events";
import { Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import pg from "pg";
import { DatabaseSetupError, hostOf, READ_ONLY } from "../connection-error.ts";
import { type Plans, REPORTED, STATEMENT_TIMEOUT_MS, settingsScript, type Timeouts } from "./settings.ts";
import { passRowsBy } from "./take-rows.ts";
import { goOnInPlain, readTls } from "./tls.ts";

declare module "pg" {
  // The types leave these out. pg calls the method for the start-up message.
  interface Client {
    /** The key by which the server knows this session, for cancelling. */
    readonly processID: number | null;
    /** Whether no statement is under way. */
    readonly readyForQuery: boolean;
    getStartupConf(): Record<string, string | undefined>;
  }
  interface Connection {
    ssl: boolean | ConnectionOptions;
    /** Begins to read messages. */
    attachListeners(stream: EventEmitter): void;
  }
}

export type SessionOptions = Timeouts & {
  url: string;
  /** The name shown in `pg_stat_activity`. */
  applicationName: string;
  /** How long a connection may take to come about; milliseconds, default 5000. */
  connectTimeoutMs?: number | undefined;
  /** How a pooler lends the connection out, if one does. */
  pooling?: Pooling | undefined;
  /** What its statements are like; default: each is about rows whose keys it has. */
  plans?: Plans | undefined;
};

/**
 * What lies between us and PostgreSQL: nothing, a pooler that lends a connection to a client for as long as it
 * stays, or one that lends it for a transaction.
 */
export type Pooling = "none" | "session" | "transaction";

export const CONNECT_TIMEOUT_MS = 5_000;
/** How much longer than the server the client waits, so that the server's own error wins. */
const GRACE_MS = 5_000;
/** SQLSTATE of a feature that there is not. */
const UNSUPPORTED = "0A000";

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
  #refusedToWrite = false;
  readonly #orPlain: boolean;

  constructor(options: SessionOptions) {
    const { url, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
    const { connectionString, ssl, orPlain } = readTls(url);
    super({
      // What the URL leaves out of these would come from PGSSLNEGOTIATION and PGCLIENT_ENCODING.
      sslnegotiation: "postgres",
      client_encoding: "utf8",
      connectionString,
      ...(ssl !== undefined && { ssl }),
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    this.#options = options;
    this.#orPlain = orPlain;
    // What comes over a local socket has not left the machine: libpq asks for no TLS there.
    if (this.host.startsWith("/")) this.ssl = this.connection.ssl = false;
    this.on("error", () => {});
    passRowsBy(this.connection);
    this.connection.on("parameterStatus", (status: { parameterName: string; parameterValue: string }) => {
      this.#reported.set(status.parameterName, status.parameterValue);
      const deviation = this.#open && this.#deviation();
      if (!deviation) return;
      // Emitted, not handed to the stream: the statement under way must fail before its answer is complete.
      this.connection.emit("error", deviation);
      this.connection.stream.destroy();
    });
    this.connection.on("errorMessage", (error: { code?: string }) => {
      // What a standby does not have, such as unlogged tables, is no mistake of who asks for it.
      if (this.#isStandby && error.code === UNSUPPORTED) error.code = READ_ONLY;
      if (error.code === READ_ONLY) this.#refusedToWrite = true;
    });
  }

  /**
   * Whether what it leads to could only be read when it last said so: a standby, whose data are old besides. Another
   * session may lead to where it can be written.
   */
  get isReadOnly(): boolean {
    return this.#refusedToWrite || this.#isStandby;
  }

  get #isStandby(): boolean {
    return this.#reported.get("in_hot_standby") === "on";
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
    try {
      await this.#establish().catch((error: unknown) => {
        throw notEstablished(error);
      });
      const deviation = this.#deviation();
      if (deviation) throw deviation;
      this.#open = true;
      return this;
    } catch (error) {
      this.end().catch(() => {});
      throw error;
    }
  }

  async #establish(): Promise<void> {
    const connected = super.connect();
    if (this.#orPlain) goOnInPlain(this.connection);
    await connected;
    this.#boundWaits();
    // A setting would be lost to the next transaction, and be found by somebody else's.
    if (this.#options.pooling !== "transaction")
      await this.query(settingsScript(this.#options, this.#major())).catch((error: unknown) => {
        throw mayNotSet(error);
      });
  }

  /**
   * Ends the session when the server is silent for longer than a statement may take. Not by pg's own `query_timeout`: with
   * what that wraps around each callback, the rows of every answer outlive scavenges, and are collected with old objects only.
   */
  #boundWaits(): void {
    const { statementTimeoutMs = STATEMENT_TIMEOUT_MS } = this.#options;
    const { stream } = this.connection;
    if (statementTimeoutMs === 0 || !(stream instanceof Socket)) return;
    stream.setTimeout(statementTimeoutMs + GRACE_MS, () => {
      if (!this.readyForQuery) stream.destroy(new Error("PostgreSQL has not answered in time"));
    });
  }

  /** Why the session cannot be used, if the server says that it is not what was asked for. */
  #deviation(): DatabaseSetupError | undefined {
    const encoding = this.#reported.get("server_encoding");
    if (encoding !== undefined && encoding !== REPORTED.client_encoding) {
      return new DatabaseSetupError(
        "refused",
        `PostgreSQL at ${hostOf(this.#options.url)} keeps the database ${this.database} in ${encoding}, which not every ` +
          "character can be written in. Make another one in UTF8 (createdb -E UTF8 -T template0), bring over what there " +
          "is with pg_dump, and put its name into DATABASE_URL.",
      );
    }
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

/** Says what to do where the role lacks the right to a setting that is not as it must be. */
function mayNotSet(error: unknown): unknown {
  if (error instanceof pg.DatabaseError && error.code === "42501")
    error.message += " (ALTER ROLE … RESET it and ALTER DATABASE … RESET it, or GRANT SET ON PARAMETER)";
  return error;
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
