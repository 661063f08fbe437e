import { Prisma } from "@lethe/db";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../test/long-chat.ts";
import { manyChats } from "../../test/many-chats.ts";
import { useWorld } from "../../test/world.ts";
import {
  type Context,
  createChat,
  createDeletionJob,
  getDeletionJob,
  listDeletionJobFailures,
} from "../index.ts";
import { runDeletionJob } from "./run-deletion-job.ts";

const world = useWorld();
const filter = { state: "active" as const, q: "chat" };

async function work(ctx: Context, jobId: string, sliceMs = 60_000) {
  const deleted: number[] = [];
  const { more } = await runDeletionJob({
    db: ctx.db,
    job: { tenantId: ctx.tenantId, jobId },
    sliceMs,
    signal: new AbortController().signal,
    log: silentLog,
    onDeleted: (chats) => deleted.push(chats),
  });
  return { more, deleted: deleted.reduce((sum, chats) => sum + chats, 0) };
}

/** Has a table refuse rows that hold a text, for the length of a test. */
async function sabotage(table: string, text: string, use: () => Promise<void>) {
  const name = Prisma.raw(`sabotage_${table}`);
  const body = `BEGIN IF coalesce(NEW, OLD)::text LIKE '%${text}%' THEN RAISE EXCEPTION 'sabotage'; END IF; RETURN NEW; END`;
  await world.db.$executeRaw`
    CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS ${Prisma.raw(`$$ ${body} $$`)}`;
  await world.db.$executeRaw`
    CREATE TRIGGER ${name} BEFORE INSERT ON ${Prisma.raw(table)} FOR EACH ROW EXECUTE FUNCTION ${name}()`;
  try {
    await use();
  } finally {
    await world.db.$executeRaw`DROP FUNCTION ${name} CASCADE`;
  }
}

describe("working on a deletion job", () => {
  it("goes on where another slice ended, and says what it has deleted", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 400, { messages: 2 });
    const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
    let slices = 0;
    let deleted = 0;
    for (let more = true; more; slices += 1) {
      const slice = await work(ctx, jobId, 1);
      deleted += slice.deleted;
      more = slice.more;
    }
    expect(slices).toBeGreaterThan(2);
    expect(deleted).toBe(400);
    expect(await getDeletionJob(ctx, { jobId })).toMatchObject({
      state: "finished",
      counts: { deleted: 400 },
    });
  });

  it("leaves the one chat that the database refuses to delete, and deletes the others", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 100);
    const { id: chatId } = await createChat(ctx, { title: "a poisoned chat" });
    const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
    await sabotage("deletion", chatId, async () => {
      expect(await work(ctx, jobId)).toEqual({ more: false, deleted: 100 });
    });
    expect(await getDeletionJob(ctx, { jobId })).toMatchObject({
      state: "finished",
      counts: { deleted: 100, failed: 1 },
    });
    expect((await listDeletionJobFailures(ctx, { jobId, limit: 9 })).items).toMatchObject([
      { chatId, outcome: "failed" },
    ]);
  });

  it("gives a job up that the database refuses to go on with, and says so", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 3);
    const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
    await sabotage("deletion", ctx.tenantId, () =>
      sabotage("deletion_job_failure", ctx.tenantId, async () => {
        expect(await work(ctx, jobId)).toEqual({ more: false, deleted: 0 });
      }),
    );
    expect(await getDeletionJob(ctx, { jobId })).toMatchObject({
      state: "failed",
      error: expect.stringContaining("log"),
      processed: 0,
    });
  });
});
