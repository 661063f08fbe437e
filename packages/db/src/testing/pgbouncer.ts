import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ping } from "../with-connection.ts";
import { freePort, installPackage, runServer } from "./local-server.ts";

const PROGRAM = "/usr/sbin/pgbouncer";
const NOBODY = { uid: 65_534, gid: 65_534 };

/** A database of a pooler. */
export type Pooled = {
  name: string;
  /** Where its connections go. */
  target: string;
  mode: "session" | "transaction" | "statement";
  /** More for its line in the configuration, such as `connect_query='…'`. */
  options?: string;
};

export type TestPooler = {
  /** The URL of one of its databases, with the user and password of its target. */
  url: (name: string) => string;
  stop: () => Promise<void>;
};

/** Writes `pgbouncer.ini` for these lines of databases, a port of the loopback and a file of users. */
type WriteConfiguration = (of: { lines: string[]; port: number; users: string }) => string;

const plain: WriteConfiguration = ({ lines, port, users }) =>
  ["[databases]", ...lines, "[pgbouncer]", "listen_addr = 127.0.0.1", `listen_port = ${port}`]
    .concat("unix_socket_dir =", "auth_type = scram-sha-256", `auth_file = ${users}`)
    .join("\n");

/**
 * Starts a real PgBouncer on a free port of the loopback, that of the system, or for root one that apt-get
 * installs. Answers why not where it can be neither found nor installed.
 */
export const openPgBouncer = async (
  databases: Pooled[],
  write = plain,
): Promise<TestPooler | { missing: string }> => {
  const missing = await installPackage("pgbouncer", PROGRAM);
  if (missing !== null) return { missing };
  const folder = await mkdtemp(join(tmpdir(), "lethe-pgbouncer-"));
  const port = await freePort();
  const lines = databases.map(({ name, target, mode, options = "" }) => {
    const { hostname, port: at, pathname } = new URL(target);
    return `${name} = host=${hostname} port=${at} dbname=${pathname.slice(1)} pool_mode=${mode} ${options}`;
  });
  const users = databases.map(({ target }) => `"${new URL(target).username}" "${new URL(target).password}"`);
  await writeFile(join(folder, "users"), [...new Set(users)].join("\n"));
  await writeFile(join(folder, "pgbouncer.ini"), write({ lines, port, users: join(folder, "users") }));
  // It refuses to run as root, and the other account has to read its files.
  await chmod(folder, 0o755);
  const account = process.geteuid?.() === 0 ? NOBODY : {};
  const url = (name: string) => {
    const { target = "" } = databases.find((database) => database.name === name) ?? {};
    return Object.assign(new URL(target), { port: `${port}`, pathname: `/${name}` }).href;
  };
  const { stop } = await runServer([PROGRAM, join(folder, "pgbouncer.ini")], {
    ...account,
    folder,
    ask: () => ping({ url: url(databases[0]?.name ?? "") }),
  });
  return { url, stop };
};
