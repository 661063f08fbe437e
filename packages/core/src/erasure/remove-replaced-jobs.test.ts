import { expect, it } from "vitest";
import { jobsOf, longChat } from "../../test/long-chat.ts";
import { useWorld } from "../../test/world.ts";
import { deleteChat } from "../index.ts";
import { enqueueErasures } from "./enqueue-erasures.ts";
import { enqueueLostErasures } from "./enqueue-lost-erasures.ts";
import { removeReplacedJobs } from "./remove-replaced-jobs.ts";

const world = useWorld();

it("clears away the job of a process that was killed, and never one that somebody may be at", async () => {
  const ctx = await world.tenant();
  const chatId = await longChat(ctx, 300);
  const { deletionId } = await deleteChat(ctx, { chatId, force: false });
  await enqueueErasures(ctx.db, [{ tenantId: ctx.tenantId, chatId, deletionId }]);
  const taken = (hours: number) => ctx.db.$executeRaw`
    UPDATE graphile_worker._private_jobs
    SET locked_by = 'killed', locked_at = now() - ${hours}::integer * interval '1 hour'
    WHERE key = 'erase_transcript:' || ${deletionId} OR key IS NULL`;
  const after = { missingMs: 0, postponedMs: 60_000 };

  await taken(1);
  expect(await enqueueLostErasures(ctx.db, { ...after, abandonedMs: 2 * 3_600_000 })).toBe(0);
  expect(await enqueueLostErasures(ctx.db, { ...after, abandonedMs: 60_000 })).toBe(1);
  expect(await enqueueLostErasures(ctx.db, { ...after, abandonedMs: 60_000 })).toBe(0);
  expect(await removeReplacedJobs(ctx.db)).toBe(0);

  await taken(5);
  expect(await removeReplacedJobs(ctx.db)).toBe(1);
  expect(await jobsOf(ctx, deletionId)).toHaveLength(1);
});
