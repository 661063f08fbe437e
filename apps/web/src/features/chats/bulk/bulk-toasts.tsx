import type { LetheClientError } from "@lethe/client";
import type { DeletedSet } from "@lethe/client/react";
import { RequestId } from "@/components/request-id.tsx";
import { type ToastAction, toasts } from "@/components/ui/toast.tsx";
import { plural } from "@/lib/plural.ts";
import { countFailures, describeFailures } from "./describe-failures.ts";

type Ways = { show: () => void; retry: (ids: readonly string[], force: boolean) => void };

/** Says what became of a set, in one message. It stays if some of it was not deleted. */
export function tellSetDeleted(set: DeletedSet, { show, retry }: Ways): void {
  const { deleted, alreadyGone, messages, failures } = set;
  const gone = deleted + alreadyGone;
  if (failures.length === 0) {
    toasts.add({
      type: "success",
      timeout: 6_000,
      title: `Deleted ${plural(gone, "chat")}`,
      description: alreadyGone
        ? `${plural(alreadyGone, "was", "were")} gone already.`
        : `${plural(messages, "message")} went with ${gone === 1 ? "it" : "them"}.`,
    });
    return;
  }
  const idsOf = (list: typeof failures) => list.map(({ chatId }) => chatId);
  const live = failures.filter(({ outcome }) => outcome === "active_connections");
  const retriable = failures.filter(({ outcome }) => outcome !== "on_hold");
  const actions: ToastAction[] = [{ label: failures.length === 1 ? "Show it" : "Show them", onClick: show }];
  if (retriable.length > 0) actions.push({ label: "Retry", onClick: () => retry(idsOf(retriable), false) });
  if (live.length > 0)
    actions.push({ label: "Disconnect and delete", danger: true, onClick: () => retry(idsOf(live), true) });
  toasts.add({
    type: "error",
    timeout: 0,
    title:
      gone === 0
        ? `${plural(failures.length, "chat was", "chats were")} not deleted`
        : `Deleted ${plural(gone, "chat")}, ${failures.length.toLocaleString("en")} not`,
    description: `${describeFailures(countFailures(failures))}. What stayed is still selected.`,
    data: { actions },
  });
}

/** Says that a set had no answer, and why. */
export function tellSetFailed(error: LetheClientError, size: number, retry: () => void): void {
  const unsure = error.code === "NETWORK" || error.code === "TIMEOUT";
  toasts.add({
    type: "error",
    timeout: 0,
    title: unsure
      ? `It is not known whether ${plural(size, "chat was", "chats were")} deleted`
      : `${plural(size, "chat was", "chats were")} not deleted`,
    description: unsure
      ? `${error.message} The list shows what is still there; deleting again is safe.`
      : error.message,
    data: {
      detail: <RequestId id={error.requestId} />,
      actions: error.code === "FORBIDDEN" ? [] : [{ label: "Retry", onClick: retry }],
    },
  });
}
