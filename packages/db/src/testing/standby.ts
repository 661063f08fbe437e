import { chown, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { TIMEOUT_MS, withPatience } from "./start-test-server.ts";

const folderRow = z.tuple([z.object({ data_directory: z.string() })]);
const standbyRow = z.tuple([z.object({ standby: z.boolean() })]);

/**
 * Restarts the server of `startTestServer` at `url` as a hot standby, as a primary comes back after a failover: it waits
 * for what another writes, and can only be read. `promote` makes it the primary again.
 */
export const becomeStandby = async (url: string): Promise<void> => {
  const folder = await withPatience(url, async (client) => {
    const { rows } = await client.query("SHOW data_directory");
    return folderRow.parse(rows)[0].data_directory;
  });
  const signal = join(folder, "standby.signal");
  await writeFile(signal, "");
  const { uid, gid } = await stat(folder);
  await chown(signal, uid, gid);
  const [pid] = (await readFile(join(folder, "postmaster.pid"), "utf8")).split("\n");
  // A fast shutdown; who keeps the server starts it again.
  process.kill(Number(pid), "SIGINT");
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await isStandby(url).catch(() => false))) {
    if (Date.now() > deadline) throw new Error("The server did not come back as a standby");
    await sleep(50);
  }
};

/** Makes a standby the primary: it can be written when this returns. */
export const promote = async (url: string): Promise<void> => {
  await withPatience(url, (client) => client.query("SELECT pg_promote(true, 60)"));
};

const isStandby = (url: string): Promise<boolean> =>
  withPatience(url, async (client) => {
    const { rows } = await client.query("SELECT pg_is_in_recovery() AS standby");
    return standbyRow.parse(rows)[0].standby;
  });
