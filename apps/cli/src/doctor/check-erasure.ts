import { readErasureBacklog } from "@lethe/core/erasure/read-erasure-backlog";
import type { Database } from "@lethe/db";
import { type Check, info, ok, warning } from "./check.ts";

const name = "erasure";
/** Jobs start within seconds and go on until all is done; what waits longer than this is held up. */
const behindMs = 5 * 60_000;

/** Whether what was deleted is being erased, and how much is left. */
export async function checkErasure(db: Database): Promise<Check> {
  const { pending, oldestMs, messages } = await readErasureBacklog(db);
  if (pending === 0 || oldestMs === null) return ok(name, "Everything that was deleted is erased.");
  const detail =
    `Deleted chats whose rows are still to be erased: ${pending}, with ${messages} messages; the oldest ` +
    `deletion was ${Math.round(oldestMs / 60_000)} minutes ago. Nothing of them can be reached.`;
  if (oldestMs < behindMs) return info(name, detail, "Nothing to do: running servers erase them.");
  return warning(
    name,
    detail,
    "Only running servers erase: start one with `npx -y pnpm@12.21.0 start`. If one runs, look at its log for " +
      "failed jobs, and in pg_stat_activity for transactions that hold locks for long.",
  );
}
