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
