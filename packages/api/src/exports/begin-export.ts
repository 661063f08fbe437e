import { type Host, whenAnswered } from "../http/host.ts";
import type { Bound, Holder } from "../rate/bounds.ts";

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
