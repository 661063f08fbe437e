"use client";

import type { Chat } from "@lethe/api/schemas";
import type { LetheClientError } from "@lethe/client";
import { type MovedChat, type MoveGoal, useTrashChat } from "@lethe/client/react";
import { useRouter } from "next/navigation";
import { useEffect, useMemo, useRef } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { returnToSignIn } from "@/features/session/own-session.tsx";
import { keepFocus } from "@/lib/keep-focus.ts";
import { offerUndo, withdrawUndo } from "@/lib/undo.ts";
import { carriers } from "../chat-actions.ts";
import { rememberPlace } from "../list/list-view.ts";

/** Moves chats into the trash and out of it, whatever page the person goes to meanwhile. */
export function CarryOutMoves() {
  const router = useRouter();
  const titles = useRef(new Map<string, string>());
  /** Chats that were open when they were trashed, and whether their page has been left for that. Undo opens them again. */
  const wereOpen = useRef(new Map<string, boolean>());

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
      // Who went to a chat while it was on its way into the trash wants to see it there.
      if (goal === "trash" && wereOpen.current.has(chatId) && isOpen(chatId)) {
        wereOpen.current.set(chatId, true);
        router.push("/chats");
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
        const hasLeft = wereOpen.current.get(chatId);
        wereOpen.current.delete(chatId);
        // The address changes only when the page that one goes to is there: until then it is the chat's.
        if ((hasLeft !== undefined && window.location.pathname === "/chats") || (hasLeft && isOpen(chatId)))
          router.push(`/chats/${chatId}`);
      };
      if (isOpen(chatId)) wereOpen.current.set(chatId, false);
      else wereOpen.current.delete(chatId);
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

  useEffect(() => carriers.trash.fill(actions), [actions]);
  return null;
}

function isOpen(chatId: string): boolean {
  return window.location.pathname === `/chats/${chatId}`;
}

/** How long Undo is offered, not counting the time in which somebody is about to press it; milliseconds. */
const undoTime = 10_000;

type NotMoved = { chatId: string; title: string; error: LetheClientError; goal: MoveGoal; retry: () => void };

/** Names the chat that went into the trash, and offers to undo it. */
function tellTrashed(trashed: { chatId: string; title: string; undo: () => void }): void {
  toasts.close(`not-moved-${trashed.chatId}`);
  toasts.add({
    id: `trashed-${trashed.chatId}`,
    type: "trash",
    timeout: undoTime,
    title: `Moved “${trashed.title}” to the Trash`,
    data: { actions: [{ label: "Undo", onClick: trashed.undo }] },
  });
}

export function closeTrashed(chatId: string): void {
  toasts.close(`trashed-${chatId}`);
}

/** Confirms that a chat is back. */
function tellRestored({ chatId, title }: MovedChat): void {
  toasts.close(`not-moved-${chatId}`);
  toasts.add({
    type: "success",
    timeout: 5_000,
    title: title ? `Restored “${title}”` : "Chat restored",
  });
}

/** Says that a chat is gone for good, so that it can be neither trashed nor restored. */
function tellGone(chatId: string, title: string | undefined, goal: MoveGoal): void {
  closeTrashed(chatId);
  toasts.close(`not-moved-${chatId}`);
  toasts.add({
    type: goal === "trash" ? "success" : "error",
    timeout: goal === "trash" ? 6_000 : 0,
    title: `“${title ?? "The chat"}” is gone permanently`,
    description:
      goal === "trash"
        ? "Somebody else deleted it just now."
        : "It was deleted from the Trash meanwhile and cannot be brought back.",
  });
}

/** Says why a chat stayed where it was, and offers another try. It stays until it is dismissed. */
function tellNotMoved({ chatId, title, error, goal, retry }: NotMoved): void {
  closeTrashed(chatId);
  toasts.add({
    id: `not-moved-${chatId}`,
    type: "error",
    timeout: 0,
    title: goal === "trash" ? `“${title}” was not deleted` : `“${title}” was not restored`,
    description: explain(error, goal),
    data: {
      detail: <RequestId id={error.requestId} />,
      actions: error.code === "FORBIDDEN" ? [] : [{ label: "Retry", onClick: retry }],
    },
  });
}

function explain(error: LetheClientError, goal: MoveGoal): string {
  const where = goal === "trash" ? "The chat is back in the list." : "The chat is still in the Trash.";
  if (error.code === "NETWORK") return `The server could not be reached. ${where}`;
  if (error.code === "TIMEOUT") return `The server did not answer in time. ${where}`;
  return error.message;
}
