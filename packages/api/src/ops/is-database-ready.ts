import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "@lethe/core";

const TIMEOUT_MS = 2_000;

/** Whether the database answers within two seconds. `onError` is told why it does not. */
export async function isDatabaseReady(
  db: Context["db"],
  onError: (error: unknown) => void,
): Promise<boolean> {
  const answered = new AbortController();
  const ping = db.$queryRaw`SELECT 1`.then(
    () => true,
    (error: unknown) => {
      onError(error);
      return false;
    },
  );
  const timeout = sleep(TIMEOUT_MS, false, { signal: answered.signal }).catch(() => false);
  const ready = await Promise.race([ping, timeout]);
  answered.abort();
  return ready;
}
