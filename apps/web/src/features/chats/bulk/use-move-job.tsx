"use client";

import type { DeletionJob } from "@lethe/api/schemas";
import { toLetheError } from "@lethe/client";
import { releaseOwnConnections, useLethe } from "@lethe/client/react";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { undoJob } from "@/features/jobs/undo-job.tsx";
import { rememberStarted } from "@/features/jobs/use-jobs.ts";
import { returnToSignIn } from "@/features/session/own-session.tsx";
import { plural } from "@/lib/format.ts";
import { keepFocus } from "@/lib/keep-focus.ts";
import { offerUndo } from "@/lib/undo.ts";
import { type MatchingChats, unlessChosen, useSelectChats } from "../select/selection.tsx";
import { filterOfTarget, openMatch } from "./target.ts";

/** Moves more chats than one call takes, into the trash or out of it, by a job. Its strip tells how far it is. */
export function useMoveJob() {
  const lethe = useLethe();
  const router = useRouter();
  const { setSelection, clear } = useSelectChats();

  return useMemo(() => {
    const { client, trpc, queryClient } = lethe;

    async function begun(job: DeletionJob): Promise<void> {
      rememberStarted(job.id);
      await queryClient.invalidateQueries({ queryKey: trpc.deletionJob.list.queryKey() });
    }

    /** One Undo takes all of it back, also before the job has ended. */
    async function trash(target: MatchingChats): Promise<void> {
      clear();
      try {
        const open = openMatch(lethe, target);
        if (open) {
          router.push("/chats");
          await releaseOwnConnections(open);
        }
        const { state: _, ...filter } = filterOfTarget(target);
        const job = await client.chat.trashMatching.mutate({ filter });
        offerUndo({ id: job.id, undo: () => undoJob(lethe, job.id) });
        await begun(job);
        keepFocus();
      } catch (cause) {
        setSelection((now) => unlessChosen(now, target));
        tellNotStarted(
          `${plural(target.count, "chat was", "chats were")} not moved to the Trash`,
          cause,
          () => void trash(target),
        );
      }
    }

    async function restoreTrash(): Promise<void> {
      try {
        await begun(await client.chat.restoreMatching.mutate({ filter: {} }));
      } catch (cause) {
        tellNotStarted("The chats in the Trash were not restored", cause, () => void restoreTrash());
      }
    }
    return { trash, restoreTrash };
  }, [lethe, router, setSelection, clear]);
}

function tellNotStarted(title: string, cause: unknown, retry: () => void): void {
  const error = toLetheError(cause);
  if (error.code === "UNAUTHORIZED") {
    returnToSignIn();
    return;
  }
  toasts.add({
    type: "error",
    timeout: 0,
    title,
    description: error.message,
    data: {
      detail: <RequestId id={error.requestId} />,
      actions: error.code === "FORBIDDEN" ? [] : [{ label: "Retry", onClick: retry }],
    },
  });
}
