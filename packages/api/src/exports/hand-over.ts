import { type ChatFile, LetheError, type SentFile } from "@lethe/core";
import { confirmEveryMs } from "../auth/confirm-credentials.ts";

export type HandOver = {
  /** Throws when the caller may no longer read. */
  confirm: () => Promise<void>;
  /** Ends the connection of a caller who no longer reads. */
  drop: () => void;
  /** How long a caller may take for one chunk; milliseconds. Default a minute. */
  patienceMs?: number;
};

/**
 * Passes the chunks of a file on to a caller as fast as the caller takes them. Throws when the caller may
 * no longer read or was too slow; nothing is read or held for such a one.
 */
export async function* handOver(
  chunks: ChatFile["chunks"],
  { confirm, drop, patienceMs = 60_000 }: HandOver,
): AsyncGenerator<string, SentFile, undefined> {
  let confirmedAt = performance.now();
  let stalled = false;
  for (;;) {
    if (performance.now() - confirmedAt > confirmEveryMs) {
      await confirm();
      confirmedAt = performance.now();
    }
    const next = await chunks.next();
    if (next.done) return next.value;
    const timer = setTimeout(() => {
      stalled = true;
      drop();
    }, patienceMs);
    try {
      yield next.value;
    } finally {
      clearTimeout(timer);
    }
    if (stalled) throw stalledReader();
  }
}

const stalledReader = () =>
  new LetheError("SERVICE_UNAVAILABLE", "unavailable", "The export was read too slowly and was broken off");
