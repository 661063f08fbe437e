import { expect, inject, onTestFinished, test } from "vitest";
import { migrate } from "../migrate/migrate.ts";
import { createEmptyDatabase } from "../testing/create-empty-database.ts";
import { withConnection } from "../with-connection.ts";
import { runJobs } from "./run-jobs.ts";

const addJob = (url: string, task: string) =>
  withConnection(url, (client) => client.query("SELECT graphile_worker.add_job($1)", [task]));

test.each(["succeeds", "fails"])(
  "a job that %s while the database is away takes nobody with it",
  async (how) => {
    const url = await createEmptyDatabase();
    await migrate({ url });
    const name = new URL(url).pathname.slice(1);
    const allowConnections = (allowed: boolean) =>
      withConnection(inject("databaseServer"), async (client) => {
        await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${allowed}`);
        await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [
          name,
        ]);
      });
    const worked: string[] = [];
    const warned: string[] = [];
    const jobs = await runJobs({
      url,
      log: { warn: (_, message) => warned.push(message) },
      lanes: [
        {
          concurrency: 1,
          tasks: {
            before: async () => {
              worked.push("before");
              await allowConnections(false);
              if (how === "fails") throw new Error("the database is away");
            },
            after: async () => {
              worked.push("after");
            },
          },
        },
        { concurrency: 4, tasks: { other: async () => {} } },
      ],
    });
    onTestFinished(() => jobs.stop());

    await addJob(url, "before");
    const told = how === "fails" ? "Failed to fail jobs" : "Failed to complete jobs";
    await expect.poll(() => warned.some((message) => message.includes(told))).toBe(true);
    await allowConnections(true);
    await addJob(url, "after");
    await expect.poll(() => worked).toEqual(["before", "after"]);
  },
);

test("a queue from which no jobs can be taken is told of once, and when they are again", async () => {
  const url = await createEmptyDatabase();
  await migrate({ url });
  const run = (sql: string) => withConnection(url, (client) => client.query(sql));
  const told: unknown[] = [];
  const jobs = await runJobs({
    url,
    pollMs: 20,
    log: { warn: (_, message) => told.push(message) },
    onTaking: (taking) => told.push(taking),
    lanes: [{ concurrency: 2, tasks: { some: async () => void told.push("worked") } }],
  });
  onTestFinished(() => jobs.stop());

  await run("ALTER TABLE graphile_worker._private_jobs RENAME TO away");
  const failing = ["no jobs can be taken from the queue; trying again", false];
  await expect.poll(() => told).toEqual(failing);
  await run("ALTER TABLE graphile_worker.away RENAME TO _private_jobs");
  const taken = [...failing, "jobs are taken from the queue again", true];
  await expect.poll(() => told).toEqual(taken);
  await addJob(url, "some");
  await expect.poll(() => told).toEqual([...taken, "worked"]);
});
