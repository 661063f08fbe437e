import { readFileSync } from "node:fs";
import { createTestDatabase } from "@lethe/db/testing";
import { expect, onTestFinished, test } from "vitest";
import { lethe } from "../../test/lethe.ts";

const page = readFileSync(new URL("../../../../docs/scaling.md", import.meta.url), "utf8");

test("partition has the tables partitioned by tenant, once, and says which", async () => {
  const { 1: shown = "", 2: number } =
    /^pnpm lethe (database partition --partitions (\d+))$/m.exec(page) ?? [];
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const { tenantId } = await database.db.tenant.create({ data: { name: "Acme" } });
  await database.db.event.create({ data: { tenantId, type: "chat.created" } });
  const partition = (...words: string[]) => lethe(words, { DATABASE_URL: database.url });

  const { code, stdout } = await partition(...shown.split(" "), "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    partitions: Number(number),
    tables: expect.arrayContaining(["chat", "message", "deletion", "event"]),
  });
  expect(await database.db.event.count({ where: { tenantId } })).toBe(1);

  expect(await partition(...shown.split(" "))).toMatchObject({
    code: 0,
    stdout: "",
    stderr: expect.stringContaining(`All tables have ${number} partitions already.`),
  });
  expect(await partition("database", "partition", "--partitions", "3")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`The tables have ${number} partitions each, not 3.`),
  });
});
