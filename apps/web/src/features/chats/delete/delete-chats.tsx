"use client";

import type { Chat } from "@lethe/api/schemas";
import { type UseDeleteChat, useDeleteChat } from "@lethe/client/react";
import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { returnToSignIn } from "@/features/session/leave.ts";
import { keepFocus } from "@/lib/keep-focus.ts";
import { releaseOwnConnections } from "../page/own-connections.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { tellDeleted, tellDeletedElsewhere, tellNotDeleted } from "./delete-toasts.tsx";

type DeleteChats = {
  /** Asks for confirmation, then deletes. */
  askToDelete: (chat: Chat) => void;
};

const DeleteChatsContext = createContext<DeleteChats | null>(null);

/** Holds the one dialog that asks, and sees every deletion to its end wherever the person goes meanwhile. */
export function DeleteChats({ children }: { children: ReactNode }) {
  const router = useRouter();
  const [asked, setAsked] = useState<Chat | null>(null);
  const [titles] = useState(() => new Map<string, string>());

  const { deleteChat } = useDeleteChat({
    beforeDelete: releaseOwnConnections,
    onDeleted: (deleted) => {
      tellDeleted(deleted, titles.get(deleted.chatId));
      if (window.location.pathname === `/chats/${deleted.chatId}`) router.replace("/chats");
      keepFocus();
    },
    onFailed: (error, chatId) => {
      if (error.code === "UNAUTHORIZED") return returnToSignIn();
      const title = titles.get(chatId) ?? "The chat";
      tellNotDeleted({ chatId, title, error, retry: (options) => run(deleteChat, chatId, options) });
      keepFocus();
    },
  });

  const askToDelete = useCallback((chat: Chat) => setAsked(chat), []);
  const closeForGone = useCallback((chat: Chat) => {
    setAsked(null);
    tellDeletedElsewhere(chat);
  }, []);
  const value = useMemo(() => ({ askToDelete }), [askToDelete]);
  return (
    <DeleteChatsContext value={value}>
      {children}
      <DeleteDialog
        chat={asked}
        onCancel={() => setAsked(null)}
        onGone={closeForGone}
        onConfirm={(chat) => {
          titles.set(chat.id, chat.title);
          setAsked(null);
          run(deleteChat, chat.id);
        }}
      />
    </DeleteChatsContext>
  );
}

/** Deletes chats with a question first. */
export function useDeleteChats(): DeleteChats {
  const value = useContext(DeleteChatsContext);
  if (!value) throw new Error("useDeleteChats needs DeleteChats above it.");
  return value;
}

function run(deleteChat: UseDeleteChat["deleteChat"], chatId: string, options?: { force: boolean }): void {
  // A failure is told by onFailed.
  deleteChat(chatId, options).catch(() => undefined);
}
