import type { LoadResult } from "../load/job.ts";
import { runLoad } from "../load/run-load.ts";
import { deletionOrder } from "../seed/ids.ts";
import type { DeleteRun, Server } from "./system.ts";

type Target = Pick<Server, "origin" | "headers" | "chatPath">;

/** Deletes the chats of a set over HTTP. */
export function driveHttp(
  target: Target,
  { label, total, callers, seconds = Number.POSITIVE_INFINITY }: DeleteRun,
): Promise<LoadResult> {
  return runLoad({
    origin: target.origin,
    headers: target.headers,
    callers,
    seconds,
    method: "DELETE",
    paths: deletionOrder(label, total).map(target.chatPath),
    cycle: false,
    followPages: false,
  });
}
