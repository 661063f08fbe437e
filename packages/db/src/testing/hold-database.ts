import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { withPatience } from "./start-test-server.ts";

const program = fileURLToPath(new URL("./hold-database-program.ts", import.meta.url));

export type Holder = {
  url: string;
  /** Lets the process close its database and end; its exit code. */
  leave(): Promise<number | null>;
  /** `kill -9`, while the server runs; returns when that does not count it among its users any more. */
  kill(): Promise<void>;
};

/** How to run it: under another account, with other words before the command. */
type HowToRun = { as?: { uid: number; gid: number }; prefix?: string[] };

/** Starts a process that opens the embedded database of a folder, as Lethe does when it starts. */
const spawnHolder = (dataDir: string, { as, prefix = [] }: HowToRun = {}) => {
  const [command = process.execPath, ...words] = [...prefix, process.execPath, program, dataDir];
  return spawn(command, words, { stdio: ["pipe", "pipe", "pipe"], cwd: "/", ...as });
};

/**
 * Opens the embedded database of a folder in a process of its own, as a running Lethe does.
 *
 * Throws what the process printed when it could not open the database.
 */
export const holdDatabase = async (dataDir: string, how?: HowToRun): Promise<Holder> => {
  const child = spawnHolder(dataDir, how);
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const ended = once(child, "close");
  const opened = once(child.stdout, "data").then(([chunk]) => String(chunk).trim());
  const url = await Promise.race([opened, ended.then(() => undefined)]);
  if (url === undefined) throw new Error(complaint);
  return {
    url,
    leave: async () => {
      child.stdin.end();
      await ended;
      return child.exitCode;
    },
    kill: async () => {
      const before = await countUsers(url);
      child.kill("SIGKILL");
      await ended;
      await expect.poll(() => countUsers(url)).toBeLessThan(before);
    },
  };
};

const USERS =
  "SELECT count(*)::integer AS users FROM pg_stat_activity WHERE application_name LIKE 'lethe presence %'";

const countUsers = (url: string): Promise<number> =>
  withPatience(url, async (client) => (await client.query(USERS)).rows[0].users);
