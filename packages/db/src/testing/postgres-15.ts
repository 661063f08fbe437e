import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { type Binaries, binariesIn, run } from "../embedded/binaries.ts";
import { installPackage } from "./local-server.ts";
import { startTestServer, type TestServer } from "./start-test-server.ts";

const FOLDERS = ["/usr/lib/postgresql/15/bin", "/usr/pgsql-15/bin", "/opt/postgresql/15/bin", "/usr/bin"];
/** Debian's package would create and start a cluster if this did not say otherwise. */
const NO_CLUSTER = `
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] ||
  echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf`;

/** A server, and the folder of its programs, `pg_dump` and `pg_restore` among them. */
export type Postgres15 = { server: TestServer; bin: string };

/**
 * Starts the oldest PostgreSQL that Lethe supports, as `startTestServer` does. Answers why not, in words for a skipped
 * test, where it can be neither found nor installed.
 */
export const openPostgres15 = async (): Promise<Postgres15 | { missing: string }> => {
  const found = await findPostgres15();
  return "missing" in found ? found : start(found.binaries);
};

/**
 * The programs of the oldest PostgreSQL that Lethe supports: one that the system has, or for root one that apt-get
 * installs (4 minutes at most). Answers why not where it can be neither found nor installed.
 */
export const findPostgres15 = async (): Promise<{ binaries: Binaries } | { missing: string }> => {
  const present = await find();
  if (present !== undefined) return { binaries: present };
  if (process.geteuid?.() === 0) await run({ prefix: [] }, ["sh", "-c", NO_CLUSTER], { timeoutMs: 10_000 });
  const [folder = ""] = FOLDERS;
  const missing = await installPackage("postgresql-15", binariesIn(folder).postgres);
  const installed = await find();
  if (installed !== undefined) return { binaries: installed };
  return { missing: missing ?? `the PostgreSQL in ${folder} is not 15` };
};

const start = async (binaries: Binaries): Promise<Postgres15> => ({
  server: await startTestServer({ binaries }),
  bin: dirname(binaries.postgres),
});

const find = async (): Promise<Binaries | undefined> => {
  for (const binaries of FOLDERS.map(binariesIn)) {
    if (!existsSync(binaries.postgres) || !existsSync(binaries.initdb)) continue;
    const { output } = await run({ prefix: [] }, [binaries.postgres, "--version"], { timeoutMs: 10_000 });
    if (output.includes("(PostgreSQL) 15.")) return binaries;
  }
  return undefined;
};
