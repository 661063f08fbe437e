import type { LetheCache } from "./lethe-cache.ts";

/**
 * Reads again what was read, or asked for, before this moment. A query under way is waited for: its
 * answer may be older than the event that it missed.
 */
export function refetchStale({ queryClient, trpc }: LetheCache): void {
  for (const query of queryClient.getQueryCache().findAll(trpc.pathFilter())) {
    const again = () => void queryClient.invalidateQueries({ queryKey: query.queryKey, exact: true });
    if (query.state.fetchStatus === "idle") again();
    else query.promise?.then(again, again);
  }
}
