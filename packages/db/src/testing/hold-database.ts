import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("./hold-database-program.ts", import.meta.url));

export type Holder = {
  url: string;
  /** Lets the process close its database and end; its exit code. */
  leave(): Promise<number | null>;
  /** `kill -9`. */
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
      child.kill("SIGKILL");
      await ended;
    },
  };
};
