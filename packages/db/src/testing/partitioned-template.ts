import { partitionTables } from "../partition/partition-tables.ts";
import { databaseUrl, TEMPLATE, withPatience } from "./start-test-server.ts";

const NAME = "lethe_template_partitioned";
/** Two tenants of a test are seldom in the same one, and a database has not very many files. */
const PARTITIONS = 5;
/** "parts" on a telephone keypad. */
const KEY = 72787;

const made = new Map<string, Promise<string>>();

/** The name of a server's template whose tables are partitioned by tenant. Whoever asks first has it made, in a second. */
export const partitionedTemplate = (serverUrl: string): Promise<string> => {
  const making = made.get(serverUrl) ?? make(serverUrl);
  made.set(serverUrl, making);
  return making;
};

const make = (serverUrl: string): Promise<string> =>
  withPatience(serverUrl, async (admin) => {
    // Ends with the session.
    await admin.query("SELECT pg_advisory_lock($1)", [KEY]);
    const { rowCount } = await admin.query("SELECT FROM pg_database WHERE datname = $1", [NAME]);
    if (rowCount === 0) {
      const unfinished = `${NAME}_unfinished`;
      await admin.query(`CREATE DATABASE ${unfinished} TEMPLATE ${TEMPLATE} STRATEGY FILE_COPY`);
      await partitionTables({ url: databaseUrl(serverUrl, unfinished), partitions: PARTITIONS });
      await admin.query(`ALTER DATABASE ${unfinished} ALLOW_CONNECTIONS false`);
      await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${NAME}`);
    }
    return NAME;
  });
