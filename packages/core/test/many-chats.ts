import { foldTitle } from "@lethe/text";
import { runStep } from "../src/deletion-jobs/run-step.ts";
import { type Context, getDeletionJob } from "../src/index.ts";

/** That many chats, written with set-based statements; titles are "mark n". */
export async function manyChats(
  { db, tenantId }: Context,
  count: number,
  { messages = 0, mark = "chat" } = {},
): Promise<void> {
  const titles = Array.from({ length: count }, (_, index) => `${mark} ${index + 1}`);
  const indexed = titles.map((title) => foldTitle(tenantId, title));
  await db.$executeRaw`
    WITH made AS MATERIALIZED (
      SELECT gen_random_uuid() AS id, given.*
      FROM unnest(
        ${titles}::text[], ${indexed.map(({ folded }) => folded)}::text[],
        ${indexed.map(({ terms }) => `{${terms.join()}}`)}::text[]
      ) AS given(title, folded, terms)
    ),
    vault AS (
      INSERT INTO transcript (tenant_id, chat_id) SELECT ${tenantId}::uuid, id FROM made
    ),
    written AS (
      INSERT INTO message (tenant_id, chat_id, seq, author, body)
      SELECT ${tenantId}::uuid, id, seq, 'Ada', 'message ' || seq
      FROM made, generate_series(1, ${messages}::integer) AS seq
    ),
    door AS (
      INSERT INTO chat (tenant_id, id, title, title_folded, message_count, version)
      SELECT ${tenantId}::uuid, id, title, folded, ${messages}::integer, ${messages}::integer + 1 FROM made
    )
    INSERT INTO title_index (tenant_id, chat_id, terms, folded)
    SELECT ${tenantId}::uuid, id, terms::integer[], folded FROM made`;
}

/** Works on a job, in steps of `size` chats, until it has ended. */
export async function finish(ctx: Context, jobId: string, size = 50) {
  for (let step = 0; step < 10_000; step += 1) {
    const { state } = await runStep(ctx.db, { tenantId: ctx.tenantId, jobId }, { size });
    if (state === "ended") return getDeletionJob(ctx, { jobId });
  }
  throw new Error("The job does not end");
}
