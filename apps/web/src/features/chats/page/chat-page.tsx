"use client";

import type { Chat } from "@lethe/api/schemas";
import { toLetheError } from "@lethe/client";
import {
  type ReadFrom,
  useDeletionState,
  useLethe,
  useLiveChat,
  useMessages,
  useMoveState,
} from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useDocumentTitle } from "@/components/document-title.tsx";
import { ErrorNotice } from "@/components/states.tsx";
import { NotYours } from "@/features/session/not-yours.tsx";
import { useMay } from "@/features/session/own-session.tsx";
import { keepFocus } from "@/lib/keep-focus.ts";
import { forgetNotes, lastWordsTo, useReader } from "../notes.ts";
import { TrashedBar } from "../trash/trashed-bar.tsx";
import { ChatHeader, ChatHeaderSkeleton } from "./chat-header.tsx";
import { Composer } from "./composer.tsx";
import { Forgetting, Gone } from "./gone.tsx";
import { MessageList } from "./message-list.tsx";
import { useAskedMessage } from "./shown-message.ts";
import { useOutbox } from "./use-outbox.ts";

/**
 * One chat: header, messages, composer; read-only in the trash; or word that it is gone.
 *
 * @param at the message to be shown, by its place in the chat
 */
export function ChatPage({ chatId, at }: { chatId: string; at?: number | undefined }) {
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
        <OpenChat chatId={chatId} at={at} chat={chat.data} isRestoring={move === "restoring"} />
      </div>
    </>
  );
}

type OpenChatProps = {
  chatId: string;
  at: number | undefined;
  chat: Chat | undefined;
  isRestoring: boolean;
};

function OpenChat({ chatId, at, chat, isRestoring }: OpenChatProps) {
  const mayWrite = useMay("chats:write");
  const isTrashed = typeof chat?.trashed_at === "string";
  const live = useLiveChat(chatId, !isTrashed);
  const total = chat?.message_count;
  const reading = useReading(chatId, at, total);
  const list = useMessages(chatId, reading.from ?? null);
  const outbox = useOutbox(chatId, list.messages, total ?? 0);
  return (
    <>
      {chat ? <ChatHeader chat={chat} live={live} /> : <ChatHeaderSkeleton />}
      <MessageList chatId={chatId} list={list} outbox={outbox} {...reading} total={total ?? 0} />
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

/** What is nearer to the newest message than that is read from there: events tell of further ones. */
const nearNewest = 40;

/**
 * Where one reads. The page's address may name a message, at which reading begins; who goes to an end has left it.
 *
 * @param total messages of the chat; undefined while that is not known
 */
function useReading(chatId: string, at: number | undefined, total: number | undefined) {
  const [reading, setReading] = useState<Reading>({ ...openedAt(at), asked: 0 });
  const { asked } = reading;
  const [address, setAddress] = useState(at);
  if (address !== at) {
    setAddress(at);
    if (at !== reading.at) setReading({ ...openedAt(at), asked });
  }
  if (reading.from === undefined && reading.at !== undefined && total !== undefined)
    setReading({ ...reading, from: total - reading.at < nearNewest ? "newest" : reading.at });
  useAskedMessage(chatId, (seq) => setReading({ ...openedAt(seq), asked: asked + 1 }));
  const onFrom = useCallback((end: "newest" | "oldest") => {
    setReading((before) => ({ at: undefined, from: end, asked: before.asked }));
    const params = new URLSearchParams(location.search);
    if (!params.has("at")) return;
    params.delete("at");
    history.replaceState(null, "", params.size > 0 ? `?${params}` : location.pathname);
  }, []);
  return { ...reading, onFrom };
}

/** `from` is undefined until it is known how near to the newest message the one is that is to be shown. */
type Reading = { at: number | undefined; from: ReadFrom | undefined; asked: number };

const openedAt = (at: number | undefined) =>
  ({ at, from: at === undefined ? "newest" : undefined }) satisfies Partial<Reading>;

/** What somebody had not sent when a chat went. It is shown once more; the browser keeps nothing of it. */
function useUnsent(chatId: string, isGone: boolean): string {
  const reader = useReader();
  const [unsent, setUnsent] = useState("");
  useEffect(() => {
    if (!isGone) return;
    forgetNotes(reader, [chatId]);
    setUnsent(lastWordsTo(chatId));
  }, [isGone, reader, chatId]);
  return unsent;
}
