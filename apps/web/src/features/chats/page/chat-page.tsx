"use client";

import type { Chat } from "@lethe/api/schemas";
import { toLetheError } from "@lethe/client";
import { useDeletionState, useLethe, useMoveState } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ErrorNotice } from "@/components/states.tsx";
import { NotYours } from "@/features/session/not-yours.tsx";
import { useMay, useOwnSession } from "@/features/session/own-session.tsx";
import { useDocumentTitle } from "@/lib/browser.ts";
import { keepFocus } from "@/lib/keep-focus.ts";
import { forgetNotes, lastWordsTo } from "../notes.ts";
import { TrashedBar } from "../trash/trashed-bar.tsx";
import { ChatHeader, ChatHeaderSkeleton } from "./chat-header.tsx";
import { Composer } from "./composer.tsx";
import { Forgetting, Gone } from "./gone.tsx";
import { MessageList } from "./message-list.tsx";
import { useLiveChat } from "./use-live-chat.ts";
import { type ReadFrom, useMessages, useOutbox } from "./use-messages.ts";

/** One chat: header, messages, composer; read-only in the trash; or word that it is gone. */
export function ChatPage({ chatId }: { chatId: string }) {
  const { trpc } = useLethe();
  const deletion = useDeletionState(chatId);
  const move = useMoveState(chatId);
  const chat = useQuery({
    ...trpc.chat.byId.queryOptions({ chat_id: chatId }),
    // No event says that others connect or disconnect, so the number is polled.
    refetchInterval: 5_000,
    enabled: deletion === undefined,
  });
  const isMissing = chat.isError && toLetheError(chat.error).reason === "chat_not_found";
  useDocumentTitle(deletion ? "Deleted chat" : isMissing ? "No such chat" : chat.data?.title);

  const isDeleted = deletion?.status === "deleted";
  const unsent = useUnsent(chatId, isDeleted || isMissing);
  useEffect(() => {
    if (!isDeleted) return;
    // Not to the list: keys that the person goes on typing must not act on another chat.
    keepFocus(() => document.getElementById("main"));
  }, [isDeleted]);
  const isTrashed = typeof chat.data?.trashed_at === "string";
  const wasActive = useRef(false);
  useEffect(() => {
    if (isTrashed && wasActive.current) keepFocus(() => document.getElementById("main"));
    wasActive.current = chat.data !== undefined && !isTrashed;
  }, [isTrashed, chat.data]);

  if (deletion?.status === "deleted")
    return <Gone chatId={chatId} deletedAt={deletion.deletedAt} unsent={unsent} />;
  if (isMissing) return <Gone chatId={chatId} deletedAt={null} unsent={unsent} />;
  if (chat.isError && !chat.data)
    return (
      <div className="flex flex-1 items-center">
        <ErrorNotice title="The chat could not be read" error={chat.error} onRetry={() => chat.refetch()} />
      </div>
    );
  // The page is only hidden while the chat goes: if the server refuses, everything is as it was.
  const isLeaving = deletion?.status === "pending" || move === "trashing";
  return (
    <>
      {isLeaving ? <Forgetting toTrash={move === "trashing"} /> : null}
      <div hidden={isLeaving} className={isLeaving ? undefined : "flex min-h-0 flex-1 flex-col"}>
        <OpenChat chatId={chatId} chat={chat.data} isLeaving={isLeaving} isRestoring={move === "restoring"} />
      </div>
    </>
  );
}

type OpenChatProps = {
  chatId: string;
  chat: Chat | undefined;
  isLeaving: boolean;
  isRestoring: boolean;
};

function OpenChat({ chatId, chat, isLeaving, isRestoring }: OpenChatProps) {
  const mayWrite = useMay("chats:write");
  const isTrashed = typeof chat?.trashed_at === "string";
  const live = useLiveChat(chatId, !isLeaving && !isTrashed);
  const [from, setFrom] = useState<ReadFrom>("newest");
  const list = useMessages(chatId, from);
  const outbox = useOutbox(chatId, list.messages, chat?.message_count ?? 0);
  return (
    <>
      {chat ? <ChatHeader chat={chat} live={live} /> : <ChatHeaderSkeleton />}
      <MessageList
        chatId={chatId}
        list={list}
        outbox={outbox}
        from={from}
        onFrom={setFrom}
        total={chat?.message_count ?? 0}
      />
      {chat && isTrashed ? (
        <TrashedBar chat={chat} isRestoring={isRestoring} />
      ) : !mayWrite ? (
        <div className="mx-auto w-full max-w-3xl px-4 pb-3 sm:px-6">
          <NotYours what="You read this chat." />
        </div>
      ) : (
        <Composer chatId={chatId} isReady={chat !== undefined} onSend={outbox.send} />
      )}
    </>
  );
}

/** What somebody had not sent when a chat went. It is shown once more; the browser keeps nothing of it. */
function useUnsent(chatId: string, isGone: boolean): string {
  const tenantId = useOwnSession().tenant.id;
  const [unsent, setUnsent] = useState("");
  useEffect(() => {
    if (!isGone) return;
    forgetNotes(tenantId, [chatId]);
    setUnsent(lastWordsTo(chatId));
  }, [isGone, tenantId, chatId]);
  return unsent;
}
