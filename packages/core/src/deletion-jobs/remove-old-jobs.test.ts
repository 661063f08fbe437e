import { expect, it } from "vitest";
import { finish } from "../../test/many-chats.ts";
import { useWorld } from "../../test/world.ts";
import { createChat, createDeletionJob, getDeletionJob, holdChat, listDeletionJobs } from "../index.ts";
import { removeOldJobs } from "./deletion-job-tasks.ts";

const world = useWorld();

it("forgets jobs a month after their end, with their failures, and no others", async () => {
  const ctx = await world.tenant();
  const { id: chatId } = await createChat(ctx, { title: "a" });
  await holdChat(ctx, { chatId, reason: "a trial" });
  const job = async () =>
    (await createDeletionJob(ctx, { filter: { state: "active", q: "a" }, force: false })).id;
  const [old, recent] = [await job(), await job()];
  await finish(ctx, old);
  await finish(ctx, recent);
  const open = await job();
  const age = (jobId: string, days: number) => ctx.db.$executeRaw`
    UPDATE deletion_job SET created_at = now() - interval '99 days',
      finished_at = finished_at - ${days}::integer * interval '1 day'
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${jobId}::uuid`;
  await age(old, 31);
  await age(recent, 29);
  await age(open, 31);
  expect(await removeOldJobs(ctx.db)).toBe(1);
  expect(await removeOldJobs(ctx.db)).toBe(0);
  const left = (await listDeletionJobs(ctx, { limit: 9 })).items.map(({ id }) => id);
  expect(left.toSorted()).toEqual([recent, open].toSorted());
  await expect(getDeletionJob(ctx, { jobId: old })).rejects.toMatchObject({
    reason: "deletion_job_not_found",
  });
  const where = { where: { tenantId: ctx.tenantId } };
  expect(await ctx.db.deletionJobFailure.findMany(where)).toMatchObject([{ jobId: recent, chatId }]);
});
