import { accessSync, readdirSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { LoadResult } from "../load/run-load.ts";
import { type Credentials, chatIdSql, orderExpression } from "../seed/lethe.ts";
import { naturalTables } from "../seed/rivals.ts";
import { runCommand } from "./program.ts";
import type { DeleteRun, Rig, System } from "./rig.ts";

/** Lethe's PostgreSQL takes 200 connections; more clients than this only wait for one another. */
const mostClients = 128;

/** pgbench on the natural schema: the same deletes without any server, which is what the database can do. */
export async function preparePgbench(rig: Rig, credentials: Credentials): Promise<System> {
  const database = await rig.postgres.create(`pgbench_${rig.serial()}`);
  await naturalTables.create(database, credentials);
  const program = findPgbench();
  return {
    name: "pgbench",
    database,
    pid: null,
    clear: () => naturalTables.clear(database),
    seed: (set) => naturalTables.seed(database, credentials, set),
    drive: (run) => drive(program, rig.folder, database.url, credentials, run),
    stop: async () => {},
  };
}

/** Every client deletes as many as the others: what cannot be shared out is left. */
async function drive(
  program: string,
  parent: string,
  url: string,
  { tenantId }: Credentials,
  { label, total, callers }: DeleteRun,
): Promise<LoadResult> {
  const clients = Math.min(callers, mostClients);
  const folder = await mkdtemp(join(parent, "pgbench-"));
  const script = join(folder, "delete.sql");
  // Variables last as long as their client: client c deletes the c-th, the (c + clients)-th, … chat.
  await writeFile(
    script,
    `\\set turn :turn + 1
\\set n ${orderExpression(`(:client_id + ${clients} * :turn)`, total)}
DELETE FROM chat WHERE id = ${chatIdSql(label, ":n")} AND tenant_id = '${tenantId}' RETURNING id;\n`,
  );
  const threads = clients > 16 ? 2 : 1;
  const args = [
    "-n",
    "-M",
    "prepared",
    "-D",
    "turn=-1",
    "-f",
    script,
    "-c",
    `${clients}`,
    "-j",
    `${threads}`,
  ];
  const printed = await runCommand(
    program,
    [...args, "-t", `${Math.floor(total / clients)}`, "--log", `--log-prefix=${join(folder, "log")}`, url],
    { cwd: folder },
  );
  const rate = Number(/tps = ([\d.]+) \(without/.exec(printed)?.[1]);
  const latencies = await readLatencies(folder);
  await rm(folder, { recursive: true });
  const seconds = latencies.length / rate;
  return { latencies, statuses: { 200: latencies.length }, seconds, cpuSeconds: Number.NaN };
}

/** The third field of each line of pgbench's log is a transaction's time in microseconds. */
async function readLatencies(folder: string): Promise<Float64Array> {
  const logs = (await readdir(folder)).filter((name) => name.startsWith("log"));
  const texts = await Promise.all(logs.map((name) => readFile(join(folder, name), "utf8")));
  const lines = texts.flatMap((text) => text.split("\n")).filter((line) => line !== "");
  return Float64Array.from(lines, (line) => Number(line.split(" ")[2]) / 1_000);
}

const debian = "/usr/lib/postgresql";

/** The newest pgbench of this machine. */
export function findPgbench(): string {
  const versions = list(debian).sort((a, b) => Number(b) - Number(a));
  const folders = [
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  const found = folders.map((folder) => join(folder, "pgbench")).find(exists);
  if (found === undefined) {
    throw new Error("pgbench is not installed. On Debian and Ubuntu: apt-get install postgresql-contrib");
  }
  return found;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
