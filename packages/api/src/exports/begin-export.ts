import { type ChatFile, type Context, type ExportChat, exportChat } from "@lethe/core";
import { type Host, whenAnswered } from "../http/host.ts";
import type { Bound, Holder } from "../rate/bounds.ts";

type BeginExport = ExportChat & { bound: Bound; holder: Holder; host: Host };

/** A file for which a place is held, and what gives it back. */
export type HeldFile = { file: ChatFile; leave: () => void };

/**
 * Begins an export in a place of the caller's. The place is given back when the answer has ended or its connection is
 * lost. Some hosts tell of neither: so it is also given back when the caller's signal aborts, and whoever hands the
 * file over calls `leave` at the end of that.
 *
 * @throws NOT_FOUND (chat_not_found), TOO_MANY_REQUESTS or SERVICE_UNAVAILABLE (too_many_exports)
 */
export async function beginExport(
  core: Context,
  { bound, holder, host, ...options }: BeginExport,
): Promise<HeldFile> {
  const leave = await bound.take(holder);
  try {
    const file = await exportChat(core, options);
    if (options.signal?.aborted) leave();
    else options.signal?.addEventListener("abort", leave, { once: true });
    whenAnswered(host, leave);
    return { file, leave };
  } catch (error) {
    leave();
    throw error;
  }
}
