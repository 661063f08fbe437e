import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { expandAll, logOf, policy } from "../../test/webhooks.ts";
import { useWorld } from "../../test/world.ts";
import {
  type Context,
  createWebhook,
  deleteWebhook,
  getWebhookDelivery,
  limits,
  listWebhookDeliveries,
  redeliverWebhook,
  updateWebhook,
} from "../index.ts";
import { claimEndpoints, releaseEndpoints } from "./endpoint-leases.ts";
import { fanOut } from "./fan-out.ts";
import { pruneMessages, wakeOverlooked } from "./prune-log.ts";
import { expandMessages } from "./read-due.ts";

const world = useWorld();
const day = 24 * 3_600_000;
const claim = (owner: string) => claimEndpoints(world.db, { owner, leaseMs: 30_000, limit: 100, except: [] });
const create = (ctx: Context) =>
  createWebhook(ctx, { url: "http://127.0.0.1:9/", eventTypes: ["chat.trashed"], policy });

/** Has chats of a tenant trashed, as webhooks see it. Answers their ids. */
async function trash(ctx: Context, count: number, type = "chat.trashed"): Promise<string[]> {
  const chats = Array.from({ length: count }, () => randomUUID());
  const { tenantId } = ctx;
  await world.db.event.createMany({ data: chats.map((chatId) => ({ tenantId, type, chatId })) });
  return chats;
}
const chatsOf = async (ctx: Context, webhookId: string) =>
  (await logOf(ctx, webhookId)).map(({ payload }) => payload.data.chat_id).toSorted();
const count = async ({ tenantId }: Context) => ({
  messages: await world.db.webhookMessage.count({ where: { tenantId } }),
  deliveries: await world.db.webhookDelivery.count({ where: { tenantId } }),
});

