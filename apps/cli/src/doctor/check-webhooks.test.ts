import { randomUUID } from "node:crypto";
import { createTenant } from "@lethe/core";
import { createTestDatabase } from "@lethe/db/testing";
import { expect, onTestFinished, test } from "vitest";
import { checkWebhooks } from "./check-work.ts";

test("webhooks that are behind are a warning, and those that wait for their next attempt are not", async () => {
  const { db, drop } = await createTestDatabase();
  onTestFinished(drop);
  const { tenantId } = await createTenant(db, { name: "Acme" });
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const webhook = async (dueAt: Date, endpoint: { enabled?: boolean; failingSince?: Date } = {}) => {
    const id = randomUUID();
    const data = {
      url: "https://secret.example/",
      eventTypes: ["chat.deleted"],
      secret: "s",
      dueAt,
      ...endpoint,
    };
    await db.webhookEndpoint.create({ data: { tenantId, id, ...data } });
    for (const nextAttemptAt of [minutesAgo(-60), dueAt])
      await db.webhookDelivery.create({
        data: { tenantId, endpointId: id, eventType: "chat.deleted", payload: {}, nextAttemptAt },
      });
  };
  await webhook(minutesAgo(-5));
  await webhook(minutesAgo(0.5));
  await webhook(minutesAgo(90), { enabled: false });
  expect(await checkWebhooks(db)).toMatchObject({ status: "ok", remedy: null });

  await webhook(minutesAgo(10));
  await webhook(minutesAgo(30), { failingSince: minutesAgo(60) });
  const waiting = randomUUID();
  const data = {
    tenantId,
    url: "https://secret.example/",
    secret: "s",
    lastMessage: 2,
    dueAt: minutesAgo(0),
  };
  await db.webhookEndpoint.create({ data: { ...data, id: waiting } });
  for (const [id, endpointIds] of [
    [1, []],
    [2, [waiting]],
  ] as const)
    await db.webhookMessage.create({
      data: {
        tenantId,
        id,
        eventType: "chat.deleted",
        payload: {},
        endpointIds: [...endpointIds],
        createdAt: minutesAgo(id * 20),
      },
    });
  const check = await checkWebhooks(db);
  expect(check).toMatchObject({
    status: "warning",
    detail: expect.stringMatching(/more than a minute: 3, of which 1 failed last time; .* 40 minutes/),
  });
  expect(JSON.stringify(check)).not.toContain("secret.example");
});
