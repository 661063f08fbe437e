import { realpath } from "node:fs/promises";
import { z } from "zod";
import { errorCode, errorMessage } from "../error-code.ts";
import { DatabaseSetupError } from "../setup-error.ts";
import { withConnection } from "../with-connection.ts";
import { readPostmaster, servesCluster } from "./postmaster.ts";
import { type Server, serverUrl } from "./server.ts";

export type Running =
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
