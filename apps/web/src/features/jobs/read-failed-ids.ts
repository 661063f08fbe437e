import type { LetheClient } from "@lethe/client";

/** Failed chats that are retried together. */
export const mostRetried = 1_000;

/** The ids of the chats that a job left, up to `mostRetried`. */
export async function readFailedIds(client: LetheClient, jobId: string): Promise<string[]> {
  const ids = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: { data: { chat_id: string }[]; next_cursor: string | null } =
      await client.deletionJob.failures.query({ job_id: jobId, limit: 100, cursor });
    for (const { chat_id } of page.data) ids.add(chat_id);
    cursor = page.next_cursor;
  } while (cursor !== null && ids.size < mostRetried);
  return [...ids].slice(0, mostRetried);
}
