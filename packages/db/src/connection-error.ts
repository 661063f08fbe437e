import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** Says why no connection came about, and what to do about `variable`, without the password. */
export const connectionError = (
  url: string,
  error: unknown,
  variable = "DATABASE_URL",
): DatabaseSetupError => {
  if (error instanceof DatabaseSetupError) return error;
  const { where, user, database } = describe(url, variable);
  const cause = { cause: error };
  switch (connectionCode(error)) {
    case "ECONNREFUSED":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case NO_ANSWER:
      return new DatabaseSetupError(
        "unreachable",
        `No PostgreSQL answers at ${where}. Start it, or put the right host and port into ${variable}.`,
        cause,
      );
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new DatabaseSetupError(
        "unreachable",
        `The host of ${where} is unknown. Put the right host into ${variable}.`,
        cause,
      );
    case "28P01":
    case "28000":
      return new DatabaseSetupError(
        "refused",
        `PostgreSQL at ${where} refuses the user ${user}: ${errorMessage(error)}. ` +
          `Put the right user and password into ${variable}.`,
        cause,
      );
    case "3D000":
      return new DatabaseSetupError(
        "refused",
        `PostgreSQL at ${where} has no database ${database}. Create it (createdb ${database}), or put ` +
          `another name into ${variable}.`,
        cause,
      );
    case TOO_MANY_CONNECTIONS:
      return new DatabaseSetupError(
        "refused",
        `PostgreSQL at ${where} has no connection left for Lethe. Raise its max_connections (or the limit of ` +
          "the role, database or pooler), stop others, or have each server take fewer: LETHE_DATABASE_CONNECTIONS.",
        cause,
      );
    case READ_ONLY:
      return new DatabaseSetupError(
        "refused",
        `PostgreSQL at ${where} can only be read: it is a standby. Promote it, or put the address of the primary into ` +
          `${variable}.`,
        cause,
      );
    case STARTING:
      return new DatabaseSetupError(
        "unreachable",
        `PostgreSQL at ${where} is starting or stopping. Try again when it is ready.`,
        cause,
      );
    default:
      return new DatabaseSetupError(
        "unreachable",
        `Cannot connect to PostgreSQL at ${where}: ${errorMessage(error)}. Check ${variable}.`,
        cause,
      );
  }
};

const TOO_MANY_CONNECTIONS = "53300";
const STARTING = "57P03";
/** SQLSTATE of what would have to write and may not. */
export const READ_ONLY = "25006";
/** No answer in time: the server is too busy to take a connection, or there is none. */
const NO_ANSWER = "ETIMEDOUT";
/** Reasons that pass by themselves. */
const PASSING = [TOO_MANY_CONNECTIONS, STARTING, READ_ONLY, NO_ANSWER];
const RETRY_MS = { first: 100, slowest: 1_000, limit: 10_000 };

/**
 * Connects, and tries again for ten seconds while PostgreSQL has no connection left, is starting, can only be read or
 * does not answer in time, as when several servers start at once or during a failover. Each attempt must be whole in itself.
 *
 * Throws what `work` throws, and for these reasons DatabaseSetupError.
 */
export const retryConnecting = async <T>(
  { url, log, signal }: { url: string; log: (message: string) => void; signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> => {
  const begun = performance.now();
  for (let delay = RETRY_MS.first; ; delay = Math.min(delay * 2, RETRY_MS.slowest)) {
    try {
      return await work();
    } catch (error) {
      const code = connectionCode(error);
      if (!PASSING.some((passing) => passing === code)) throw error;
      const explained = error instanceof DatabaseSetupError ? error : connectionError(url, error);
      if (performance.now() - begun > RETRY_MS.limit || signal?.aborted) throw explained;
      if (delay === RETRY_MS.first) log(`${explained.message} Trying again for ${RETRY_MS.limit / 1_000} s`);
      await sleep(delay, undefined, { signal }).catch(() => {});
    }
  }
};

const failedQuery = z.object({
  meta: z.object({ driverAdapterError: z.object({ cause: z.object({ originalCode: z.string() }) }) }),
});

/** The code with which PostgreSQL, a pooler or the system refused a connection, be it inside an error of Prisma's. */
const connectionCode = (error: unknown): string | undefined => {
  if (error instanceof DatabaseSetupError) return connectionCode(error.cause);
  // What `pg` says when no connection came about in time; it has no code for that.
  if (error instanceof Error && error.message === "timeout expired") return NO_ANSWER;
  const code =
    failedQuery.safeParse(error).data?.meta.driverAdapterError.cause.originalCode ?? errorCode(error);
  // What a PgBouncer says when it, or the server behind it, takes no more; it has no code of its own for that.
  const full = /no more connections allowed|too many clients already|remaining connection slots/;
  return code?.startsWith("08") && full.test(errorMessage(error)) ? TOO_MANY_CONNECTIONS : code;
};

/** The host and port of a database, for messages. */
export const hostOf = (url: string): string => describe(url, "the URL").where;

const describe = (url: string, variable: string) => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return {
    where: parsed === undefined ? `the address in ${variable}` : parsed.host || "the local socket",
    user: parsed?.username || "(none given)",
    database: parsed?.pathname.slice(1) || "(none given)",
  };
};

/** What stands between Lethe and a working database; each word names one cause. */
export type DatabaseSetupErrorCode =
  | "unsupported_platform"
  | "folder_not_usable"
  | "folder_in_use"
  | "other_major_version"
  | "disk_full"
  | "start_failed"
  | "timed_out"
  | "unreachable"
  | "refused"
  | "unsuitable_pooler"
  | "server_too_old"
  | "newer_database"
  | "migration_failed"
  | "partitioned";

/**
 * The database could not be reached, started or migrated. `message` is written for the operator: it
 * says what happened and what to do; it never holds a password. Tell causes apart by `code`.
 */
export class DatabaseSetupError extends Error {
  override readonly name = "DatabaseSetupError";
  readonly code: DatabaseSetupErrorCode;

  constructor(code: DatabaseSetupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The `code` of a system or PostgreSQL error ("ENOENT", "57P03"), or undefined when it has none. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

/** The message of whatever was thrown. */
export const errorMessage = (error: unknown): string =>
  error instanceof Error && error.message !== "" ? error.message : String(error);
