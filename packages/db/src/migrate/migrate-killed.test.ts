import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { createEmptyDatabase } from "../testing/create-empty-database.ts";
import { withPatience } from "../testing/start-test-server.ts";
import { migrate } from "./migrate.ts";
import { readMigrations } from "./read-migrations.ts";

const program = new URL("./migrate.ts", import.meta.url).href;

/** Starts a migration in a process of its own. */
const spawnMigration = (url: string) => {
  const script = `import { migrate } from "${program}"; await migrate({ url: "${url}" });`;
  return spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "ignore" });
};

const WAITING = `
  SELECT pid FROM pg_stat_activity
  WHERE application_name = 'lethe migrate' AND wait_event_type = 'Lock' AND datname = current_database()`;

const FINISHED = `
  SELECT migration_name FROM _prisma_migrations
  WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`;

test.for(["after the server has finished its script", "while the server rolls its script back"])(
  "kill -9 of a migration: the next one completes it %s",
  async (fate) => {
    const names = (await readMigrations()).current.map(({ name }) => name);
    const url = await createEmptyDatabase();
    const child = spawnMigration(url);
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    await withPatience(url, async (blocker) => {
      // A table of the same name, not committed, holds the first script up in its middle.
      await blocker.query("BEGIN");
      await blocker.query("CREATE TABLE message ()");
      const waiting = () => withPatience(url, async (client) => (await client.query(WAITING)).rows);
      await expect.poll(waiting).toHaveLength(1);
      child.kill("SIGKILL");
      await once(child, "close");
      expect(await waiting()).toHaveLength(1);
      if (fate.includes("rolls")) {
        await blocker.query(`SELECT pg_terminate_backend(pid) FROM (${WAITING}) AS orphan`);
      }
      await blocker.query("ROLLBACK");
    });
    await migrate({ url });
    const { rows } = await withPatience(url, (client) => client.query(FINISHED));
    expect(rows.map(({ migration_name }) => migration_name)).toEqual(names);
  },
);
