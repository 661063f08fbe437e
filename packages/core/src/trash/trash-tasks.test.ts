import { setTimeout as sleep } from "node:timers/promises";
import { Prisma } from "@lethe/db";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../test/long-chat.ts";
import { ageTrashed, holdDoor, muchOldTrash, oldTrash, trashedCount } from "../../test/old-trash.ts";
import { codeOf, connect, nothingButTheLedger, turnOf, useWorld, vaultOf } from "../../test/world.ts";
import {
  type Context,
  createChat,
  getChat,
  holdChat,
  limits,
  releaseConnection,
  releaseHold,
  restoreChat,
  trashChat,
  updateSettings,
} from "../index.ts";
import { purgeBatch } from "./purge-batch.ts";
import { createPurger, type PurgerOptions } from "./trash-tasks.ts";

const world = useWorld();
/** Purges what is due of a tenant, and answers how many chats that were. */
async function purge(
  ctx: Context,
  { db = world.db, log = silentLog, turnMs = 60_000 }: Partial<PurgerOptions & { turnMs: number }> = {},
) {
  return (await createPurger({ db, log })(ctx.tenantId, turnOf(turnMs))).purged;
}
const purgeAtOf = async (ctx: Context, chatId: string) => (await getChat(ctx, { chatId })).purgeAt;
const minutesAhead = (moment: Date | null) => (Number(moment) - Date.now()) / 60_000;

