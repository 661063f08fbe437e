import { describe, expect, it } from "vitest";
import { longChat } from "../../test/long-chat.ts";
import { startReceiver } from "../../test/receiver.ts";
import { deletedChat, everything, logOf, policy, startWebhooks, verified } from "../../test/webhooks.ts";
import { useWorld } from "../../test/world.ts";
import {
  createChat,
  createMessage,
  createWebhook,
  deleteChat,
  getWebhook,
  rotateWebhookSecret,
  updateWebhook,
} from "../index.ts";

const world = useWorld();
const soon = { interval: 50 };

describe("webhooks", () => {
  it("are told of deletions and erasures, signed, with ids and times alone", async () => {
    const ctx = await world.tenant();
    const receiver = await startReceiver();
    const { id: webhookId, secret } = await everything(ctx, receiver.url);
    await startWebhooks(world);
    const { id: chatId } = await createChat(ctx, { title: "a plan of hunter2" });
    await createMessage(ctx, { chatId, author: "hunter2", body: "hunter2 says hunter2" });
    const short = await deleteChat(ctx, { chatId, force: false });
    const long = await longChat(ctx, 1_000, "hunter2");
    const { id: deletionId } = await deleteChat(ctx, { chatId: long, force: false });

    await expect.poll(() => receiver.received.length, soon).toBe(4);
    const told = receiver.received.map((one) => verified(one, secret));
    const at = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(told).toHaveLength(4);
    for (const [type, chat_id, deletion_id, time] of [
      ["chat.deleted", chatId, short.id, "deleted_at"],
      ["deletion.erased", chatId, short.id, "erased_at"],
      ["chat.deleted", long, deletionId, "deleted_at"],
      ["deletion.erased", long, deletionId, "erased_at"],
    ] as const)
      expect(told).toContainEqual({ type, timestamp: at, data: { chat_id, deletion_id, [time]: at } });
    expect(
      told.find(({ data }) => data.deleted_at !== undefined && data.chat_id === chatId)?.data,
    ).toMatchObject({ deleted_at: short.deletedAt.toISOString() });

    await expect
      .poll(async () => (await logOf(ctx, webhookId)).map(({ state }) => state), soon)
      .toEqual(Array.from({ length: 4 }, () => "delivered"));
    const log = await logOf(ctx, webhookId);
    expect(log.map(({ id }) => id).toSorted()).toEqual(receiver.received.map(({ id }) => id).toSorted());
    expect(log).toMatchObject(
      Array.from({ length: 4 }, () => ({ attempts: 1, lastStatus: 204, lastError: null })),
    );
    const stored = await world.db.$queryRaw`
      SELECT (SELECT string_agg(d::text, ' ') FROM webhook_delivery AS d) || (
        SELECT string_agg(m::text, ' ') FROM webhook_message AS m
      ) AS text`;
    expect(JSON.stringify([stored, receiver.received])).not.toContain("hunter2");
  });

  it("are told what they want to hear, while they are enabled, since they are there", async () => {
    const [ctx, stranger] = [await world.tenant(), await world.tenant()];
    const receiver = await startReceiver();
    await deletedChat(ctx);
    const picky = { url: receiver.url, eventTypes: ["chat.deleted"] as const, policy };
    const { id: webhookId } = await createWebhook(ctx, picky);
    const disabled = await createWebhook(ctx, picky);
    await updateWebhook(ctx, { webhookId: disabled.id, enabled: false, policy });
    await startWebhooks(world);
    await deletedChat(stranger);
    const { chatId } = await deletedChat(ctx);
    await expect.poll(() => receiver.received.length, soon).toBe(1);
    await updateWebhook(ctx, { webhookId, enabled: false, policy });
    await deletedChat(ctx);
    await expect.poll(async () => (await position()).settled, soon).toBe(true);
    await updateWebhook(ctx, { webhookId, enabled: true, policy });
    const { chatId: later } = await deletedChat(ctx);
    await expect.poll(() => receiver.received.length, soon).toBe(2);
    expect(receiver.received.map(({ body }) => JSON.parse(body).data.chat_id)).toEqual([chatId, later]);
    expect(await logOf(ctx, disabled.id)).toEqual([]);
  });

  it("sign with the secret before the last one too, for a day", async () => {
    const ctx = await world.tenant();
    const receiver = await startReceiver();
    const { id: webhookId, secret } = await everything(ctx, receiver.url);
    const rotated = await rotateWebhookSecret(ctx, { webhookId });
    await startWebhooks(world);
    await deletedChat(ctx);
    await expect.poll(() => receiver.received.length, soon).toBe(2);
    for (const one of receiver.received) {
      expect(one.headers["webhook-signature"]).toMatch(/^v1,\S+ v1,\S+$/);
      expect(verified(one, secret)).toEqual(verified(one, rotated.secret));
    }
    await world.db.webhookEndpoint.updateMany({
      where: { tenantId: ctx.tenantId },
      data: { previousSecretUntil: new Date() },
    });
    expect(await getWebhook(ctx, { webhookId })).toMatchObject({ previousSecretUntil: null });
    await deletedChat(ctx);
    await expect.poll(() => receiver.received.length, soon).toBe(4);
    for (const one of receiver.received.slice(2)) {
      expect(() => verified(one, secret)).toThrow("No matching signature");
      verified(one, rotated.secret);
    }
  });
});

/** Whether everything that has happened was passed on. */
async function position() {
  const [row] = await world.db.$queryRaw<{ settled: boolean }[]>`
    SELECT unread.id IS NULL AS settled
    FROM webhook_position AS p CROSS JOIN unread_events(p.seen, 1000) AS unread`;
  return row ?? { settled: false };
}
