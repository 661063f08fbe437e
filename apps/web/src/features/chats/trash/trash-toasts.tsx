import type { LetheClientError } from "@lethe/client";
import type { MovedChat, MoveGoal } from "@lethe/client/react";
import { RequestId } from "@/components/copy-button.tsx";
import { toasts } from "@/components/ui/toast.tsx";

/** How long Undo is offered, not counting the time in which somebody is about to press it; milliseconds. */
const undoTime = 10_000;

type NotMoved = { chatId: string; title: string; error: LetheClientError; goal: MoveGoal; retry: () => void };

/** Names the chat that went into the trash, and offers to undo it. */
export function tellTrashed(trashed: { chatId: string; title: string; undo: () => void }): void {
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
export function tellRestored({ chatId, title }: MovedChat): void {
  toasts.close(`not-moved-${chatId}`);
  toasts.add({
    type: "success",
    timeout: 5_000,
    title: title ? `Restored “${title}”` : "Chat restored",
  });
}

/** Says that a chat is gone for good, so that it can be neither trashed nor restored. */
export function tellGone(chatId: string, title: string | undefined, goal: MoveGoal): void {
  closeTrashed(chatId);
  toasts.close(`not-moved-${chatId}`);
  toasts.add({
    type: goal === "trash" ? "success" : "error",
    timeout: goal === "trash" ? 6_000 : 0,
    title: `“${title ?? "The chat"}” is gone for good`,
    description:
      goal === "trash"
        ? "Somebody else deleted it just now."
        : "It was deleted from the Trash meanwhile and cannot be brought back.",
  });
}

/** Says why a chat stayed where it was, and offers another try. It stays until it is dismissed. */
export function tellNotMoved({ chatId, title, error, goal, retry }: NotMoved): void {
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
