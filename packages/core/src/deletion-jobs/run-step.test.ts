import type { Prisma } from "@lethe/db";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { finish, manyChats } from "../../test/many-chats.ts";
import { connect, nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import {
  type Context,
  createChat,
  createDeletionJob,
  getChat,
  getDeletionJob,
  holdChat,
  limits,
  listDeletionJobFailures,
  listDeletions,
  renameChat,
  restoreChat,
  trashChat,
} from "../index.ts";
import { claimJob } from "./claim-job.ts";
import { deleteMatches } from "./delete-matches.ts";
import { runStep } from "./run-step.ts";
import { matchNext } from "./scan-page.ts";

const world = useWorld();
const chat = async (ctx: Context, title: string) => (await createChat(ctx, { title })).id;
const chatsOf = (ctx: Context) => ctx.db.chat.count({ where: { tenantId: ctx.tenantId } });

describe("a deletion job", () => {
  it("deletes what matches and nothing else, counts it, tells of its end, and forgets the search", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 120, { mark: "Old invoice 100%", messages: 2 });
    const other = await chat(ctx, "Old invoice 1000");
    const filter = { state: "active" as const, q: "INVOICE 100%" };
    const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
    const job = await finish(ctx, jobId, 32);
    expect(job).toMatchObject({
      state: "finished",
      filter: { state: "active", q: null },
      matched: 120,
      processed: 120,
      counts: { deleted: 120, active_connections: 0, on_hold: 0, changed: 0, failed: 0 },
      limitReached: false,
      startedAt: expect.any(Date),
      finishedAt: expect.any(Date),
    });
    expect(await chatsOf(ctx)).toBe(1);
    expect(await getChat(ctx, { chatId: other })).toMatchObject({ id: other });
    const { items } = await listDeletions(ctx, { limit: 1 });
    expect(items).toMatchObject([
      { via: "job", actor: { kind: ctx.actor.kind, id: ctx.actor.id, name: ctx.actor.name }, forced: false },
    ]);
    const { tenantId } = ctx;
    expect(await ctx.db.event.count({ where: { tenantId, type: "chat.deleted" } })).toBe(120);
    expect(await ctx.db.event.findMany({ where: { tenantId, type: "deletion_job.finished" } })).toMatchObject(
      [{ jobId, chatId: null }],
    );
    const row = await ctx.db.deletionJob.findFirstOrThrow({ where: { tenantId, id: jobId } });
    expect(JSON.stringify(row).toLowerCase()).not.toContain("invoice");
  });

  it("leaves what is on hold or open, names it page by page, and closes what is open when forced", async () => {
    const ctx = await world.tenant();
    const gatewayId = await world.gateway();
    const [held, live] = [await chat(ctx, "a"), await chat(ctx, "a")];
    await manyChats(ctx, 5, { mark: "a" });
    await holdChat(ctx, { chatId: held, reason: "a trial" });
    await connect(ctx, live, gatewayId);
    const filter = { state: "any" as const, q: "a" };
    const first = await createDeletionJob(ctx, { filter, force: false });
    expect(await finish(ctx, first.id, 2)).toMatchObject({
      processed: 7,
      counts: { deleted: 5, active_connections: 1, on_hold: 1 },
    });
    const page = await listDeletionJobFailures(ctx, { jobId: first.id, limit: 1 });
    const rest = await listDeletionJobFailures(ctx, { jobId: first.id, limit: 1, cursor: page.nextCursor });
    expect(rest.nextCursor).toBeNull();
    expect([...page.items, ...rest.items].map(({ chatId, outcome }) => `${chatId} ${outcome}`)).toEqual(
      [`${held} on_hold`, `${live} active_connections`].toSorted(),
    );
    const second = await createDeletionJob(ctx, { filter, force: true });
    expect(await finish(ctx, second.id)).toMatchObject({ counts: { deleted: 1, on_hold: 1 } });
    expect(await vaultOf(ctx, live)).toEqual(nothingButTheLedger);
    expect(await vaultOf(ctx, held)).toMatchObject({ chat: 1 });
  });

  it("stops when it has deleted as many as it may", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 30, { mark: "b" });
    const filter = { state: "active" as const, q: "b" };
    const { id } = await createDeletionJob(ctx, { filter, force: false, maxDeletions: 11 });
    expect(await finish(ctx, id, 4)).toMatchObject({
      state: "finished",
      matched: 30,
      processed: 11,
      limitReached: true,
    });
    expect(await chatsOf(ctx)).toBe(19);
  });

  it("leaves chats alone that were created after it was asked for", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 3, { mark: "c" });
    const { id } = await createDeletionJob(ctx, { filter: { state: "active", q: "c" }, force: false });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await manyChats(ctx, 3, { mark: "c" });
    expect(await finish(ctx, id)).toMatchObject({ matched: 3, counts: { deleted: 3 } });
    expect(await chatsOf(ctx)).toBe(3);
  });

  it("leaves chats alone that came into the trash after it was asked to empty it", async () => {
    const ctx = await world.tenant();
    const [early, late, again] = [
      await chat(ctx, "early"),
      await chat(ctx, "late"),
      await chat(ctx, "again"),
    ];
    await trashChat(ctx, { chatId: early });
    await trashChat(ctx, { chatId: again });
    const { id } = await createDeletionJob(ctx, { filter: { state: "trashed" }, force: false });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await trashChat(ctx, { chatId: late });
    await restoreChat(ctx, { chatId: again });
    await trashChat(ctx, { chatId: again });
    expect(await finish(ctx, id)).toMatchObject({ matched: 1, counts: { deleted: 1, changed: 0 } });
    expect(await vaultOf(ctx, early)).toEqual(nothingButTheLedger);
    expect(await vaultOf(ctx, late)).toMatchObject({ chat: 1 });
    expect(await vaultOf(ctx, again)).toMatchObject({ chat: 1 });
  });

  it.each([
    { change: "changes and still matches", gone: true },
    { change: "no longer matches", gone: false },
  ])("deletes a chat that $change at the last moment: $gone", async ({ gone }) => {
    const ctx = await world.tenant();
    const chatId = await chat(ctx, "d");
    const { id: jobId } = await createDeletionJob(ctx, { filter: { state: "active", q: "d" }, force: false });
    await renameChat(ctx, { chatId, title: gone ? "d, still" : "another" });
    const done = await ctx.db.$transaction(async (tx) => {
      const job = await claimJob(tx, { tenantId: ctx.tenantId, jobId });
      if (job === undefined) throw new Error("Somebody else has the job");
      const asItWas = { id: chatId, version: 1 };
      return deleteMatches(tx, job, [asItWas], () => true);
    });
    expect(done).toMatchObject({
      done: gone ? 1 : 0,
      failures: gone ? [] : [{ chatId, outcome: "changed" }],
    });
    expect(await chatsOf(ctx)).toBe(gone ? 0 : 1);
  });

  it("is in one pair of hands at a time", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 200, { mark: "e", messages: 3 });
    const { id: jobId } = await createDeletionJob(ctx, { filter: { state: "active", q: "e" }, force: false });
    const ref = { tenantId: ctx.tenantId, jobId };
    const there = world.anotherClient();
    const seen = new Set<string>();
    let ended = false;
    while (!ended) {
      const both = await Promise.all([ctx.db, there].map((db) => runStep(db, ref, { size: 10 })));
      for (const { state } of both) seen.add(state);
      ended = seen.has("ended");
    }
    expect(seen).toContain("elsewhere");
    expect(await getDeletionJob(ctx, { jobId })).toMatchObject({
      matched: 200,
      processed: 200,
      counts: { deleted: 200 },
    });
    expect(await ctx.db.deletion.count({ where: { tenantId: ctx.tenantId } })).toBe(200);
  });

  it("walks over thousands that do not match in bounded steps", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 12_000, { mark: "f" });
    await chat(ctx, "a needle");
    const { id: jobId } = await createDeletionJob(ctx, {
      filter: { state: "active", q: "needle" },
      force: false,
    });
    const ref = { tenantId: ctx.tenantId, jobId };
    let steps = 0;
    while ((await runStep(ctx.db, ref, { size: 50 })).state === "more") steps += 1;
    expect(steps).toBe(5);
    expect(await getDeletionJob(ctx, { jobId })).toMatchObject({ matched: 1, counts: { deleted: 1 } });
    expect(await chatsOf(ctx)).toBe(12_000);
  });

  it("looks at no more chats than it takes, whatever the statistics say", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 6_000, { mark: "g" });
    const { id: jobId } = await createDeletionJob(ctx, { filter: { state: "active", q: "g" }, force: false });
    const chatsRead = async (tx: Prisma.TransactionClient) => {
      const rows = await tx.$queryRaw`
        SELECT (seq_tup_read + idx_tup_fetch)::integer AS chats
        FROM pg_stat_xact_user_tables WHERE relname = 'chat'`;
      return z.tuple([z.object({ chats: z.int() })]).parse(rows)[0].chats;
    };
    const read = () =>
      ctx.db.$transaction(async (tx) => {
        const job = await claimJob(tx, { tenantId: ctx.tenantId, jobId });
        if (job === undefined) throw new Error("Somebody else has the job");
        const before = await chatsRead(tx);
        expect((await matchNext(tx, job, { most: 50, looked: 5_000 })).matches).toHaveLength(50);
        return (await chatsRead(tx)) - before;
      });
    expect(await read()).toBeLessThanOrEqual(51);
    await world.db.$executeRaw`ANALYZE chat`;
    expect(await read()).toBeLessThanOrEqual(51);
  });

  it("leaves no short transcript to be erased by itself, however many messages they have together", async () => {
    const ctx = await world.tenant();
    const messages = limits.eraseBudget;
    await manyChats(ctx, Math.ceil((1.5 * limits.eraseBatchBudget) / messages), { mark: "h", messages });
    const { id } = await createDeletionJob(ctx, { filter: { state: "active", q: "h" }, force: false });
    expect(await finish(ctx, id, limits.deleteBatch)).toMatchObject({ state: "finished" });
    const { tenantId } = ctx;
    expect(await ctx.db.deletion.count({ where: { tenantId, erasedAt: null } })).toBe(0);
    expect(await ctx.db.transcript.count({ where: { tenantId } })).toBe(0);
  });
});