describe("messages", () => {
  it("of a tenant with many receivers cost others what its events do, and no delivery waits for its", async () => {
    const [hog, guest] = [await world.tenant(), await world.tenant()];
    for (let n = 0; n < limits.webhooks; n += 1) await create(hog);
    await create(guest);
    await trash(hog, 1_000);
    await trash(guest, 1);
    let written = 0;
    for (let more = await fanOut(world.db); more > 0; more = await fanOut(world.db)) written += more;
    expect(written).toBe(1_001);
    expect(await count(hog)).toEqual({ messages: 1_000, deliveries: 0 });
    // The others' turn comes with the first of the tenant's, whose receivers share what one turn may write.
    const owner = randomUUID();
    const held = await claim(owner);
    expect(held).toHaveLength(limits.webhooks + 1);
    const expanded = await expandMessages(
      world.db,
      owner,
      held.map((endpoint) => ({ ...endpoint, want: 128 })),
    );
    expect(expanded).toHaveLength(limits.webhooks + 1);
    expect(await count(guest)).toEqual({ messages: 1, deliveries: 1 });
    const { deliveries } = await count(hog);
    expect(deliveries).toBeGreaterThan(500);
    expect(deliveries).toBeLessThan(1_000);
    await releaseEndpoints(world.db, owner, held);
    for (const { tenantId, webhookId } of held)
      if (tenantId === hog.tenantId) await deleteWebhook(hog, { webhookId });
    await expandAll(world.db);
  });

  it("become one delivery for each webhook, whoever is at it, while more are written", async () => {
    const ctx = await world.tenant();
    const webhooks = [await create(ctx), await create(ctx), await create(ctx)];
    const chats = await trash(ctx, 1);
    await fanOut(world.db);
    const owner = randomUUID();
    const held = await claim(owner);
    const others = [world.anotherClient(), world.anotherClient()];
    const expand = (db: typeof world.db, by = owner) =>
      expandMessages(
        db,
        by,
        held.map((endpoint) => ({ ...endpoint, want: 7 })),
      );
    let writing = true;
    const writer = async () => {
      for (let n = 0; n < 10; n += 1) {
        chats.push(...(await trash(ctx, 20)));
        // Only one of them does it at a time: their ids are in the order of the commits.
        await Promise.all([world.db, ...others].map((db) => fanOut(db)));
      }
      writing = false;
    };
    const expander = async (db: typeof world.db) => {
      for (;;) {
        const last = !writing;
        const expanded = await expand(db);
        expect(await expand(db, randomUUID())).toEqual([]);
        if (last && expanded.length === held.length && expanded.every(({ behind }) => !behind)) return;
      }
    };
    await Promise.all([writer(), ...[world.db, ...others].map(expander)]);
    for (const { id } of webhooks) expect(await chatsOf(ctx, id)).toEqual(chats.toSorted());
    const ids = await world.db.webhookDelivery.findMany({ where: { tenantId: ctx.tenantId } });
    expect(new Set(ids.map(({ id }) => id)).size).toBe(3 * chats.length);
    await releaseEndpoints(world.db, owner, held);
  });

  it("are in the log, and can be redelivered, before they are deliveries", async () => {
    const ctx = await world.tenant();
    const { id: webhookId } = await create(ctx);
    const chats = await trash(ctx, 3);
    await fanOut(world.db);
    const waiting = await logOf(ctx, webhookId);
    expect(waiting).toMatchObject(
      Array(3).fill({ state: "pending", attempts: 0, eventType: "chat.trashed" }),
    );
    const [first] = waiting;
    const deliveryId = first?.id ?? "";
    expect(await getWebhookDelivery(ctx, { webhookId, deliveryId })).toEqual(first);
    expect(await redeliverWebhook(ctx, { webhookId, deliveryId })).toEqual(first);
    // The message's id, but another webhook's.
    const unknown = deliveryId.slice(0, -12).padEnd(36, "0");
    await expect(redeliverWebhook(ctx, { webhookId, deliveryId: unknown })).rejects.toMatchObject({
      reason: "delivery_not_found",
    });
    await expandAll(world.db);
    expect(await logOf(ctx, webhookId)).toEqual(waiting);
    chats.push(...(await trash(ctx, 4)));
    await fanOut(world.db);
    const paged = [];
    let cursor: string | null = null;
    do {
      const page = await listWebhookDeliveries(ctx, { webhookId, limit: 2, cursor });
      paged.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(paged).toEqual(await logOf(ctx, webhookId));
    expect(paged.slice(4)).toEqual(waiting);
    expect(await chatsOf(ctx, webhookId)).toEqual(chats.toSorted());
    await expandAll(world.db);
    expect(await logOf(ctx, webhookId)).toEqual(paged);
  });

  it("are for whom was there when they were written, and wait while that one is disabled", async () => {
    const ctx = await world.tenant();
    const { id: webhookId } = await create(ctx);
    const change = (to: { enabled?: boolean; eventTypes?: ["chat.restored"] }) =>
      updateWebhook(ctx, { webhookId, ...to, policy });
    const before = await trash(ctx, 2);
    await fanOut(world.db);
    await change({ enabled: false });
    await trash(ctx, 2);
    await fanOut(world.db);
    const { id: later } = await create(ctx);
    await expandAll(world.db);
    expect(await count(ctx)).toMatchObject({ deliveries: 0 });
    await change({ enabled: true, eventTypes: ["chat.restored"] });
    await trash(ctx, 1);
    const [restored] = await trash(ctx, 1, "chat.restored");
    await fanOut(world.db);
    await expandAll(world.db);
    expect(await chatsOf(ctx, webhookId)).toEqual([...before, restored].toSorted());
    expect(await logOf(ctx, later)).toHaveLength(1);
  });

  it("are kept until every webhook has taken them, but no longer than the log", async () => {
    const ctx = await world.tenant();
    const [{ id: disabled }] = [await create(ctx), await create(ctx)];
    await trash(ctx, 5);
    await fanOut(world.db);
    await updateWebhook(ctx, { webhookId: disabled, enabled: false, policy });
    await expandAll(world.db);
    await pruneMessages(world.db, day);
    expect(await count(ctx)).toEqual({ messages: 5, deliveries: 5 });
    // It keeps what is for it, not what comes after.
    await trash(ctx, 3);
    await fanOut(world.db);
    await expandAll(world.db);
    expect(await count(ctx)).toEqual({ messages: 8, deliveries: 8 });
    await pruneMessages(world.db, day);
    expect(await count(ctx)).toEqual({ messages: 5, deliveries: 8 });
    await world.db.webhookMessage.updateMany({
      where: { tenantId: ctx.tenantId },
      data: { createdAt: new Date(Date.now() - 2 * day) },
    });
    await pruneMessages(world.db, day);
    expect(await count(ctx)).toEqual({ messages: 0, deliveries: 8 });
    // What has gone keeps nothing waiting, and the next are kept for what they are for.
    await updateWebhook(ctx, { webhookId: disabled, enabled: true, policy });
    await expandAll(world.db);
    await trash(ctx, 2);
    await fanOut(world.db);
    await expandAll(world.db);
    expect(await logOf(ctx, disabled)).toHaveLength(2);
    await pruneMessages(world.db, day);
    expect(await count(ctx)).toEqual({ messages: 0, deliveries: 12 });
  });

  it("are not forgotten by a process of the version before that had the webhook", async () => {
    const ctx = await world.tenant();
    const { id: webhookId } = await create(ctx);
    await trash(ctx, 1);
    await fanOut(world.db);
    await claim(randomUUID());
    // How that one gives a webhook back that has no delivery.
    await world.db.webhookEndpoint.updateMany({
      where: { tenantId: ctx.tenantId },
      data: { leasedBy: null, leasedUntil: null, news: false, dueAt: null },
    });
    expect(await claim(randomUUID())).toEqual([]);
    await wakeOverlooked(world.db);
    await expandAll(world.db);
    expect(await count(ctx)).toEqual({ messages: 1, deliveries: 1 });
    expect(await logOf(ctx, webhookId)).toHaveLength(1);
  });
});
