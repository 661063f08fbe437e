"use client";

import type { Chat } from "@lethe/api/schemas";
import { useTrashChat } from "@lethe/client/react";
import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useMemo, useRef } from "react";
import { returnToSignIn } from "@/features/session/own-session.tsx";
import { keepFocus } from "@/lib/keep-focus.ts";
import { offerUndo, withdrawUndo } from "@/lib/undo.ts";
import { rememberPlace } from "../list/list-view.ts";
import { closeTrashed, tellGone, tellNotMoved, tellRestored, tellTrashed } from "./trash-toasts.tsx";

type TrashChats = {
  /** Moves a chat into the trash, without a question: a toast offers to undo it. */
  trash: (chat: Chat) => void;
  /** Brings a chat back from the trash. */
  restore: (chat: Chat) => void;
};

const TrashChatsContext = createContext<TrashChats | null>(null);

/** Moves chats into the trash and out of it, whatever page the person goes to meanwhile. */
export function TrashChatsProvider({ children }: { children: ReactNode }) {
  const router = useRouter();
  const titles = useRef(new Map<string, string>());
  /** Chats that were open when they were trashed. Undo opens them again. */
  const wereOpen = useRef(new Set<string>());

  const { trashChat, restoreChat } = useTrashChat({
    onMoved: (moved, goal) => {
      const { chatId, outcome } = moved;
      if (outcome === "superseded") return;
      if (outcome === "gone") {
        withdrawUndo(chatId);
        tellGone(chatId, titles.current.get(chatId) ?? moved.title, goal);
      } else if (goal === "restore") {
        tellRestored(moved);
      }
      if (goal === "trash" && isOpen(chatId)) {
        wereOpen.current.add(chatId);
        router.replace("/chats");
      }
      keepFocus();
    },
    onFailed: (error, chatId, goal) => {
      if (error.code === "UNAUTHORIZED") return returnToSignIn();
      withdrawUndo(chatId);
      const title = titles.current.get(chatId) ?? "The chat";
      const again = goal === "trash" ? actions.retryTrash : restoreQuietly;
      tellNotMoved({ chatId, title, error, goal, retry: () => again(chatId) });
      keepFocus();
    },
  });
  // onFailed shows the failure.
  const restoreQuietly = (chatId: string) => void restoreChat(chatId).catch(() => undefined);

  const actions = useMemo(() => {
    function start(chatId: string, title: string): void {
      const goBack = rememberPlace(chatId);
      const undo = () => {
        withdrawUndo(chatId);
        closeTrashed(chatId);
        restoreChat(chatId).catch(() => undefined);
        goBack();
        if (wereOpen.current.delete(chatId) && window.location.pathname === "/chats")
          router.push(`/chats/${chatId}`);
      };
      wereOpen.current.delete(chatId);
      offerUndo({ id: chatId, undo });
      tellTrashed({ chatId, title, undo });
      trashChat(chatId).catch(() => undefined);
    }
    return {
      trash: (chat: Chat) => {
        titles.current.set(chat.id, chat.title);
        start(chat.id, chat.title);
      },
      retryTrash: (chatId: string) => start(chatId, titles.current.get(chatId) ?? "The chat"),
      restore: (chat: Chat) => {
        titles.current.set(chat.id, chat.title);
        withdrawUndo(chat.id);
        closeTrashed(chat.id);
        restoreChat(chat.id).catch(() => undefined);
      },
    };
  }, [router, trashChat, restoreChat]);

  return <TrashChatsContext value={actions}>{children}</TrashChatsContext>;
}

/** Moves chats into the trash and out of it, and says so. */
export function useTrashChats(): TrashChats {
  const value = useContext(TrashChatsContext);
  if (!value) throw new Error("useTrashChats needs TrashChatsProvider above it.");
  return value;
}

function isOpen(chatId: string): boolean {
  return window.location.pathname === `/chats/${chatId}`;
}