describe("purging the trash", () => {
  it("deletes what has been there for long enough, through the ledger, and nothing else", async () => {
    const ctx = await world.tenant();
    const due = await oldTrash(ctx, 30);
    const tomorrow = await oldTrash(ctx, 29);
    const restored = await oldTrash(ctx, 40);
    await restoreChat(ctx, { chatId: restored });
    expect(await purge(ctx)).toBe(1);
    expect(await vaultOf(ctx, due)).toEqual(nothingButTheLedger);
    expect(await ctx.db.deletion.findFirst({ where: { tenantId: ctx.tenantId, chatId: due } })).toMatchObject(
      {
        actorKind: "system",
        actorId: "trash_purge",
        via: "purge",
        forced: false,
      },
    );
    for (const chatId of [tomorrow, restored]) expect(await vaultOf(ctx, chatId)).toMatchObject({ chat: 1 });
    expect(await purge(ctx)).toBe(0);
  });

  it("puts off what is on hold, until the hold is released", async () => {
    const ctx = await world.tenant();
    const chatId = await oldTrash(ctx, 31);
    await holdChat(ctx, { chatId, reason: "Case 7" });
    expect(await purge(ctx)).toBe(0);
    expect(minutesAhead(await purgeAtOf(ctx, chatId))).toBeGreaterThan(10);
    expect(minutesAhead((await releaseHold(ctx, { chatId })).purgeAt)).toBeLessThan(0);
    expect(await purge(ctx)).toBe(1);
  });

  it("puts off what a socket is open on", async () => {
    const ctx = await world.tenant();
    const chatId = await oldTrash(ctx, 1);
    await restoreChat(ctx, { chatId });
    const connectionId = await connect(ctx, chatId, await world.gateway());
    await trashChat(ctx, { chatId });
    await ageTrashed(ctx, chatId, 31);
    expect(await purge(ctx)).toBe(0);
    const next = minutesAhead(await purgeAtOf(ctx, chatId));
    expect([next > 0, next < 2]).toEqual([true, true]);
    await releaseConnection(ctx, { chatId, connectionId });
    await ageTrashed(ctx, chatId, 1);
    expect(await purge(ctx)).toBe(1);
  });

  it("goes by the days of now, whatever purge_at says", async () => {
    const ctx = await world.tenant();
    const chats = [await oldTrash(ctx, 31), await oldTrash(ctx, 61)];
    const [young = "", old = ""] = chats;
    await updateSettings(ctx, { trashRetentionDays: 60 });
    expect(await purge(ctx)).toBe(1);
    expect(await vaultOf(ctx, old)).toEqual(nothingButTheLedger);
    expect(Math.round(minutesAhead(await purgeAtOf(ctx, young)) / 60 / 24)).toBe(29);
    await ageTrashed(ctx, young, 100);
    await updateSettings(ctx, { trashRetentionDays: 0 });
    expect(await purge(ctx)).toBe(0);
    expect(await purgeAtOf(ctx, young)).toBeNull();
  });

  it("has a change of the days wait for the batch that is under way", async () => {
    const ctx = await world.tenant();
    const chatId = await oldTrash(ctx, 31);
    // The batch has its tenant locked, and waits for a second connection to delete with.
    const db = world.anotherClient({ poolSize: 2 });
    const other = await holdDoor({ ...ctx, db }, (await createChat(ctx, { title: "another" })).id);
    const purging = purgeBatch(db, ctx.tenantId, 9);
    const locking = () => ctx.db.$queryRaw`
      SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%SKIP LOCKED%'`;
    await expect.poll(locking).toHaveLength(1);
    const changing = updateSettings(ctx, { trashRetentionDays: 90 }).then(() => vaultOf(ctx, chatId));
    const early = await Promise.race([changing, sleep(200, "waiting")]);
    await other.release();
    expect(await purging).toMatchObject({ due: 1, purged: 1 });
    expect([early, await changing]).toEqual(["waiting", nothingButTheLedger]);
  });

  it("loses to a restore that comes first, and says so to one that comes later", async () => {
    const ctx = await world.tenant();
    const there = { ...ctx, db: world.anotherClient() };
    for (let round = 0; round < 60; round += 1) {
      const chatId = await oldTrash(ctx, 31);
      const [restored] = await Promise.all([
        codeOf(restoreChat(there, { chatId })),
        purgeBatch(ctx.db, ctx.tenantId, 9),
      ]);
      const left = await vaultOf(ctx, chatId);
      if (restored === "ok") expect(left).toMatchObject({ chat: 1, transcript: 1, deletion: 0 });
      else expect([restored, left]).toEqual(["NOT_FOUND", nothingButTheLedger]);
    }
  });

  it("is shared by several at once, each chat purged by one", async () => {
    const ctx = await world.tenant();
    await muchOldTrash(ctx, 700, 31);
    const purged = await Promise.all(
      [world.db, world.anotherClient(), world.anotherClient()].map((db) => purge(ctx, { db })),
    );
    expect(purged.reduce((sum, chats) => sum + chats)).toBe(700);
    expect(await trashedCount(ctx)).toBe(0);
    expect(await ctx.db.deletion.count({ where: { tenantId: ctx.tenantId, via: "purge" } })).toBe(700);
  });

  it("is not stopped by a chat that cannot be deleted", async () => {
    const ctx = await world.tenant();
    const [stuck, other] = [await oldTrash(ctx, 32), await oldTrash(ctx, 31)];
    const body = `BEGIN IF OLD.id = '${stuck}' THEN RAISE EXCEPTION 'sabotage'; END IF; RETURN OLD; END`;
    await world.db.$executeRaw`
      CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS ${Prisma.raw(`$$ ${body} $$`)}`;
    await world.db.$executeRaw`
      CREATE TRIGGER sabotage BEFORE DELETE ON chat FOR EACH ROW EXECUTE FUNCTION sabotage()`;
    const logged: string[] = [];
    const log = { warn: (_fields: object, message: string) => void logged.push(message) };
    let purged = 0;
    // The database tells of a failed set before it lets go of the chats: then they are locked, and met again.
    while (logged.length === 0) purged += await purge(ctx, { log });
    expect([purged, logged.length]).toEqual([1, 1]);
    expect(await vaultOf(ctx, other)).toEqual(nothingButTheLedger);
    await world.db.$executeRaw`DROP TRIGGER sabotage ON chat`;
    expect(minutesAhead(await purgeAtOf(ctx, stuck))).toBeGreaterThan(0);
    await ageTrashed(ctx, stuck, 1);
    expect(await purge(ctx)).toBe(1);
  });

  it("leaves no short transcript to be erased by itself, however many messages they have together", async () => {
    const ctx = await world.tenant();
    const messages = limits.eraseBudget;
    const fitting = Math.floor(limits.eraseBatchBudget / messages);
    await muchOldTrash(ctx, fitting + 20, 31, messages);
    const { tenantId } = ctx;
    expect(await purgeBatch(ctx.db, tenantId, limits.deleteBatch)).toMatchObject({
      ...{ purged: fitting, more: true, failures: [] },
    });
    expect(await purge(ctx)).toBe(20);
    expect(await ctx.db.deletion.count({ where: { tenantId, erasedAt: null } })).toBe(0);
  });

  it("ends after a batch when its turn is over", async () => {
    const ctx = await world.tenant();
    await muchOldTrash(ctx, 300, 31);
    expect(await purge(ctx, { turnMs: 0 })).toBe(100);
    expect(await trashedCount(ctx)).toBe(200);
    expect(await purge(ctx)).toBe(200);
  });
});
