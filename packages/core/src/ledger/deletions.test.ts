import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { useWorld } from "../../test/world.ts";
import { type Context, getDeletion, listDeletions } from "../index.ts";

const world = useWorld();

/** Lines of the ledger, `perMoment` of them at each moment, every third one pending. */
async function ledger(ctx: Context, count: number, perMoment = 1): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, n) => {
    const deletedAt = new Date(Date.UTC(2026, 0, 1) + Math.floor(n / perMoment) * 1_000);
    return {
      tenantId: ctx.tenantId,
      id: randomUUID(),
      chatId: randomUUID(),
      actorKind: "session",
      actorId: "somebody",
      via: "trpc",
      forced: n % 2 === 0,
      messageCount: n,
      deletedAt,
      erasedAt: n % 3 === 0 ? null : deletedAt,
    };
  });
  await ctx.db.deletion.createMany({ data: rows });
  const order = (row: (typeof rows)[number]) => `${row.deletedAt.toISOString()} ${row.id}`;
  return rows.toSorted((a, b) => (order(a) < order(b) ? 1 : -1)).map(({ id }) => id);
}

async function walk(ctx: Context, limit: number, state?: "pending" | "erased"): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await listDeletions(ctx, { limit, cursor, state });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    found.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

describe("the ledger", () => {
  it("is paged newest first, without gap or repetition, also within one moment", async () => {
    const ctx = await world.tenant();
    const ids = await ledger(ctx, 25, 7);
    for (const limit of [1, 4, 7, 100]) expect(await walk(ctx, limit)).toEqual(ids);
  });

  it("is told by state, in full", async () => {
    const ctx = await world.tenant();
    const ids = await ledger(ctx, 20);
    const pending = await walk(ctx, 3, "pending");
    const erased = await walk(ctx, 3, "erased");
    expect(pending).toHaveLength(7);
    expect([...pending, ...erased].toSorted()).toEqual(ids.toSorted());
    for (const deletionId of pending)
      expect(await getDeletion(ctx, { deletionId })).toMatchObject({ state: "pending", erasedAt: null });
  });

  it("refuses the cursor of another list", async () => {
    const ctx = await world.tenant();
    await expect(listDeletions(ctx, { limit: 1, cursor: "WzFd" })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });

  it("reads no more of a large ledger than of a small one", async () => {
    const ctx = await world.tenant();
    await world.db.$executeRaw`
      INSERT INTO deletion (tenant_id, id, chat_id, actor_kind, actor_id, via, forced, message_count,
        deleted_at, erased_at)
      SELECT ${ctx.tenantId}::uuid, gen_random_uuid(), gen_random_uuid(), 'session', 's', 'rest', false, 1,
        '2026-01-01'::timestamptz + n * interval '1 second',
        CASE WHEN n <= 3 THEN NULL ELSE now() END
      FROM generate_series(1, 50000) AS n`;
    await world.db.$executeRaw`ANALYZE deletion`;
    const rowsRead = async (where: string) => {
      const plan = await world.db.$queryRawUnsafe<{ "QUERY PLAN": string }[]>(
        `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) SELECT id FROM deletion
         WHERE tenant_id = '${ctx.tenantId}' ${where} ORDER BY deleted_at DESC, id DESC LIMIT 51`,
      );
      const text = plan.map((line) => line["QUERY PLAN"]).join("\n");
      expect(text).not.toMatch(/Sort|Seq Scan/);
      return Number(/shared hit=(\d+)/.exec(text)?.[1]);
    };
    for (const where of ["", "AND erased_at IS NULL", "AND erased_at IS NOT NULL"])
      expect(await rowsRead(where), where).toBeLessThan(120);
    expect((await listDeletions(ctx, { limit: 5, state: "pending" })).items).toHaveLength(3);
  });
});
