import { Prisma } from "@lethe/db";
import { z } from "zod";

/** A transcript that is to be erased: its chat, and the line of the ledger that says so. */
export type Erasure = { tenantId: string; chatId: string; deletionId: string };

/** The name of the job that erases one transcript. */
export const eraseTranscriptTask = "erase_transcript";

/** What a job carries, ids alone, read as an erasure. */
export const erasurePayload = z
  .object({ tenant_id: z.guid(), chat_id: z.guid(), deletion_id: z.guid() })
  .transform(
    (payload): Erasure => ({
      tenantId: payload.tenant_id,
      chatId: payload.chat_id,
      deletionId: payload.deletion_id,
    }),
  );

/** The key that makes the job of a deletion (a row with `deletion_id`) the only one. */
export const jobKey = Prisma.sql`${eraseTranscriptTask}::text || ':' || d.deletion_id::text`;

/**
 * A call that puts into the queue one job for each row of `d` (tenant_id, chat_id, deletion_id), in the
 * place of one that is there. A job is tried again for as long as a smallint can count.
 */
export const addJobs = (d: Prisma.Sql): Prisma.Sql => Prisma.sql`
  graphile_worker.add_jobs(ARRAY(
    SELECT ROW(
      ${eraseTranscriptTask}::text,
      json_build_object('tenant_id', d.tenant_id, 'chat_id', d.chat_id, 'deletion_id', d.deletion_id),
      NULL, NULL, 32767, ${jobKey}, NULL, NULL
    )::graphile_worker.job_spec
    FROM ${d}
  ))`;
