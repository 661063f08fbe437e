import { type Database, Prisma } from "@lethe/db";
import { addJobs, type Erasure } from "./erasure.ts";

/** Puts the erasure of transcripts into the job queue, which wakes the workers of all processes. */
export async function enqueueErasures(db: Database, erasures: readonly Erasure[]): Promise<void> {
  if (erasures.length === 0) return;
  const d = Prisma.sql`unnest(
    ${erasures.map(({ tenantId }) => tenantId)}::uuid[],
    ${erasures.map(({ chatId }) => chatId)}::uuid[],
    ${erasures.map(({ deletionId }) => deletionId)}::uuid[]
  ) AS d(tenant_id, chat_id, deletion_id)`;
  await db.$queryRaw`SELECT count(*) FROM ${addJobs(d)}`;
}
