import type { Database } from "@lethe/db";
import { z } from "zod";

/** More are not looked at: a look must not take longer the more there are. */
const mostCounted = 100;

/** What jobs of all tenants are not done with. */
const backlogSchema = z.object({
  /** Jobs that have not ended, up to 100. */
  open: z.int(),
  /** The age of the oldest of these; milliseconds. */
  oldestMs: z.number().nullable(),
});
export type JobBacklog = z.infer<typeof backlogSchema>;

/** What jobs are not done with. An index of what is open serves it, and it reads a bounded part of that. */
export async function readJobBacklog(db: Database): Promise<JobBacklog> {
  const rows = await db.$queryRaw`
    SELECT count(*)::integer AS open,
      (extract(epoch FROM clock_timestamp() - min(created_at)) * 1000)::float8 AS "oldestMs"
    FROM (
      SELECT created_at FROM deletion_job WHERE finished_at IS NULL LIMIT ${mostCounted}::integer
    ) AS job`;
  return z.tuple([backlogSchema]).parse(rows)[0];
}
