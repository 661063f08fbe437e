import { runStep } from "../src/deletion-jobs/run-step.ts";
import { type Context, getDeletionJob } from "../src/index.ts";

/** That many chats, written with set-based statements; titles are "mark n". */
export async function manyChats(
  { db, tenantId }: Context,
  count: number,
  { messages = 0, mark = "chat" } = {},
): Promise<void> {
  await db.$executeRaw`
    WITH made AS MATERIALIZED (SELECT gen_random_uuid() AS id, n FROM generate_series(1, ${count}::integer) AS n),
    vault AS (
      INSERT INTO transcript (tenant_id, chat_id) SELECT ${tenantId}::uuid, id FROM made
    ),
    written AS (
      INSERT INTO message (tenant_id, chat_id, seq, author, body)
      SELECT ${tenantId}::uuid, id, seq, 'Ada', 'message ' || seq
      FROM made, generate_series(1, ${messages}::integer) AS seq
    )
    INSERT INTO chat (tenant_id, id, title, message_count, version)
    SELECT ${tenantId}::uuid, id, ${mark} || ' ' || n, ${messages}::integer, ${messages}::integer + 1 FROM made`;
}

/** Works on a job, in steps of `size` chats, until it has ended. */
export async function finish(ctx: Context, jobId: string, size = 50) {
  for (let step = 0; step < 10_000; step += 1) {
    const { state } = await runStep(ctx.db, { tenantId: ctx.tenantId, jobId }, { size });
    if (state === "ended") return getDeletionJob(ctx, { jobId });
  }
  throw new Error("The job does not end");
}
