import type { useLethe } from "@lethe/client/react";
import { foldText } from "@lethe/text";
import { isSelected, type MatchingChats } from "../select/selection.ts";

type Lethe = Pick<ReturnType<typeof useLethe>, "queryClient" | "trpc">;

/** The chat that is open in this page, if it is one of those that match. */
export function openMatch({ queryClient, trpc }: Lethe, target: MatchingChats): string | undefined {
  const chatId = /^\/chats\/([0-9a-f-]{36})$/.exec(window.location.pathname)?.[1];
  if (!chatId) return undefined;
  const chat = queryClient.getQueryData(trpc.chat.byId.queryKey({ chat_id: chatId }));
  if (!chat || chat.trashed_at !== null || !isSelected(target, chat)) return undefined;
  return foldText(chat.title).includes(foldText(target.search)) ? chatId : undefined;
}
