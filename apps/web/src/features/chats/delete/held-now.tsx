"use client";

import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";

/** The reason for which a chat is kept, as long as it is. */
export function HeldNow({ chatId }: { chatId: string }) {
  const { trpc } = useLethe();
  const { data } = useQuery({
    ...trpc.chat.byId.queryOptions({ chat_id: chatId }),
    staleTime: 0,
    retry: false,
  });
  if (!data?.hold) return null;
  return <p className="mt-1.5 break-words font-medium text-sm">Reason: {data.hold.reason}</p>;
}
