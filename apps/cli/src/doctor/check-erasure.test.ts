import { randomUUID } from "node:crypto";
import { createTenant, deleteChats } from "@lethe/core";
import { createTestDatabase } from "@lethe/db/testing";
import { expect, onTestFinished, test } from "vitest";
import { lethe } from "../../test/lethe.ts";
import { checkErasure } from "./check-work.ts";

test("erasure that falls behind is a warning that says what is left and what to do", async () => {
  const { db, url, drop } = await createTestDatabase();
  onTestFinished(drop);
  expect(await checkErasure(db)).toMatchObject({ status: "ok", remedy: null });

  const { tenantId } = await createTenant(db, { name: "Acme" });
  const chatId = randomUUID();
  await db.transcript.create({ data: { tenantId, chatId } });
  await db.chat.create({ data: { tenantId, id: chatId, title: "A secret title", messageCount: 4_000 } });
  const actor = { kind: "operator", id: "test", via: "cli" } as const;
  await deleteChats(db, [{ tenantId, chatId, actor, force: false }]);
  expect(await checkErasure(db)).toMatchObject({
    status: "info",
    detail: expect.stringContaining("still to be erased: 1, with 4000 messages"),
  });

  await db.transcript.updateMany({ where: { tenantId }, data: { erasedSeq: 3_000 } });
  await db.deletion.updateMany({ where: { tenantId }, data: { deletedAt: new Date(Date.now() - 600_000) } });
  const { code, stdout } = await lethe(["doctor", "--json"], { DATABASE_URL: url, PORT: "2" });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).checks).toContainEqual({
    name: "erasure",
    status: "warning",
    detail: expect.stringMatching(/1000 messages; the oldest deletion was 10 minutes ago/),
    remedy: expect.stringContaining("start one"),
  });
  expect(stdout).not.toContain("secret");
});
