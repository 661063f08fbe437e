"use client";

import { toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { toasts } from "@/components/ui/toast.tsx";
import { rememberStarted } from "@/features/jobs/started-here.ts";
import { returnToSignIn } from "@/features/session/own-session.tsx";
import { plural } from "@/lib/format.ts";
import { releaseOwnConnections } from "../page/own-connections.ts";
import { useSelectChats } from "../select/select-chats.tsx";
import type { MatchingChats } from "../select/selection.ts";
import { filterOfTarget, openMatch, type WholeTrash } from "./target.ts";

type JobTarget = MatchingChats | WholeTrash;

/**
 * Starts the deletion of everything that matched when it was selected, and no more chats than were
 * confirmed.
 */
export function useDeleteJob() {
  const lethe = useLethe();
  const router = useRouter();
  const { setSelection } = useSelectChats();
  const again = useRef<(target: JobTarget, total: number, force: boolean) => void>(() => undefined);

  const start = useCallback(
    async (target: JobTarget, total: number, force: boolean) => {
      try {
        const open = target.kind === "matching" ? openMatch(lethe, target) : undefined;
        if (open) {
          // This page's own connection would stand in the way.
          router.replace("/chats");
          await releaseOwnConnections(open);
        }
        const { client, trpc, queryClient } = lethe;
        const job = await client.deletionJob.create.mutate({
          filter: filterOfTarget(target),
          force,
          max_deletions: total,
        });
        rememberStarted(job.id);
        await queryClient.invalidateQueries({ queryKey: trpc.deletionJob.list.queryKey() });
      } catch (cause) {
        const error = toLetheError(cause);
        if (error.code === "UNAUTHORIZED") return returnToSignIn();
        if (target.kind === "matching") setSelection(target);
        toasts.add({
          type: "error",
          timeout: 0,
          title: `The deletion of ${plural(total, "chat")} was not started`,
          description: error.message,
          data: {
            detail: <RequestId id={error.requestId} />,
            actions: [{ label: "Retry", onClick: () => again.current(target, total, force) }],
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
