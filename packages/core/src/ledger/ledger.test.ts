import { randomUUID } from "node:crypto";
import { createTestDatabase } from "@lethe/db/testing";
import { describe, expect, it } from "vitest";
import { connect, nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import {
  type Context,
  createChat,
  createMessage,
  createReceiptSigner,
  deleteChat,
  exportLedger,
  getDeletion,
  importReceiptKeys,
  type LedgerDeletion,
  type LedgerLine,
  listPublicKeys,
  replayDeletions,
} from "../index.ts";

const world = useWorld();

async function exported(ctx: Context, since?: Date): Promise<LedgerDeletion[]> {
  const lines: LedgerLine[] = [];
  for await (const page of exportLedger(ctx.db, { tenantId: ctx.tenantId, since })) lines.push(...page);
  return lines.filter((line) => line.type === "deletion");
}

/** A line of another timeline, in which this chat was deleted. */
const lineFor = (ctx: Context, chatId: string, own: Partial<LedgerDeletion> = {}): LedgerDeletion => ({
  type: "deletion",
  tenant_id: ctx.tenantId,
  id: randomUUID(),
  chat_id: chatId,
  deleted_at: new Date("2026-01-02T03:04:05.678Z"),
  erased_at: null,
  message_count: 7,
  actor: { kind: "session", id: "somebody", name: "ci (lethe_00000000)" },
  via: "trpc",
  forced: false,
  export_checksum: null,
  ...own,
});

const lineOf = (ctx: Context, chatId: string) =>
  ctx.db.deletion.findFirstOrThrow({ where: { tenantId: ctx.tenantId, chatId } });

describe("an exported ledger", () => {
  it("has every deletion once, the oldest first, and only those since a moment if it is asked", async () => {
    const ctx = await world.tenant();
    const count = 2_345;
    await ctx.db.$executeRaw`
      INSERT INTO deletion (tenant_id, id, chat_id, actor_kind, actor_id, via, forced, message_count, deleted_at)
      SELECT ${ctx.tenantId}::uuid, gen_random_uuid(), gen_random_uuid(), 'session', 'x', 'trpc', false, n,
        '2026-01-01'::timestamptz + n / 10 * interval '1 second'
      FROM generate_series(0, ${count - 1}::integer) AS n`;
    const lines = await exported(ctx);
    const sorted = lines.map((line) => line.deleted_at.getTime()).toSorted((a, b) => a - b);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(count);
    expect(lines.map((line) => line.deleted_at.getTime())).toEqual(sorted);
    const since = new Date("2026-01-01T00:01:00Z");
    expect(await exported(ctx, since)).toEqual(lines.filter((line) => line.deleted_at >= since));
    expect(await exported(await world.tenant())).toEqual([]);
  });

  it("is that of all tenants, and begins with the public keys", async () => {
    const contexts = [await world.tenant(), await world.tenant()];
    await createReceiptSigner({ db: world.db, log: { warn: () => {} } }).open();
    for (const ctx of contexts) {
      const { id: chatId } = await createChat(ctx, { title: "secret" });
      await deleteChat(ctx, { chatId, force: false });
    }
    const pages: LedgerLine[][] = [];
    for await (const page of exportLedger(world.db, {})) pages.push(page);
    expect(pages[0]).toMatchObject([{ type: "signing_key", retired_at: null, jwk: { kty: "OKP" } }]);
    const tenants = pages.flat().flatMap((line) => (line.type === "deletion" ? [line.tenant_id] : []));
    for (const { tenantId } of contexts) expect(tenants.filter((id) => id === tenantId)).toHaveLength(1);
    expect(JSON.stringify(pages)).not.toMatch(/secret|"d":/);
  });
});

describe("a replayed ledger", () => {
  it("deletes what is there again, whoever is connected, in the name of the replay and as of now", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "is back" });
    await createMessage(ctx, { chatId, author: "Ada", body: "hi" });
    await connect(ctx, chatId, await world.gateway());
    const line = lineFor(ctx, chatId);
    const before = new Date();
    expect(await replayDeletions(ctx.db, [line])).toEqual(["deleted"]);
    expect(await vaultOf(ctx, chatId)).toEqual(nothingButTheLedger);
    const entered = await lineOf(ctx, chatId);
    expect(entered).toMatchObject({ actorKind: "operator", actorId: "ledger replay", via: "replay" });
    expect(entered.messageCount).toBe(1);
    expect(entered.id).not.toBe(line.id);
    expect(entered.deletedAt.getTime()).toBeGreaterThanOrEqual(before.getTime() - 1);
    expect(await replayDeletions(ctx.db, [line])).toEqual(["known"]);
    expect(await lineOf(ctx, chatId)).toEqual(entered);
  });

  it("enters chats that were never here as they were deleted elsewhere, so that their ids stay used", async () => {
    const ctx = await world.tenant();
    const line = lineFor(ctx, randomUUID());
    expect(await replayDeletions(ctx.db, [line, line])).toEqual(["recorded", "recorded"]);
    expect(await replayDeletions(ctx.db, [line])).toEqual(["known"]);
    const { chat_id: id, deleted_at: deletedAt, actor, via } = line;
    const entered = await getDeletion(ctx, { deletionId: line.id });
    expect(entered).toMatchObject({ chatId: id, deletedAt, actor, via, messageCount: 7, state: "erased" });
    await expect(createChat(ctx, { id, title: "again" })).rejects.toMatchObject({ reason: "chat_id_used" });
  });

  it("leaves held chats alone and says so, and can be gone on with when they are released", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "evidence" });
    const where = { tenantId: ctx.tenantId, id: chatId };
    await ctx.db.chat.updateMany({ where, data: { heldAt: new Date(), holdReason: "a court" } });
    const line = lineFor(ctx, chatId);
    expect(await replayDeletions(ctx.db, [line])).toEqual(["on_hold"]);
    expect(await vaultOf(ctx, chatId)).toMatchObject({ chat: 1, deletion: 0 });
    await ctx.db.chat.updateMany({ where, data: { heldAt: null } });
    expect(await replayDeletions(ctx.db, [line])).toEqual(["deleted"]);
  });

  it("touches no other tenant's chat of the same id", async () => {
    const [owner, other] = [await world.tenant(), await world.tenant()];
    const id = randomUUID();
    for (const ctx of [owner, other]) await createChat(ctx, { id, title: "twins" });
    expect(await replayDeletions(owner.db, [lineFor(owner, id)])).toEqual(["deleted"]);
    expect(await vaultOf(other, id)).toMatchObject({ chat: 1, deletion: 0 });
  });

  it("never leaves a chat that the ledger calls deleted, however it is created at the same time", async () => {
    const ctx = await world.tenant();
    const rounds = Array.from({ length: 30 }, () => randomUUID());
    await Promise.all(
      rounds.map(async (id) => {
        const line = lineFor(ctx, id);
        await Promise.all([
          replayDeletions(ctx.db, [line]),
          createChat(ctx, { id, title: "quick" }).catch(() => {}),
        ]);
      }),
    );
    for (const id of rounds) expect(await vaultOf(ctx, id)).toEqual(nothingButTheLedger);
  });
});

