import type { LetheClientError } from "@lethe/client";
import type { DeletedChat } from "@lethe/client/react";
import { RequestId } from "@/components/request-id.tsx";
import { toasts } from "@/components/ui/toast.tsx";
import { plural } from "@/lib/plural.ts";
import { LiveNow } from "./live-now.tsx";

type NotDeleted = {
  chatId: string;
  title: string;
  error: LetheClientError;
  retry: (options: { force: boolean }) => void;
};

/** Confirms a deletion. */
export function tellDeleted(deleted: DeletedChat, title: string | undefined): void {
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
  });
}

/** Says that a chat went while its owner was still being asked. */
export function tellDeletedElsewhere({ title }: { title: string }): void {
  toasts.add({
    type: "success",
    timeout: 6_000,
    title: `“${title}” is gone`,
    description: "Somebody else deleted it just now.",
  });
}

/** Says why a chat was not deleted, and what can be done. It stays until it is dismissed. */
export function tellNotDeleted({ chatId, title, error, retry }: NotDeleted): void {
  const live = error.reason === "active_connections";
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
          <RequestId id={error.requestId} />
        </>
      ),
      actions: live ? [force, again] : error.code === "FORBIDDEN" ? [] : [again],
    },
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
