import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { useWorld } from "../../test/world.ts";
import { type Context, exportLedgerCsv, getDeletion, listDeletions } from "../index.ts";

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

  it("is written as CSV that a spreadsheet reads as text, on as many pages as it takes", async () => {
    const ctx = await world.tenant();
    const ids = await ledger(ctx, 205);
    const names = ['=HYPERLINK("http://x";"y")', "@SUM(1)", "-2+3", "a,b", 'say "so"', "plain"];
    for (const [index, actorId] of names.entries())
      await ctx.db.deletion.update({
        where: { tenantId_id: { tenantId: ctx.tenantId, id: ids[index] ?? "" } },
        data: { actorId },
      });
    const { chunks } = await exportLedgerCsv(ctx, {});
    let text = "";
    for await (const chunk of chunks) text += chunk;
    expect(text.endsWith("\r\n")).toBe(true);
    const [header, ...lines] = text.trimEnd().split("\r\n");
    expect(header).toBe(
      "deletion_id,chat_id,deleted_at,erased_at,state,message_count,actor_kind,actor_id,actor_name,via,forced,export_checksum",
    );
    expect(lines.map((line) => line.slice(0, 36))).toEqual(ids);
    const cells = lines.slice(0, names.length).map((line) => /,session,(.*),,trpc,/.exec(line)?.[1]);
    expect(cells).toEqual([
      '"\'=HYPERLINK(""http://x"";""y"")"',
      "'@SUM(1)",
      "'-2+3",
      '"a,b"',
      '"say ""so"""',
      "plain",
    ]);
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
      SELECT ${ctx.tenantId}::uuid, gen_random_uuid(), gen_random_uuid(), 'session',
        CASE WHEN n <= 3 THEN 'rare' ELSE 's' || n % 3 END, 'rest', false, 1,
        '2026-01-01'::timestamptz + n * interval '1 second',
        CASE WHEN n <= 3 THEN NULL ELSE now() END
      FROM generate_series(1, 50000) AS n`;
    await world.db.$executeRaw`ANALYZE deletion`;
    const rowsRead = async (where: string, order = "") => {
      const plan = await world.db.$queryRawUnsafe<{ "QUERY PLAN": string }[]>(
        `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) SELECT id FROM deletion
         WHERE tenant_id = '${ctx.tenantId}' ${where} ORDER BY ${order} deleted_at DESC, id DESC LIMIT 51`,
      );
      const text = plan.map((line) => line["QUERY PLAN"]).join("\n");
      expect(text).not.toMatch(/Sort|Seq Scan/);
      return Number(/shared hit=(\d+)/.exec(text)?.[1]);
    };
    for (const where of [
      "",
      "AND erased_at IS NULL",
      "AND erased_at IS NOT NULL",
      "AND deleted_at > '2026-01-01' AND deleted_at < '2026-01-01T00:01:00Z'",
    ])
      expect(await rowsRead(where), where).toBeLessThan(120);
    for (const actor of ["rare", "s1", "nobody"]) {
      const ends = [
        "> ('{}', 'epoch', 'ffffffff-ffff-ffff-ffff-ffffffffffff')",
        "< ('{}', 'infinity', '00000000-0000-0000-0000-000000000000')",
      ];
      const range = ends.map((end) => `AND (actor_id, deleted_at, id) ${end.replace("{}", actor)}`);
      expect(await rowsRead(range.join(" "), "actor_id DESC,"), actor).toBeLessThan(120);
    }
    const found = await listDeletions(ctx, {
      limit: 5,
      actorId: "rare",
      deletedBefore: new Date("2026-01-01T00:00:03Z"),
    });
    expect(found.items.map(({ messageCount, actor }) => [messageCount, actor.id])).toEqual([
      [1, "rare"],
      [1, "rare"],
    ]);
    expect((await listDeletions(ctx, { limit: 5, state: "pending" })).items).toHaveLength(3);
  });
});
