import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { type Binaries, binariesIn } from "../embedded/binaries.ts";
import { run } from "../embedded/run.ts";
import { startTestServer, type TestServer } from "./start-test-server.ts";

const FOLDERS = ["/usr/lib/postgresql/15/bin", "/usr/pgsql-15/bin", "/opt/postgresql/15/bin", "/usr/bin"];
const INSTALL_TIMEOUT_MS = 240_000;

/** Installs under a lock, and without the cluster that Debian's package would create and start. */
const INSTALL = `
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] ||
  echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
export DEBIAN_FRONTEND=noninteractive
apt-get update -q &&
  apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold \\
    -o DPkg::Lock::Timeout=120 postgresql-15`;

/** A server, and the folder of its programs, `pg_dump` and `pg_restore` among them. */
export type Postgres15 = { server: TestServer; bin: string };

/**
 * Starts the oldest PostgreSQL that Lethe supports, as `startTestServer` does: one that the system
 * has, or for root one that apt-get installs (4 minutes at most).
 *
 * Answers why not, in words for a skipped test, where it can be neither found nor installed.
 */
export const openPostgres15 = async (): Promise<Postgres15 | { missing: string }> => {
  const present = await find();
  if (present !== undefined) return start(present);
  if (process.geteuid?.() !== 0) {
    return { missing: "PostgreSQL 15 is not installed, and only root can install it" };
  }
  const { code, output } = await run(
    { prefix: ["flock", "--wait", "240", "/tmp/lethe-postgres-15.lock"] },
    ["sh", "-c", INSTALL],
    { timeoutMs: INSTALL_TIMEOUT_MS },
  );
  const installed = await find();
  return installed === undefined
    ? { missing: `PostgreSQL 15 could not be installed (apt-get: ${code}): ${output.slice(-300)}` }
    : start(installed);
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
