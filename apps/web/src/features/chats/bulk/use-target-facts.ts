"use client";

import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { ownConnectionCount } from "../page/own-connections.ts";
import type { MatchingChats } from "../select/selection.ts";
import { filterOfTarget, type WholeTrash } from "./matching.ts";
import { openMatch } from "./open-match.ts";
import { readSet, type SetFacts } from "./read-set.ts";

/** What is to be deleted: chats by their ids, all that match, or all that lie in the trash. */
export type Target = { kind: "some"; ids: readonly string[] } | MatchingChats | WholeTrash;

export type TargetFacts = Omit<SetFacts, "messages"> & {
  /** Undefined where only the chats are counted. */
  messages: number | undefined;
  /** False if there was no time to count all: then there may be more. */
  complete: boolean;
};

/** Chats up to which the numbers are kept fresh while the question is open. */
const keptFresh = 100;
const pause = 3_000;

/** Counts the chats of a target as they are now, and those that live connections or holds protect. */
export function useTargetFacts(target: Target | null) {
  const lethe = useLethe();
  const { client, trpc, queryClient } = lethe;
  const ids = target?.kind === "some" ? target.ids : [];
  const some = useQuery({
    queryKey: ["set-facts", ids],
    queryFn: async ({ signal }): Promise<TargetFacts> => ({
      ...(await readSet(client, ids, ownConnectionCount, signal)),
      complete: true,
    }),
    enabled: target?.kind === "some",
    staleTime: 0,
    gcTime: 0,
    refetchInterval: ids.length <= keptFresh ? pause : false,
  });
  /** The server counts the chat that is open here as live; before the deletion this page lets go of it. */
  function isOnlyHere(): boolean {
    const open = target?.kind === "matching" ? openMatch(lethe, target) : undefined;
    if (!open) return false;
    const chat = queryClient.getQueryData(trpc.chat.byId.queryKey({ chat_id: open }));
    const own = ownConnectionCount(open);
    return own > 0 && chat !== undefined && chat.hold === null && chat.active_connections <= own;
  }
  const isFilter = target !== null && target.kind !== "some";
  const matching = useQuery(
    trpc.deletionJob.preview.queryOptions(
      { filter: isFilter ? filterOfTarget(target) : {} },
      {
        enabled: isFilter,
        staleTime: 0,
        gcTime: 0,
        refetchInterval: pause,
        select: ({ matched, blockers, complete }): TargetFacts => ({
          total: matched,
          messages: undefined,
          live: Math.max(0, blockers.active_connections - (isOnlyHere() ? 1 : 0)),
          held: blockers.on_hold,
          complete,
        }),
      },
    ),
  );
  return isFilter ? matching : some;
}
