"use client";

import { type LetheClientError, toLetheError } from "@lethe/client";
import {
  type DeletedSet,
  type NotDeleted,
  releaseOwnConnections,
  useBulkDelete,
  useLethe,
} from "@lethe/client/react";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { type ToastAction, toasts } from "@/components/ui/toasts.ts";
import { rememberStarted } from "@/features/jobs/use-jobs.ts";
import { returnToSignIn } from "@/features/session/own-session.tsx";
import { formatNumber, plural } from "@/lib/format.ts";
import { keepFocus } from "@/lib/keep-focus.ts";
import { type MatchingChats, unlessChosen, useSelectChats } from "../select/selection.tsx";
import { countFailures, describeFailures } from "./failures.ts";
import { deletableFilterOf, openMatch, type WholeTrash } from "./target.ts";

/** Chats that one call takes. */
const mostAtOnce = 1_000;

/** Deletes chats by their ids, tells what became of them, and leaves those selected that stayed. */
export function useDeleteSet() {
  const router = useRouter();
  const { add } = useSelectChats();
  const [shown, show] = useState<readonly NotDeleted[] | null>(null);
  const bulkDelete = useBulkDelete();
  const again = useRef<(ids: readonly string[], force: boolean, exportedAfter?: string) => void>(
    () => undefined,
  );

  const deleteSet = useCallback(
    async (ids: readonly string[], force: boolean, exportedAfter?: string) => {
      const sum: DeletedSet = { deleted: 0, alreadyGone: 0, messages: 0, failures: [] };
      let done = 0;
      try {
        for (; done < ids.length; done += mostAtOnce) {
          const set = await bulkDelete(ids.slice(done, done + mostAtOnce), {
            force,
            ...(exportedAfter !== undefined && { exportedAfter }),
          });
          sum.deleted += set.deleted;
          sum.alreadyGone += set.alreadyGone;
          sum.messages += set.messages;
          sum.failures.push(...set.failures);
        }
      } catch (cause) {
        const error = toLetheError(cause);
        if (error.code === "UNAUTHORIZED") return returnToSignIn();
        const rest = ids.slice(done);
        add(rest);
        tellSetFailed(error, rest.length, () => again.current(rest, force, exportedAfter));
      }
      const stayed = sum.failures.map(({ chatId }) => chatId);
      add(stayed);
      if (done > 0) tellSetDeleted(sum, { show: () => show(sum.failures), retry: again.current });
      const open = ids.slice(0, done).find((id) => window.location.pathname === `/chats/${id}`);
      if (open && !stayed.includes(open)) router.push("/chats");
      keepFocus();
    },
    [bulkDelete, add, router],
  );
  useEffect(() => {
    again.current = deleteSet;
  });
  return { deleteSet, shown, show };
}

type Ways = { show: () => void; retry: (ids: readonly string[], force: boolean) => void };

/** Says what became of a set, in one message. It stays if some of it was not deleted. */
function tellSetDeleted(set: DeletedSet, { show, retry }: Ways): void {
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
  // What has changed since its export is not deleted by a second click.
  const retriable = failures.filter(({ outcome }) => outcome !== "on_hold" && outcome !== "changed");
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
        : `Deleted ${plural(gone, "chat")}, ${formatNumber(failures.length)} not`,
    description: `${describeFailures(countFailures(failures))}. What stayed is still selected.`,
    data: { actions },
  });
}

/** Says that a request failed as a whole, and why. */
function tellSetFailed(error: LetheClientError, size: number, retry: () => void): void {
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

type JobTarget = MatchingChats | WholeTrash;
type Confirmed = {
  /** How many chats were confirmed. */
  total: number;
  force: boolean;
  /** Only what was exported after this time, and is still what was exported. */
  exportedAfter?: string;
};

/**
 * Starts the deletion of everything that matched when it was selected, and no more chats than were
 * confirmed.
 */
export function useDeleteJob() {
  const lethe = useLethe();
  const router = useRouter();
  const { setSelection } = useSelectChats();
  const again = useRef<(target: JobTarget, confirmed: Confirmed) => void>(() => undefined);

  const start = useCallback(
    async (target: JobTarget, confirmed: Confirmed) => {
      const { total, force, exportedAfter } = confirmed;
      try {
        const open = target.kind === "matching" ? openMatch(lethe, target) : undefined;
        if (open) {
          // This page's own connection would stand in the way.
          router.push("/chats");
          await releaseOwnConnections(open);
        }
        const { client, trpc, queryClient } = lethe;
        const job = await client.deletionJob.create.mutate({
          filter: {
            ...deletableFilterOf(target),
            ...(exportedAfter !== undefined && { exported_after: exportedAfter }),
          },
          force,
          max_deletions: total,
        });
        rememberStarted(job.id);
        await queryClient.invalidateQueries({ queryKey: trpc.deletionJob.list.queryKey() });
      } catch (cause) {
        const error = toLetheError(cause);
        if (error.code === "UNAUTHORIZED") return returnToSignIn();
        if (target.kind === "matching") setSelection((now) => unlessChosen(now, target));
        toasts.add({
          type: "error",
          timeout: 0,
          title: `The deletion of ${plural(total, "chat")} was not started`,
          description: error.message,
          data: {
            detail: <RequestId id={error.requestId} />,
            actions: [{ label: "Retry", onClick: () => again.current(target, confirmed) }],
          },
        });
      }
    },
    [lethe, router, setSelection],
  );
  useEffect(() => {
    again.current = start;
  });
  return start;
}
