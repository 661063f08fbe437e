import { randomInt } from "node:crypto";
import { z } from "zod";
import { connectionError, DatabaseSetupError, errorMessage, hostOf, READ_ONLY } from "../connection-error.ts";
import { type Pooling, Session } from "./session.ts";
import { ASK_SETTINGS, settingsLacking } from "./settings.ts";

/** Where a database is reached. Its URLs are secrets: never print them. */
export type DatabaseAddress = {
  /** For statements and transactions that stand for themselves. */
  url: string;
  /** For what needs a session of its own: listening, locks, migrations, the lease. */
  directUrl: string;
  /** How connections to `url` are lent out. */
  pooling: Pooling;
};

const ROUNDS = 5;
const TIMEOUT_MS = 5_000;

/**
 * Contacts a database and finds out whether a pooler lies in between and how it lends connections, by what it does:
 * poolers do not tell their clients. Nothing is set and nothing written.
 *
 * Throws DatabaseSetupError: `unreachable`, `refused`, or `unsuitable_pooler` with what to set.
 */
export const findAddress = async (url: string, directUrl = url): Promise<DatabaseAddress> => {
  const pooling = await findPooling(url, "DATABASE_URL");
  if (directUrl !== url) {
    const sessions = await findPooling(directUrl, "DATABASE_DIRECT_URL");
    if (sessions === "transaction") throw unsuitable(directUrl, `${BY_TRANSACTION}: ${pointDirectly}.`);
    await checkSameDatabase({ url, directUrl });
  }
  if (pooling === "transaction") {
    const needs = [...(directUrl === url ? [pointDirectly] : []), ...(await missingSettings(url))];
    if (needs.length > 0) {
      throw unsuitable(url, `${BY_TRANSACTION}: ${needs.join(", and ")}. Or use pool_mode=session.`);
    }
  }
  return { url, directUrl, pooling };
};

const BY_TRANSACTION = "lends connections by transaction";
const pointDirectly =
  "point DATABASE_DIRECT_URL to PostgreSQL itself, or to a database of the pooler with pool_mode=session";

const findPooling = (url: string, variable: string): Promise<Pooling> =>
  withSessions(url, variable, async (open) => {
    const first = await open();
    if (await isStandby(first)) throw Object.assign(new Error("It is a standby"), { code: READ_ONLY });
    // PostgreSQL gives a client the id of its process as the key for cancelling; poolers have keys of their own.
    if ((await processOf(first)) === first.processID) return "none";
    return (await isShared(first, await open(), url)) ? "transaction" : "session";
  });

/** Whether what one client is connected to is lent to another between its statements. */
const isShared = async (first: Session, second: Session, url: string): Promise<boolean> => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await processOf(first);
    await second.query("BEGIN").catch((error: unknown) => {
      const said = errorMessage(error);
      if (said.includes("statement pooling")) {
        throw unsuitable(
          url,
          "lends connections by statement, and Lethe needs transactions: set pool_mode=session.",
        );
      }
      if (said.includes("timeout")) {
        throw unsuitable(
          url,
          "had no second connection to lend within 10 seconds: raise its pool_size (default_pool_size) to what the " +
            "servers take together, LETHE_DATABASE_CONNECTIONS each.",
        );
      }
      throw error;
    });
    const other = await processOf(second);
    if (other === before || (await processOf(first)) !== before) return true;
    await second.query("ROLLBACK");
  }
  return false;
};

/**
 * What one question is answered, whatever a role is configured to: one call, so that what is set holds for it alone
 * also where the connection is another's afterwards.
 */
const answerTo = async (session: Session, question: string): Promise<unknown> => {
  const answers: unknown = await session.query(
    `SET LOCAL statement_timeout = ${TIMEOUT_MS}; SET LOCAL jit = off; ${question}`,
  );
  return z
    .array(z.object({ rows: z.array(z.unknown()) }))
    .parse(answers)
    .at(-1)?.rows;
};

const processOf = async (session: Session): Promise<number> => {
  const rows = await answerTo(session, "SELECT pg_backend_pid() AS pid");
  return z.tuple([z.object({ pid: z.number() })]).parse(rows)[0].pid;
};

/** Asked, because a pooler may report what its servers were before. */
const isStandby = async (session: Session): Promise<boolean> => {
  const rows = await answerTo(session, "SELECT pg_is_in_recovery() AS standby");
  return z.tuple([z.object({ standby: z.boolean() })]).parse(rows)[0].standby;
};

const settingsRow = z.tuple([z.object({ settings: z.record(z.string(), z.string()) })]);

/** What the connections of a pooler are not that Lethe needs, where it cannot make them so. */
const missingSettings = (url: string): Promise<string[]> =>
  withSessions(url, "DATABASE_URL", async (open) => {
    const { rows } = await (await open()).query(ASK_SETTINGS);
    const script = settingsLacking(settingsRow.parse(rows)[0].settings);
    if (script === null) return [];
    const query = script.replaceAll("'", "''");
    return [
      `add connect_query='${query}' to the line of the database in pgbouncer.ini and restart PgBouncer`,
    ];
  });

/** A lock that is taken on one way must be seen on the other. */
const checkSameDatabase = ({ url, directUrl }: { url: string; directUrl: string }): Promise<void> =>
  withSessions(directUrl, "DATABASE_DIRECT_URL", async (openDirect) => {
    const key = [randomInt(2 ** 31), randomInt(2 ** 31)];
    const direct = await openDirect();
    await direct.query("SELECT pg_advisory_lock($1, $2)", key);
    const seen = await withSessions(url, "DATABASE_URL", async (open) => {
      const { rowCount } = await (await open()).query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND objid = $2
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        key,
      );
      return rowCount === 1;
    });
    if (seen) return;
    throw new DatabaseSetupError(
      "refused",
      "DATABASE_URL and DATABASE_DIRECT_URL lead to different databases. Both must lead to the same one.",
    );
  });

/** Hands out sessions for which nothing is set, and closes them. */
const withSessions = async <T>(
  url: string,
  variable: string,
  use: (open: () => Promise<Session>) => Promise<T>,
): Promise<T> => {
  const opened: Session[] = [];
  const open = () => {
    const session = new Session({
      url,
      applicationName: "lethe",
      pooling: "transaction",
      statementTimeoutMs: TIMEOUT_MS,
    });
    opened.push(session);
    return session.connect();
  };
  try {
    return await use(open);
  } catch (error) {
    throw connectionError(url, error, variable);
  } finally {
    await Promise.all(opened.map((session) => session.end().catch(() => {})));
  }
};

const unsuitable = (url: string, what: string) =>
  new DatabaseSetupError("unsuitable_pooler", `The connection pooler at ${hostOf(url)} ${what}`);
