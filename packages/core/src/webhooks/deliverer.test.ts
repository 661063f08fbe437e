import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { startReceiver } from "../../test/receiver.ts";
import { deletedChat, logOf, policy, startWebhooks } from "../../test/webhooks.ts";
import { useWorld } from "../../test/world.ts";
import {
  type Context,
  createWebhook,
  getWebhook,
  limits,
  redeliverWebhook,
  updateWebhook,
} from "../index.ts";

const world = useWorld();
const soon = { interval: 50 };

/** A webhook for one kind of event, so that a deletion is one delivery. */
const deletions = (ctx: Context, url: string) =>
  createWebhook(ctx, { url, eventTypes: ["chat.deleted"], policy });

const statesOf = async (ctx: Context, webhookId: string) =>
  (await logOf(ctx, webhookId)).map(({ state }) => state);

describe("a delivery", () => {
  it("is tried again after growing pauses, under the same webhook-id, until it succeeds", async () => {
    const ctx = await world.tenant();
    const receiver = await startReceiver((response, _, count) =>
      response.writeHead(count < 4 ? 500 : 200).end("hunter2"),
    );
    const { id: webhookId } = await deletions(ctx, receiver.url);
    await startWebhooks(world, { pauses: [50, 400, 1_200] });
    await deletedChat(ctx);
    await expect.poll(() => statesOf(ctx, webhookId), soon).toEqual(["delivered"]);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    const times = receiver.received.map(({ at }) => at);
    const pauses = times.slice(1).map((at, n) => at - (times[n] ?? 0));
    expect(pauses).toHaveLength(3);
    expect(pauses[1]).toBeGreaterThanOrEqual(350);
    expect(pauses[2]).toBeGreaterThanOrEqual(1_050);
    const [delivery] = await logOf(ctx, webhookId);
    expect(delivery).toMatchObject({ attempts: 4, lastStatus: 200, lastError: null, nextAttemptAt: null });
    // How a webhook fares is noted after its deliveries are.
    await expect
      .poll(() => getWebhook(ctx, { webhookId }), soon)
      .toMatchObject({ enabled: true, failingSince: null });
  });

  it("that fails to the end of its schedule has failed, and can be redelivered", async () => {
    const ctx = await world.tenant();
    let broken = true;
    const receiver = await startReceiver((response) => response.writeHead(broken ? 503 : 200).end("hunter2"));
    const { id: webhookId } = await deletions(ctx, receiver.url);
    await startWebhooks(world, { pauses: [20, 20] });
    await deletedChat(ctx);
    await expect.poll(() => statesOf(ctx, webhookId), soon).toEqual(["failed"]);
    const [failed] = await logOf(ctx, webhookId);
    expect(failed).toMatchObject({ attempts: 3, lastStatus: 503, lastError: "It answered 503" });
    await expect
      .poll(() => getWebhook(ctx, { webhookId }), soon)
      .toMatchObject({ failingSince: expect.any(Date) });
    broken = false;
    await redeliverWebhook(ctx, { webhookId, deliveryId: failed?.id ?? "" });
    await expect.poll(() => statesOf(ctx, webhookId), soon).toEqual(["delivered"]);
    expect(new Set(receiver.received.map(({ id }) => id))).toEqual(new Set([failed?.id]));
    expect(receiver.received).toHaveLength(4);
    expect(JSON.stringify(await world.db.webhookDelivery.findMany())).not.toContain("hunter2");
  });

  it("to a receiver that answers 410 disables the webhook, and what is pending waits", async () => {
    const ctx = await world.tenant();
    let gone = true;
    const receiver = await startReceiver((response) => response.writeHead(gone ? 410 : 200).end());
    const { id: webhookId } = await deletions(ctx, receiver.url);
    await startWebhooks(world, { pauses: [50, 50, 50, 50] });
    const { chatId } = await deletedChat(ctx);
    await expect.poll(async () => (await getWebhook(ctx, { webhookId })).enabled, soon).toBe(false);
    expect(await getWebhook(ctx, { webhookId })).toMatchObject({
      disabledReason: "gone",
      disabledAt: expect.any(Date),
    });
    const [waiting] = await logOf(ctx, webhookId);
    expect(waiting).toMatchObject({ state: "pending", attempts: 1, payload: { data: { chat_id: chatId } } });
    gone = false;
    await updateWebhook(ctx, { webhookId, enabled: true, policy });
    await expect.poll(() => statesOf(ctx, webhookId), soon).toEqual(["delivered"]);
    expect(await getWebhook(ctx, { webhookId })).toMatchObject({ disabledReason: null, disabledAt: null });
  });

  it("disables it as well if the 410 comes while another answer is being noted", async () => {
    const ctx = await world.tenant();
    const responses: ServerResponse[] = [];
    const receiver = await startReceiver((response) => responses.push(response));
    const { id: webhookId } = await deletions(ctx, receiver.url);
    let attempts = 0;
    const patient = { pauses: [60_000], timeoutMs: 600_000 };
    await startWebhooks(world, patient, () => {
      attempts += 1;
    });
    for (let n = 0; n < 2; n += 1) await deletedChat(ctx);
    await expect.poll(() => responses.length, soon).toBe(2);
    const waiting = () => world.db.$queryRaw`
      SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%failing_since%'`;
    await world.anotherClient().$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT FROM webhook_endpoint WHERE id = ${webhookId}::uuid FOR NO KEY UPDATE`;
        responses[0]?.writeHead(500).end();
        await expect.poll(waiting, soon).toHaveLength(1);
        responses[1]?.writeHead(410).end();
        await expect.poll(() => attempts, soon).toBe(2);
      },
      { timeout: 240_000 },
    );
    await expect.poll(async () => (await getWebhook(ctx, { webhookId })).disabledReason, soon).toBe("gone");
  });

  it("to a receiver that has failed for days disables the webhook", async () => {
    const ctx = await world.tenant();
    const { id: webhookId } = await deletions(ctx, "http://127.0.0.1:9/");
    await startWebhooks(world, { pauses: [50, 50, 50, 50, 50, 50], disableAfterMs: 100 });
    await deletedChat(ctx);
    await expect
      .poll(async () => (await getWebhook(ctx, { webhookId })).disabledReason, soon)
      .toBe("failing");
    expect((await getWebhook(ctx, { webhookId })).enabled).toBe(false);
  });

  it("is given up after the timeout, and a slow webhook does not hold up others", async () => {
    const ctx = await world.tenant();
    const silent = await startReceiver(() => {});
    const slow = await Promise.all([1, 2, 3].map(() => deletions(ctx, silent.url)));
    const quick = await startReceiver();
    await deletions(ctx, quick.url);
    const patient = await startWebhooks(world, { timeoutMs: 600_000 });
    for (let n = 0; n < 20; n += 1) await deletedChat(ctx);
    await expect.poll(() => quick.received.length, soon).toBe(20);
    for (const { id } of slow) expect(new Set(await statesOf(ctx, id))).toEqual(new Set(["pending"]));
    await patient.close();
    await startWebhooks(world, { timeoutMs: 1_500, pauses: [] });
    await expect
      .poll(async () => (await logOf(ctx, slow[0]?.id ?? "")).map(({ lastError }) => lastError), soon)
      .toContain("No answer within 1.5 seconds");
  });

  it("reaches a tenant while all receivers of another hold theirs open, and over few connections", async () => {
    const [silent, quick] = [await startReceiver(() => {}), await startReceiver()];
    const [hog, ctx] = [await world.tenant(), await world.tenant()];
    await Promise.all(Array.from({ length: limits.webhooks }, () => deletions(hog, silent.url)));
    const { id: webhookId } = await deletions(ctx, quick.url);
    await startWebhooks(world, { timeoutMs: 600_000 });
    for (let n = 0; n < 10; n += 1) await deletedChat(hog);
    const told = () => new Set(silent.received.map(({ headers }) => headers["webhook-signature"])).size;
    await expect.poll(told, soon).toBeGreaterThan(4 * limits.webhooks);
    for (let n = 0; n < 150; n += 1) await deletedChat(ctx);
    await expect.poll(() => quick.received.length).toBe(150);
    await expect.poll(() => statesOf(ctx, webhookId), soon).toEqual(Array(150).fill("delivered"));
    expect(quick.connections()).toBeLessThan(64);
    // Nothing has ended of what the others hold.
    expect(
      await world.db.webhookDelivery.count({ where: { tenantId: hog.tenantId, attempts: { gt: 0 } } }),
    ).toBe(0);
  });

  it("that a receiver asks to be spared for a while is not tried before", async () => {
    const ctx = await world.tenant();
    const receiver = await startReceiver((response) =>
      response.writeHead(503, { "Retry-After": "3600" }).end(),
    );
    const { id: webhookId } = await deletions(ctx, receiver.url);
    await startWebhooks(world, { pauses: [10, 10] });
    await deletedChat(ctx);
    await expect.poll(async () => (await logOf(ctx, webhookId))[0]?.attempts, soon).toBe(1);
    const [delivery] = await logOf(ctx, webhookId);
    expect(Number(delivery?.nextAttemptAt) - Number(delivery?.lastAttemptAt)).toBeCloseTo(3_600_000, -2);
  });

  it("reads no more of an answer than it needs", async () => {
    const ctx = await world.tenant();
    let sent = 0;
    const receiver = await startReceiver((response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(64 * 1_024))) sent += 64 * 1_024;
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    const { id: webhookId } = await deletions(ctx, receiver.url);
    await startWebhooks(world);
    await deletedChat(ctx);
    await expect.poll(() => statesOf(ctx, webhookId), soon).toEqual(["delivered"]);
    expect(sent).toBeLessThan(32 * 1_024 * 1_024);
  });
});
