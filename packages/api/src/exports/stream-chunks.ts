import { LetheError } from "@lethe/core";
import { confirmEveryMs } from "../auth/authenticate.ts";
import { type Host, whenAnswered } from "../http/host.ts";
import type { Bound, Holder } from "../rate/bounds.ts";

type StreamChunks = {
  /** Throws when the caller may no longer read. */
  confirm: () => Promise<void>;
  /** Ends the connection of a caller who no longer reads. */
  drop: () => void;
  /** How long a caller may take for one chunk; milliseconds. Default a minute. */
  timeoutMs?: number;
};

/**
 * Passes the chunks of a file on to a caller as fast as the caller takes them. Throws when the caller may
 * no longer read or was too slow; nothing is read or held for such a one.
 */
export async function* streamChunks<Chunk, Sent>(
  chunks: AsyncGenerator<Chunk, Sent, undefined>,
  { confirm, drop, timeoutMs = 60_000 }: StreamChunks,
): AsyncGenerator<Chunk, Sent, undefined> {
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
    }, timeoutMs);
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

type TakePlace = { bound: Bound; holder: Holder; signal: AbortSignal | undefined; host: Host };

/**
 * Takes a place of the caller's for a file that is going to be sent. It is given back when the answer has ended or its
 * connection is lost. Some hosts tell of neither: so it is also given back when the caller's signal aborts, and whoever
 * sends the file calls what is returned at the end of that.
 *
 * @throws TOO_MANY_REQUESTS or SERVICE_UNAVAILABLE (too_many_exports)
 */
export async function takePlace({ bound, holder, signal, host }: TakePlace): Promise<() => void> {
  const leave = await bound.take(holder);
  if (signal?.aborted) leave();
  else signal?.addEventListener("abort", leave, { once: true });
  whenAnswered(host, leave);
  return leave;
}
