import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { silentLog } from "../../test/long-chat.ts";
import { manyChats } from "../../test/many-chats.ts";
import { useWorld } from "../../test/world.ts";
import { type Context, createDeletionJob, getDeletionJob, limits, startBackground } from "../index.ts";

const world = useWorld();
const program = fileURLToPath(new URL("../../test/job-program.ts", import.meta.url));
const filter = { state: "active" as const, q: "chat" };

/** A worker as a process of its own. */
async function spawnWorker() {
  const child: ChildProcess = spawn(process.execPath, [program, world.url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  if (child.stdout) await once(child.stdout, "data");
  return child;
}

const ended = (ctx: Context, jobId: string) =>
  expect.poll(async () => (await getDeletionJob(ctx, { jobId })).state, { interval: 50 }).toBe("finished");

/** What the tables say of a tenant whose chats had `messages` messages each. */
async function expectExact(ctx: Context, jobId: string, chats: number) {
  const { tenantId } = ctx;
  expect(await getDeletionJob(ctx, { jobId })).toMatchObject({
    matched: chats,
    processed: chats,
    counts: { deleted: chats, active_connections: 0, on_hold: 0, changed: 0, failed: 0 },
  });
  const where = { where: { tenantId } };
  expect(await ctx.db.chat.count(where)).toBe(0);
  expect(await ctx.db.deletion.count(where)).toBe(chats);
  const told = (type: string) => ctx.db.event.count({ where: { tenantId, type } });
  expect([await told("chat.deleted"), await told("deletion_job.finished")]).toEqual([chats, 1]);
  await expect.poll(() => ctx.db.transcript.count(where)).toBe(0);
  expect(await ctx.db.message.count(where)).toBe(0);
}

/** Ends what PostgreSQL does for workers, as when a network or a backend dies. */
const loseConnections = () => world.db.$queryRaw`
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE application_name = 'lethe' AND datname = current_database()`;

/** What the job says and what the ledger says, at one moment. */
async function compare(ctx: Context, jobId: string) {
  const rows = await ctx.db.$queryRaw`
    SELECT job.state, job.deleted AS counted, (
      SELECT count(*)::integer FROM deletion WHERE deletion.tenant_id = job.tenant_id
    ) AS ledger
    FROM deletion_job AS job WHERE job.tenant_id = ${ctx.tenantId}::uuid AND job.id = ${jobId}::uuid`;
  return z.tuple([z.object({ state: z.string(), counted: z.int(), ledger: z.int() })]).parse(rows)[0];
}

describe("deletion jobs in the background", () => {
  it("begin at once and end by themselves", async () => {
    const ctx = await world.tenant();
    // Nobody looks for what is left lying.
    const background = startBackground({ db: world.db, log: silentLog, pace: 1_000 });
    onTestFinished(() => background.close());
    await manyChats(ctx, 300, { messages: 3 });
    const { id } = await createDeletionJob(ctx, { filter, force: false });
    await ended(ctx, id);
    await expectExact(ctx, id, 300);
  });

  it("lose nothing and count nothing twice, whenever processes or their connections are killed", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 6_000, { messages: 4 });
    const { id } = await createDeletionJob(ctx, { filter, force: false });
    let amid = 0;
    for (let kill = 0; kill < 6; kill += 1) {
      const worker = await spawnWorker();
      const gone = once(worker, "exit");
      const { counts } = await getDeletionJob(ctx, { jobId: id });
      const now = async () => (await getDeletionJob(ctx, { jobId: id })).counts.deleted;
      await expect.poll(now, { interval: 5 }).toBeGreaterThan(counts.deleted);
      await sleep(Math.random() * 150);
      if (kill % 2 === 0) await loseConnections();
      else worker.kill("SIGKILL");
      const { state, counted, ledger } = await compare(ctx, id);
      expect(ledger).toBe(counted);
      if (state === "running") amid += 1;
      worker.kill("SIGKILL");
      await gone;
      if (state === "finished") break;
    }
    expect(amid).toBeGreaterThan(1);
    await spawnWorker();
    await ended(ctx, id);
    await expectExact(ctx, id, 6_000);
  });

  it("are shared by processes, each chat deleted and counted once", async () => {
    const ctx = await world.tenant();
    await Promise.all([spawnWorker(), spawnWorker(), spawnWorker()]);
    await manyChats(ctx, 2_000, { messages: 2 });
    const { id } = await createDeletionJob(ctx, { filter, force: false });
    const rival = await createDeletionJob(ctx, { filter: { ...filter, maxMessages: 9 }, force: false });
    await ended(ctx, id);
    await ended(ctx, rival.id);
    const jobs = [await getDeletionJob(ctx, { jobId: id }), await getDeletionJob(ctx, { jobId: rival.id })];
    expect(jobs.reduce((sum, { counts }) => sum + counts.deleted, 0)).toBe(2_000);
    expect(await ctx.db.deletion.count({ where: { tenantId: ctx.tenantId } })).toBe(2_000);
  });

  it("of one tenant are done by turns, and another's small one does not wait for them", async () => {
    const [many, ctx] = [await world.tenant(), await world.tenant()];
    for (const letter of "abcdefghijklmnopqrst".slice(0, limits.openJobs)) {
      await manyChats(many, 100, { mark: `chat ${letter}-` });
      await createDeletionJob(many, { filter: { ...filter, q: `chat ${letter}-` }, force: false });
    }
    await manyChats(ctx, 3);
    const { id } = await createDeletionJob(ctx, { filter, force: false });
    const { db } = world;
    const background = startBackground({ db, log: silentLog });
    onTestFinished(() => background.close());
    await ended(ctx, id);
    const { finishedAt } = await db.deletionJob.findFirstOrThrow({ where: { tenantId: ctx.tenantId, id } });
    const before = { tenantId: many.tenantId, finishedAt: { lt: finishedAt ?? new Date() } };
    expect(await db.deletionJob.count({ where: before })).toBeLessThan(limits.openJobs / 2);
  });
});
