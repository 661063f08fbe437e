"use client";

import { toLetheError } from "@lethe/client";
import type { useLethe } from "@lethe/client/react";
import { RequestId } from "@/components/copy-button.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { withdrawUndo } from "@/lib/undo.ts";
import { rememberStarted } from "./use-jobs.ts";

type Lethe = Pick<ReturnType<typeof useLethe>, "client" | "trpc" | "queryClient">;

/** Brings back what a job has moved into the trash; it ends if it has not ended. */
export function undoJob({ client, trpc, queryClient }: Lethe, jobId: string): void {
  withdrawUndo(jobId);
  toasts.close(`job-${jobId}`);
  client.deletionJob.undo.mutate({ job_id: jobId }).then(
    (job) => {
      rememberStarted(job.id);
      return queryClient.invalidateQueries(trpc.deletionJob.pathFilter());
    },
    (cause) => {
      const error = toLetheError(cause);
      toasts.add({
        type: "error",
        timeout: 0,
        title: "The chats were not brought back",
        description: error.message,
        data: {
          detail: <RequestId id={error.requestId} />,
          actions: [{ label: "Retry", onClick: () => undoJob({ client, trpc, queryClient }, jobId) }],
        },
      });
    },
  );
}
