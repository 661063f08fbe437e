import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { deletedChat, logOf, policy } from "../../test/webhooks.ts";
import { useWorld } from "../../test/world.ts";
import { type Context, createWebhook } from "../index.ts";
import { claimEndpoints, freeOverlongLeases, releaseEndpoints } from "./endpoint-leases.ts";
import { fanOut } from "./fan-out.ts";
import { expandMessages, readDue } from "./read-due.ts";
import { recordAttempts } from "./record-attempts.ts";

const world = useWorld();
const leaseMs = 600_000;
const claim = (owner: string, limit = 100) => claimEndpoints(world.db, { owner, leaseMs, limit, except: [] });
const create = (ctx: Context) =>
  createWebhook(ctx, { url: "http://127.0.0.1:9/", eventTypes: ["chat.deleted"], policy });

/** A tenant with webhooks that have something to send, which is one message for all of them. */
async function dueTenant(webhooks: number): Promise<Context> {
  const ctx = await world.tenant();
  for (let n = 0; n < webhooks; n += 1) await create(ctx);
  await deletedChat(ctx);
  await expect.poll(() => fanOut(world.db)).toBe(1);
  return ctx;
}

/** Has nothing due for the next test. */
const leaveNothing = () => world.db.webhookEndpoint.updateMany({ data: { dueAt: null } });

describe("webhooks that are due", () => {
  it("are claimed by turns of tenants, each by one process", async () => {
    const [many, one] = [await dueTenant(5), await dueTenant(1)];
    const [here, there] = await Promise.all([claim(randomUUID(), 2), claim(randomUUID(), 2)]);
    const both = [...here, ...there, ...(await claim(randomUUID()))];
    expect(new Set(both.map(({ webhookId }) => webhookId)).size).toBe(6);
    expect(both.findIndex(({ tenantId }) => tenantId === one.tenantId)).toBeLessThan(4);
    expect(both.filter(({ tenantId }) => tenantId === many.tenantId)).toHaveLength(5);
    await leaveNothing();
  });

  it("are due again at once if something came in while they were held", async () => {
    const ctx = await dueTenant(1);
    const owner = randomUUID();
    const [held] = await claim(owner);
    if (held === undefined) throw new Error("Nothing was claimed");
    await expandMessages(world.db, owner, [{ ...held, want: 9 }]);
    await world.db.webhookDelivery.updateMany({
      where: { tenantId: ctx.tenantId },
      data: { state: "delivered", nextAttemptAt: null },
    });
    await deletedChat(ctx);
    expect(await fanOut(world.db)).toBe(1);
    expect(await claim(randomUUID())).toEqual([]);
    expect(await releaseEndpoints(world.db, owner, [held])).toHaveLength(1);
    expect(await claim(randomUUID())).toHaveLength(1);
    await leaveNothing();
  });

  it("are not lost to a lease that a clock has set too far ahead", async () => {
    const ctx = await dueTenant(1);
    await claim(randomUUID());
    const far = new Date(Date.now() + 3_600_000);
    await world.db.webhookEndpoint.updateMany({
      where: { tenantId: ctx.tenantId },
      data: { leasedUntil: far, dueAt: far },
    });
    expect(await claim(randomUUID())).toEqual([]);
    await freeOverlongLeases(world.db, leaseMs);
    expect(await claim(randomUUID())).toHaveLength(1);
    await leaveNothing();
  });

  it("have each attempt counted once, and not at all if another came first", async () => {
    const ctx = await dueTenant(1);
    const owner = randomUUID();
    const [held] = await claim(owner);
    if (held === undefined) throw new Error("Nothing was claimed");
    await expandMessages(world.db, owner, [{ ...held, want: 9 }]);
    const [open] = await readDue(world.db, owner, [{ ...held, want: 9, known: [] }]);
    const [due] = open?.due ?? [];
    if (due === undefined) throw new Error("Nothing is due");
    const attempt = { ...held, id: due.id, step: due.step };
    const failed = {
      ...attempt,
      outcome: { result: "failed", status: 500, error: "It answered 500" },
    } as const;
    const delivered = { ...attempt, outcome: { result: "delivered", status: 200 } } as const;
    const record = (one: typeof failed | typeof delivered) => recordAttempts(world.db, [one], [60_000]);
    await world.anotherClient().$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM webhook_delivery WHERE id = ${due.id}::uuid FOR UPDATE`;
      // Somebody has it locked: it waits for another time, and nothing waits for it.
      expect(await record(delivered)).toEqual(new Set([due.id]));
    });
    expect(await record(failed)).toEqual(new Set());
    expect(await record(delivered)).toEqual(new Set());
    expect(await logOf(ctx, held.webhookId)).toMatchObject([
      { state: "pending", attempts: 1, lastStatus: 500 },
    ]);
  });

  it("have an attempt noted for what it costs, however many wait and whatever the statistics say", async () => {
    const ctx = await world.tenant();
    const { id: webhookId } = await create(ctx);
    const { tenantId } = ctx;
    const [waiting, noted] = [20_000, 200];
    await world.db.$executeRaw`
      INSERT INTO webhook_delivery (tenant_id, endpoint_id, event_type, payload, next_attempt_at)
      SELECT ${tenantId}::uuid, ${webhookId}::uuid, 'chat.deleted', '{}', now() + n * interval '1 second'
      FROM generate_series(1, ${waiting}::integer) AS n`;
    const last = await world.db.webhookDelivery.findMany({
      where: { tenantId, endpointId: webhookId },
      orderBy: { nextAttemptAt: "desc" },
      take: noted,
    });
    const outcome = { result: "delivered", status: 200 } as const;
    const attempts = last.map(({ id, step }) => ({ tenantId, webhookId, id, step, outcome }));
    const read = await world.db.$transaction(async (tx) => {
      const count = async () => {
        const [rows] = await tx.$queryRaw<[{ read: number }]>`
          SELECT (seq_tup_read + idx_tup_fetch)::integer AS read
          FROM pg_stat_xact_user_tables WHERE relname = 'webhook_delivery'`;
        return rows.read;
      };
      const before = await count();
      expect(await recordAttempts(tx, attempts, [60_000])).toEqual(new Set());
      return (await count()) - before;
    });
    // PostgreSQL may read all of them once. It must not do so for each.
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(waiting + 10 * noted);
    const delivered = { tenantId, endpointId: webhookId, state: "delivered" };
    expect(await world.db.webhookDelivery.count({ where: delivered })).toBe(noted);
  });
});
