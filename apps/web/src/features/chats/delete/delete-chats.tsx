"use client";

import type { Chat } from "@lethe/api/schemas";
import { useDeleteChat } from "@lethe/client/react";
import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { returnToSignIn } from "@/features/session/own-session.tsx";
import { keepFocus } from "@/lib/keep-focus.ts";
import { withdrawUndo } from "@/lib/undo.ts";
import { releaseOwnConnections } from "../page/own-connections.ts";
import { closeTrashed } from "../trash/trash-toasts.tsx";
import { type Asked, type Confirmed, DeleteDialog } from "./delete-dialog.tsx";
import { tellChanged, tellDeleted, tellDeletedElsewhere, tellNotDeleted } from "./delete-toasts.tsx";

type DeleteChats = {
  /** Asks for confirmation, then deletes for good. */
  askToDelete: (chat: Chat) => void;
};

const DeleteChatsContext = createContext<DeleteChats | null>(null);

/** Owns the dialog that asks, and carries out every deletion, whatever page the person goes to meanwhile. */
export function DeleteChatsProvider({ children }: { children: ReactNode }) {
  const router = useRouter();
  const [asked, setAsked] = useState<Asked | null>(null);
  const chats = useRef(new Map<string, { chat: Chat } & Confirmed>());

  const { deleteChat } = useDeleteChat({
    beforeDelete: releaseOwnConnections,
    onDeleted: (deleted) => {
      withdrawUndo(deleted.chatId);
      closeTrashed(deleted.chatId);
      tellDeleted(deleted, chats.current.get(deleted.chatId)?.chat.title);
      if (window.location.pathname === `/chats/${deleted.chatId}`) router.replace("/chats");
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

  const askToDelete = useCallback((chat: Chat) => setAsked({ chat }), []);
  const closeForGone = useCallback((chat: Chat) => {
    setAsked(null);
    tellDeletedElsewhere(chat);
  }, []);
  const value = useMemo(() => ({ askToDelete }), [askToDelete]);
  return (
    <DeleteChatsContext value={value}>
      {children}
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
    </DeleteChatsContext>
  );
}

/** Deletes chats for good, with a question first. */
export function useDeleteChats(): DeleteChats {
  const value = useContext(DeleteChatsContext);
  if (!value) throw new Error("useDeleteChats needs DeleteChatsProvider above it.");
  return value;
}
