"use client";

import { toLetheError } from "@lethe/client";
import { useDeletionState, useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { keepFocus } from "@/lib/keep-focus.ts";
import { useDocumentTitle } from "@/lib/use-document-title.ts";
import { ChatHeader } from "./chat-header.tsx";
import { ChatHeaderSkeleton } from "./chat-header-skeleton.tsx";
import { Composer } from "./composer.tsx";
import { Forgetting, Gone } from "./gone.tsx";
import { MessageList } from "./message-list.tsx";
import { useLiveChat } from "./use-live-chat.ts";
import { useMessages } from "./use-messages.ts";
import { useOutbox } from "./use-outbox.ts";

/** One chat: header, messages, composer; or word that it is gone. */
export function ChatPage({ chatId }: { chatId: string }) {
  const { trpc } = useLethe();
  const deletion = useDeletionState(chatId);
  const [draft, setDraft] = useState("");
  const chat = useQuery({
    ...trpc.chat.byId.queryOptions({ chat_id: chatId }),
    // Nobody is told when others connect or leave, so the number is asked for.
    refetchInterval: 5_000,
    enabled: deletion === undefined,
  });
  const isMissing = chat.isError && toLetheError(chat.error).code === "NOT_FOUND";
  useDocumentTitle(deletion ? "Deleted chat" : isMissing ? "No such chat" : chat.data?.title);

  const isDeleted = deletion?.status === "deleted";
  useEffect(() => {
    // Not into the list: what one goes on typing must not act on another chat.
    if (isDeleted) keepFocus(() => document.getElementById("main"));
  }, [isDeleted]);

  if (deletion?.status === "deleted") return <Gone deletedAt={deletion.deletedAt} unsent={draft} />;
  if (isMissing) return <Gone deletedAt={null} unsent={draft} />;
  if (chat.isError && !chat.data)
    return (
      <div className="flex flex-1 items-center">
        <ErrorNotice title="The chat could not be read" error={chat.error} onRetry={() => chat.refetch()} />
      </div>
    );
  // While a deletion runs the page is only hidden: if it is refused, everything is as it was.
  const isLeaving = deletion?.status === "pending";
  return (
    <>
      {isLeaving ? <Forgetting /> : null}
      <div hidden={isLeaving} className={isLeaving ? undefined : "flex min-h-0 flex-1 flex-col"}>
        <OpenChat chatId={chatId} chat={chat.data} isLeaving={isLeaving} draft={draft} onDraft={setDraft} />
      </div>
    </>
  );
}

type OpenChatProps = {
  chatId: string;
  chat: Parameters<typeof ChatHeader>[0]["chat"] | undefined;
  isLeaving: boolean;
  draft: string;
  onDraft: (draft: string) => void;
};

function OpenChat({ chatId, chat, isLeaving, draft, onDraft }: OpenChatProps) {
  const live = useLiveChat(chatId, !isLeaving);
  const list = useMessages(chatId);
  const outbox = useOutbox(chatId, list.messages);
  return (
    <>
      {chat ? <ChatHeader chat={chat} live={live} /> : <ChatHeaderSkeleton />}
      <MessageList list={list} outbox={outbox} />
      <Composer body={draft} onBody={onDraft} onSend={outbox.send} />
    </>
  );
}
