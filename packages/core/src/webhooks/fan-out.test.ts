import { describe, expect, it } from "vitest";
import { deletedChat, expandAll, logOf, policy } from "../../test/webhooks.ts";
import { useWorld } from "../../test/world.ts";
import { createWebhook, deleteWebhook, listWebhooks } from "../index.ts";
import { fanOut } from "./fan-out.ts";
import { pruneDeliveries } from "./prune-log.ts";

const world = useWorld();
const url = "http://127.0.0.1:9/";
const deletions = { url, eventTypes: ["chat.deleted"] as const, policy };
const position = () => world.db.$queryRaw`SELECT seen::text, moved_at FROM webhook_position`;
const place = () => world.db.$queryRaw`SELECT seen::text FROM webhook_position`;

describe("the fan-out", () => {
  it("writes nothing and hardly looks while no tenant has a webhook", async () => {
    const ctx = await world.tenant();
    await world.db.webhookPosition.updateMany({ data: { movedAt: new Date(Date.now() + 3_600_000) } });
    const before = await position();
    for (let n = 0; n < 5; n += 1) await deletedChat(ctx);
    expect(await fanOut(world.db)).toBe(0);
    expect(await position()).toEqual(before);
    await world.db.webhookPosition.updateMany({ data: { movedAt: new Date(0) } });
    expect(await fanOut(world.db)).toBe(0);
    const moved = await place();
    expect(await position()).not.toEqual(before);
    await world.db.webhookPosition.updateMany({ data: { movedAt: new Date(0) } });
    await fanOut(world.db);
    expect(await place()).toEqual(moved);
  });

  it("writes every event once, however many do it at the same time", async () => {
    const ctx = await world.tenant();
    const { id: webhookId } = await createWebhook(ctx, deletions);
    const chats = [];
    for (let n = 0; n < 40; n += 1) chats.push((await deletedChat(ctx)).chatId);
    const databases = [world.db, world.anotherClient(), world.anotherClient(), world.anotherClient()];
    await Promise.all([...databases, ...databases].map((db) => fanOut(db)));
    await expect.poll(() => fanOut(world.db)).toBe(0);
    const log = await logOf(ctx, webhookId);
    expect(log.map(({ payload }) => payload.data.chat_id).toSorted()).toEqual(chats.toSorted());
  });

  it("waits for nobody, and passes over nothing that is committed late", async () => {
    const ctx = await world.tenant();
    const { id: webhookId } = await createWebhook(ctx, { ...deletions, eventTypes: ["chat.trashed"] });
    const [written, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const data = { tenantId: ctx.tenantId, type: "chat.trashed" };
    const [early, late] = [crypto.randomUUID(), crypto.randomUUID()];
    const lasting = world.db.$transaction(async (tx) => {
      await tx.event.create({ data: { ...data, chatId: late } });
      written.resolve();
      await commit.promise;
    });
    await written.promise;
    await world.db.event.create({ data: { ...data, chatId: early } });
    expect(await fanOut(world.db)).toBe(1);
    expect(await fanOut(world.db)).toBe(0);
    commit.resolve();
    await lasting;
    expect(await fanOut(world.db)).toBe(1);
    const log = await logOf(ctx, webhookId);
    expect(log.map(({ payload }) => payload.data.chat_id)).toEqual([late, early]);
  });

  it("leaves the position where it was if the messages cannot be written", async () => {
    const ctx = await world.tenant();
    const { id: webhookId } = await createWebhook(ctx, deletions);
    await deletedChat(ctx);
    const before = await position();
    await world.db.$executeRaw`ALTER TABLE webhook_message RENAME COLUMN payload TO load`;
    await expect(fanOut(world.db)).rejects.toThrow();
    await world.db.$executeRaw`ALTER TABLE webhook_message RENAME COLUMN load TO payload`;
    expect(await position()).toEqual(before);
    expect(await fanOut(world.db)).toBe(1);
    expect(await logOf(ctx, webhookId)).toHaveLength(1);
  });

  it("begins anew on a server that has forgotten transactions", async () => {
    const ctx = await world.tenant();
    const { id: webhookId } = await createWebhook(ctx, deletions);
    const future = `${2n ** 60n + 5n}:${2n ** 60n + 5n}:`;
    await world.db.$executeRaw`UPDATE webhook_position SET seen = ${future}::pg_snapshot`;
    await fanOut(world.db);
    await deletedChat(ctx);
    await expect.poll(() => fanOut(world.db)).toBe(1);
    expect(await logOf(ctx, webhookId)).toHaveLength(1);
  });
});

describe("the log", () => {
  it("is kept for a while, and goes with its webhook", async () => {
    const ctx = await world.tenant();
    const [kept, deleted] = [await createWebhook(ctx, deletions), await createWebhook(ctx, deletions)];
    for (let n = 0; n < 3; n += 1) await deletedChat(ctx);
    await fanOut(world.db);
    await expandAll(world.db);
    const { tenantId } = ctx;
    const [oldest] = await logOf(ctx, kept.id);
    await world.db.webhookDelivery.updateMany({
      where: { tenantId, id: oldest?.id ?? "" },
      data: { createdAt: new Date(Date.now() - 60_000) },
    });
    await deleteWebhook(ctx, { webhookId: deleted.id });
    expect((await listWebhooks(ctx)).map(({ id }) => id)).toEqual([kept.id]);
    expect(await pruneDeliveries(world.db, 30_000)).toBe(4);
    expect(await logOf(ctx, kept.id)).toHaveLength(2);
    const left = () => world.db.webhookEndpoint.count({ where: { tenantId } });
    expect(await left()).toBe(2);
    await world.db.webhookEndpoint.updateMany({
      where: { tenantId, id: deleted.id },
      data: { deletedAt: new Date(0) },
    });
    await pruneDeliveries(world.db, 30_000);
    expect(await left()).toBe(1);
  });
});
