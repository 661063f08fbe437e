import { randomUUID } from "node:crypto";
import { readFile, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { DatabaseSetupError, errorCode, errorMessage } from "../connection-error.ts";
import { Session } from "../session/session.ts";
import { withConnection } from "../with-connection.ts";
import type { Binaries, Identity } from "./binaries.ts";
import type { DataFolder } from "./data-folder.ts";

/** Everything that the steps of running one embedded server need to know. */
export type Server = {
  folder: DataFolder;
  binaries: Binaries;
  /** The major version of `binaries`. */
  major: number;
  identity: Identity;
  password: string;
  /** PostgreSQL settings on top of the defaults, by name. */
  settings: Record<string, string>;
  log: (message: string) => void;
};

/**
 * The URL of the server's database. It holds the password: not for logs. It leaves nothing out, because PGSSLMODE
 * and the like, which are meant for another server, would fill it in.
 */
export const serverUrl = ({ password }: Server, port: number): string =>
  `postgresql://lethe:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;

type Running =
  | { state: "ready"; pid: number; port: number }
  /** A server of this folder is starting, recovering or shutting down; `said` is what came of asking it. */
  | { state: "busy"; said: string }
  | { state: "none" };

const PROBE_TIMEOUT_MS = 2_000;
const WRONG_PASSWORD = new Set(["28P01", "28000"]);

/**
 * Finds the server of this folder. What counts is who answers (`SHOW data_directory`), not what a
 * PID file says: the file survives crashes, and its process id and port may belong to others by now.
 *
 * Throws DatabaseSetupError `folder_in_use` when a server of this folder does not take our password.
 */
export const findRunning = async (server: Server): Promise<Running> => {
  const { folder } = server;
  const written = await readPostmaster(folder);
  if (written === undefined) return { state: "none" };
  const { pid, port } = written;
  const answer = port === undefined ? new Error("it has no port yet") : await ask(server, port);
  if (answer === "ours" && port !== undefined) return { state: "ready", pid, port };
  if (!(await servesCluster(folder, pid))) return { state: "none" };
  if (WRONG_PASSWORD.has(errorCode(answer) ?? "")) {
    throw new DatabaseSetupError(
      "folder_in_use",
      `A PostgreSQL that Lethe does not manage (process ${pid}, port ${port}) serves ${folder.cluster}: ` +
        `it does not accept the password in ${folder.password}. Stop it, or set LETHE_DATA_DIR to ` +
        "another folder, or set DATABASE_URL to use that server.",
    );
  }
  return { state: "busy", said: errorMessage(answer) };
};

/** "ours", or why it is not known to be. */
const ask = async (server: Server, port: number): Promise<unknown> => {
  try {
    const directory = await withConnection(
      serverUrl(server, port),
      async (client) => {
        const { rows } = await client.query("SHOW data_directory");
        return z.tuple([z.object({ data_directory: z.string() })]).parse(rows)[0].data_directory;
      },
      { timeoutMs: PROBE_TIMEOUT_MS },
    );
    return (await realpath(directory)) === server.folder.cluster ? "ours" : new Error("another answers");
  } catch (error) {
    return error;
  }
};

type Postmaster = { pid: number; port: number | undefined };

export const pidFile = (folder: DataFolder): string => join(folder.cluster, "postmaster.pid");

/** What PostgreSQL wrote down about itself when it started; nothing proves that it still runs. */
export const readPostmaster = async (folder: DataFolder): Promise<Postmaster | undefined> => {
  const lines = await readFile(pidFile(folder), "utf8").then(
    (text) => text.split("\n"),
    () => [],
  );
  const pid = Number.parseInt(lines[0] ?? "", 10);
  const port = Number.parseInt(lines[3] ?? "", 10);
  return pid > 0 ? { pid, port: port > 0 ? port : undefined } : undefined;
};

/**
 * Whether the process works in this cluster. Every process of a PostgreSQL server has the data
 * directory as its working directory, so a recycled process id is told from a real one.
 */
export const servesCluster = (folder: DataFolder, pid: number): Promise<boolean> =>
  readlink(`/proc/${pid}/cwd`).then(
    (cwd) => cwd === folder.cluster,
    () => false,
  );

/** Processes of other versions go by it, too: a new word would have them stop a server that is used. */
const PREFIX = "lethe presence";

/** A name for the connection of one user of an embedded server, seen in `pg_stat_activity`. */
export const usageName = (): string => `${PREFIX} ${randomUUID()}`;

/**
 * The usage connection, by which a process shows that it uses the server. It ends with the process, however
 * that dies, so nobody has to clean up after a crash.
 */
export const connectUsage = async (url: string, name: string): Promise<Session> =>
  new Session({ url, applicationName: name }).connect();

/** Whether any other process has a usage connection. */
export const isUsedByOthers = (url: string, self: string): Promise<boolean> =>
  withConnection(url, async (client) => {
    const { rows } = await client.query(
      "SELECT count(*)::int AS others FROM pg_stat_activity WHERE application_name LIKE $1 AND application_name <> $2",
      [`${PREFIX} %`, self],
    );
    return z.tuple([z.object({ others: z.number() })]).parse(rows)[0].others > 0;
  });
