"use client";

import { useDeletionState, useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { ownConnectionCount } from "../page/own-connections.ts";

/** Says when nobody else is connected to a chat any more, so that waiting has an end. */
export function LiveNow({ chatId }: { chatId: string }) {
  const { trpc } = useLethe();
  const deletion = useDeletionState(chatId);
  const { data } = useQuery({
    ...trpc.chat.byId.queryOptions({ chat_id: chatId }),
    refetchInterval: 3_000,
    enabled: deletion === undefined,
    retry: false,
  });
  if (!data || data.active_connections > ownConnectionCount(chatId)) return null;
  return <p className="mt-1.5 font-medium text-sm text-live">Nobody else is connected now.</p>;
}
