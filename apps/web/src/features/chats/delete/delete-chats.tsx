"use client";

import type { Chat } from "@lethe/api/schemas";
import type { LetheClientError } from "@lethe/client";
import {
  type DeletedChat,
  ownConnectionCount,
  useDeleteChat,
  useDeletionState,
  useLethe,
} from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { ReceiptText } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { returnToSignIn } from "@/features/session/own-session.tsx";
import { plural } from "@/lib/format.ts";
import { keepFocus } from "@/lib/keep-focus.ts";
import { withdrawUndo } from "@/lib/undo.ts";
import { carriers } from "../chat-actions.ts";
import { closeTrashed } from "../trash/trash-chats.tsx";
import { type Asked, type Confirmed, DeleteDialog } from "./delete-dialog.tsx";

/** Owns the dialog that asks, and carries out every deletion, whatever page the person goes to meanwhile. */
export function CarryOutDeletions() {
  const router = useRouter();
  const [asked, setAsked] = useState<Asked | null>(null);
  const chats = useRef(new Map<string, { chat: Chat } & Confirmed>());

  const { deleteChat } = useDeleteChat({
    onDeleted: (deleted) => {
      withdrawUndo(deleted.chatId);
      closeTrashed(deleted.chatId);
      tellDeleted(deleted, chats.current.get(deleted.chatId)?.chat.title);
      if (window.location.pathname === `/chats/${deleted.chatId}`) router.push("/chats");
      keepFocus();
    },
    onFailed: (error, chatId) => {
      if (error.code === "UNAUTHORIZED") return returnToSignIn();
      const { chat, exported } = chats.current.get(chatId) ?? {};
      const title = chat?.title ?? "The chat";
      if (chat && exported && error.code === "PRECONDITION_FAILED") {
        const exportAgain = () => setAsked({ chat, exportAs: exported.format });
        tellChanged({ chatId, title, exportAgain });
      } else {
        tellNotDeleted({ chatId, title, error, retry: ({ force }) => run(chatId, force) });
      }
      keepFocus();
    },
  });
  const run = (chatId: string, force: boolean) => {
    const version = chats.current.get(chatId)?.exported?.version;
    // onFailed shows the failure.
    deleteChat(chatId, { force, ...(version === undefined ? {} : { ifVersion: version }) }).catch(
      () => undefined,
    );
  };

  const closeForGone = useCallback((chat: Chat) => {
    setAsked(null);
    tellDeletedElsewhere(chat);
  }, []);
  useEffect(() => carriers.delete.fill({ askToDelete: (chat) => setAsked({ chat }) }), []);
  return (
    <DeleteDialog
      asked={asked}
      onCancel={() => setAsked(null)}
      onGone={closeForGone}
      onConfirm={(chat, confirmed) => {
        chats.current.set(chat.id, { chat, ...confirmed });
        setAsked(null);
        run(chat.id, false);
      }}
    />
  );
}

type NotDeleted = {
  chatId: string;
  title: string;
  error: LetheClientError;
  retry: (options: { force: boolean }) => void;
};

/** Confirms a deletion. */
function tellDeleted(deleted: DeletedChat, title: string | undefined): void {
  const name = title ?? deleted.title;
  toasts.close(`not-deleted-${deleted.chatId}`);
  toasts.add({
    type: "success",
    timeout: 6_000,
    title: name ? `Deleted “${name}”` : "Chat deleted",
    description: deleted.alreadyGone
      ? "It was already gone."
      : deleted.messageCount
        ? `${plural(deleted.messageCount, "message")} erased.`
        : "It had no messages.",
    ...(deleted.deletionId ? { data: { detail: <ReceiptLink deletionId={deleted.deletionId} /> } } : {}),
  });
}

function ReceiptLink({ deletionId }: { deletionId: string }) {
  return (
    <Link
      href={`/deletions/${deletionId}`}
      className="mt-1.5 inline-flex min-h-6 items-center gap-1.5 rounded-md font-medium text-river text-sm hover:underline"
    >
      <ReceiptText aria-hidden="true" className="size-4" />
      Receipt
    </Link>
  );
}

/** Says that somebody else deleted the chat while the dialog was open. */
function tellDeletedElsewhere({ title }: { title: string }): void {
  toasts.add({
    type: "success",
    timeout: 6_000,
    title: `“${title}” is gone`,
    description: "Somebody else deleted it just now.",
  });
}

/** Says why a chat was not deleted, and what can be done. It stays until it is dismissed. */
function tellNotDeleted({ chatId, title, error, retry }: NotDeleted): void {
  const live = error.reason === "active_connections";
  const held = error.reason === "on_hold";
  const again = { label: "Retry", onClick: () => retry({ force: false }) };
  const force = { label: "Disconnect and delete", danger: true, onClick: () => retry({ force: true }) };
  toasts.add({
    id: `not-deleted-${chatId}`,
    type: "error",
    timeout: 0,
    title: `“${title}” was not deleted`,
    description: live ? explainLive(error.activeConnections ?? 1) : explain(error),
    data: {
      detail: (
        <>
          {live ? <LiveNow chatId={chatId} /> : null}
          {held ? <HeldNow chatId={chatId} /> : null}
          <RequestId id={error.requestId} />
        </>
      ),
      actions: live ? [force, again] : error.code === "FORBIDDEN" ? [] : [again],
    },
  });
}

/** Says that a chat changed between its export and its deletion. It stays until it is dismissed. */
function tellChanged(changed: { chatId: string; title: string; exportAgain: () => void }): void {
  toasts.add({
    id: `not-deleted-${changed.chatId}`,
    type: "error",
    timeout: 0,
    title: `“${changed.title}” was not deleted`,
    description:
      "It has changed since the export: most likely a message came in that the saved file lacks. Nothing is lost.",
    data: { actions: [{ label: "Export again, then delete", onClick: changed.exportAgain }] },
  });
}

function explainLive(count: number): string {
  const [who, they] = count === 1 ? ["connection is", "it has"] : ["connections are", "they have"];
  return `${plural(count, "live", "live")} ${who} open on it: another tab or program is using the chat. Wait until ${they} closed, or disconnect.`;
}

function explain(error: LetheClientError): string {
  if (error.code === "NETWORK") return "The server could not be reached. The chat is back in the list.";
  if (error.code === "TIMEOUT") return "The server did not answer in time. The chat is back in the list.";
  return error.message;
}

/** The reason for which a chat is kept, as long as it is. */
function HeldNow({ chatId }: { chatId: string }) {
  const { trpc } = useLethe();
  const { data } = useQuery({
    ...trpc.chat.byId.queryOptions({ chat_id: chatId }),
    staleTime: 0,
    retry: false,
  });
  if (!data?.hold) return null;
  return <p className="mt-1.5 break-words font-medium text-sm">Reason: {data.hold.reason}</p>;
}

/** Says when nobody else is connected to a chat any more, so that waiting has an end. */
function LiveNow({ chatId }: { chatId: string }) {
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
