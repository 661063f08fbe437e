import { expect, test } from "vitest";
import { z } from "zod";
import { migrate } from "../migrate/migrate.ts";
import { createEmptyDatabase } from "../testing/create-empty-database.ts";
import { withConnection } from "../with-connection.ts";
import { areJobsMigrated, JOBS_MIGRATION, JOBS_REVISION } from "./migrate-jobs.ts";

const query = (url: string, sql: string) => withConnection(url, (client) => client.query(sql));
const isMigrated = (url: string) => withConnection(url, areJobsMigrated);

test("the revision that is looked for is the last of the installed version", async () => {
  const url = await createEmptyDatabase();
  expect(await isMigrated(url)).toBe(false);
  await migrate({ url });
  expect(await isMigrated(url)).toBe(true);
  const { rows } = await query(url, "SELECT max(id) AS last FROM graphile_worker.migrations");
  expect(z.array(z.object({ last: z.number() })).parse(rows)).toEqual([{ last: JOBS_REVISION }]);
});

test("a queue whose migrations were cut off is completed, and jobs that wait in it are kept", async () => {
  const url = await createEmptyDatabase();
  await migrate({ url });
  await query(url, "SELECT graphile_worker.add_job('some_task', job_key => 'kept')");
  await query(url, `DELETE FROM graphile_worker.migrations WHERE id = ${JOBS_REVISION}`);
  expect(await migrate({ url })).toEqual({ applied: [JOBS_MIGRATION] });
  const { rowCount } = await query(url, "SELECT FROM graphile_worker.jobs WHERE key = 'kept'");
  expect(rowCount).toBe(1);
});

test("a user who may not create a schema is told what is missing", async () => {
  const url = await createEmptyDatabase();
  const role = `role_${new URL(url).pathname.slice(1)}`;
  await query(url, `CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
  await query(url, `GRANT CREATE ON SCHEMA public TO ${role}`);
  const limited = new URL(url);
  limited.username = role;
  limited.password = "x";
  await expect(migrate({ url: limited.href })).rejects.toMatchObject({
    code: "migration_failed",
    message: expect.stringMatching(/permission denied.*GRANT CREATE ON DATABASE/),
  });
  await query(url, `DROP OWNED BY ${role} CASCADE`);
  await query(url, `DROP ROLE ${role}`);
});