describe("keys of a replayed ledger", () => {
  it("vouch again for what they have signed, and what was retired stays so", async () => {
    const [lost, restored] = [await createTestDatabase(), await createTestDatabase()];
    const office = createReceiptSigner({ db: restored.db, log: { warn: () => {} } });
    await office.open();
    await createReceiptSigner({ db: lost.db, log: { warn: () => {} } }).open();
    const [theirs] = await listPublicKeys(lost.db);
    const [ours] = await listPublicKeys(restored.db);
    if (theirs === undefined || ours === undefined) throw new Error("no keys");
    const line = (key: typeof ours, retired_at: Date | null) => ({
      type: "signing_key" as const,
      jwk: key.jwk,
      retired_at,
    });

    await importReceiptKeys(restored.db, [line(theirs, null), line(ours, null)]);
    expect(await listPublicKeys(restored.db)).toEqual(
      expect.arrayContaining([ours, { jwk: theirs.jwk, retiredAt: expect.any(Date) }]),
    );
    const retiredAt = new Date("2026-01-02T03:04:05.678Z");
    await importReceiptKeys(restored.db, [line(ours, retiredAt)]);
    expect(await listPublicKeys(restored.db)).toContainEqual({ jwk: ours.jwk, retiredAt });
    expect(await restored.db.signingKey.count({ where: { retiredAt: null } })).toBe(0);

    const renamed = { ...line(theirs, null), jwk: { ...theirs.jwk, kid: ours.jwk.kid } };
    await expect(importReceiptKeys(restored.db, [renamed])).rejects.toThrow("thumbprint");
    await Promise.all([lost.drop(), restored.drop()]);
  });
});
